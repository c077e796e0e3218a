"""The real parts that tests run on: Postgres, Milvus Lite and the small language model, each started once a session."""

import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import psycopg
from psycopg import sql

from app.embedded import weights
from app.embedded.llama import LlamaPart
from app.embedded.milvus import MilvusPart
from app.embedded.postgres import PostgresPart

CONTEXT = 4096


@dataclass(frozen=True, slots=True)
class Llama:
    """A running model server."""

    base_url: str
    """Up to and with /v1."""
    api_key: str
    model: str


@dataclass(frozen=True, slots=True)
class MiniLm:
    """The embedding model's files."""

    model: Path
    tokenizer: Path


def models_dir() -> Path:
    """Where weights are kept: outside the checkout, so that they are fetched once."""
    return Path(os.environ.get("MEMOCHA_MODELS_DIR") or "~/.cache/memocha/models").expanduser()


@contextmanager
def scratch() -> Iterator[Path]:
    """A short private folder (sockets cannot have long paths)."""
    folder = Path(tempfile.mkdtemp(prefix="memocha-test-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@asynccontextmanager
async def running_postgres(data_dir: Path) -> AsyncIterator[PostgresPart]:
    """A Postgres server for the time of the block."""
    part = PostgresPart(data_dir)
    await part.start()
    try:
        yield part
    finally:
        await part.stop()


@asynccontextmanager
async def running_milvus(data_dir: Path) -> AsyncIterator[MilvusPart]:
    """A Milvus Lite server for the time of the block."""
    part = MilvusPart(data_dir)
    await part.start()
    try:
        yield part
    finally:
        await part.stop()


@asynccontextmanager
async def running_llama(data_dir: Path) -> AsyncIterator[LlamaPart]:
    """The 0.5B model, served for the time of the block; fetched where it is not cached."""
    file = await weights.fetch(weights.QWEN_05B, models_dir(), _silent)
    part = LlamaPart(data_dir, alias=weights.QWEN_05B.name, context=CONTEXT, model=file)
    await part.start()
    try:
        yield part
    finally:
        await part.stop()


async def minilm() -> MiniLm:
    """The embedding model's files, fetched where they are not cached."""
    return MiniLm(
        await weights.fetch(weights.MINILM, models_dir(), _silent),
        await weights.fetch(weights.MINILM_TOKENIZER, models_dir(), _silent),
    )


async def e5() -> Path:
    """The multilingual embedding model, fetched where it is not cached."""
    return await weights.fetch(weights.E5, models_dir(), _silent)


@asynccontextmanager
async def new_database(server_url: str, template: str = "template1") -> AsyncIterator[str]:
    """The URL of a new database on that server, empty or a copy of another one; dropped after the block."""
    name = f"test_{uuid4().hex}"
    async with await psycopg.AsyncConnection.connect(server_url, autocommit=True) as connection:
        create = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
        await connection.execute(create)
    try:
        yield urlunsplit(urlsplit(server_url)._replace(path=f"/{name}"))
    finally:
        async with await psycopg.AsyncConnection.connect(server_url, autocommit=True) as connection:
            # Not WITH (FORCE): that would end an autovacuum worker too, which we may not; the plain one waits for it.
            await connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND usename = current_user",
                [name],
            )
            await connection.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(name)))


def _silent(weight: weights.Weight, done: int, total: int, source: str) -> None:
    """No progress in tests."""
