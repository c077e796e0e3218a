"""Fixtures for the real parts. Each starts when a test first asks for it, and once a session."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import structlog

from tests.support import embedded
from tests.support.embedded import Llama, MiniLm


@pytest.fixture(autouse=True)
def logs_as_they_were() -> Iterator[None]:
    """A command sets up the logs of its process: what it silences is heard again in the next test."""
    before = structlog.get_config()
    yield
    structlog.configure(**before)


@pytest.fixture(scope="session")
def parts_dir() -> Iterator[Path]:
    """The folder of this session's Postgres, Milvus Lite and model server."""
    with embedded.scratch() as folder:
        yield folder


@pytest.fixture(scope="session")
async def postgres_url(parts_dir: Path) -> AsyncIterator[str]:
    """A Postgres server, with an empty database that tests share: make tables in `fresh_database_url` instead."""
    async with embedded.running_postgres(parts_dir) as part:
        yield part.url


@pytest.fixture
async def fresh_database_url(postgres_url: str) -> AsyncIterator[str]:
    """A new empty database, of this test alone."""
    async with embedded.new_database(postgres_url) as url:
        yield url


@pytest.fixture(scope="module")
async def module_database_url(postgres_url: str) -> AsyncIterator[str]:
    """A new empty database, shared by the tests of one module."""
    async with embedded.new_database(postgres_url) as url:
        yield url


@pytest.fixture(scope="session")
async def milvus_uri(parts_dir: Path) -> AsyncIterator[str]:
    """A Milvus Lite server; give each test a collection name of its own."""
    async with embedded.running_milvus(parts_dir) as part:
        yield part.uri


@pytest.fixture(scope="session")
async def llama(parts_dir: Path) -> AsyncIterator[Llama]:
    """The real small model behind an OpenAI-compatible server. Mark such tests with `model`."""
    async with embedded.running_llama(parts_dir) as part:
        yield Llama(part.base_url, part.api_key, part.alias)


@pytest.fixture(scope="session")
async def minilm_files() -> MiniLm:
    """The embedding model and its tokenizer."""
    return await embedded.minilm()


@pytest.fixture(scope="session")
async def e5_file() -> Path:
    """The multilingual embedding model."""
    return await embedded.e5()
