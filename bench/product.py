"""The product with real parts: embedded Postgres and Milvus Lite, and `memocha serve` as a process of its own."""

import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from app.embedded.milvus import MilvusPart
from app.embedded.net import pick_port
from app.embedded.part import Part
from app.embedded.postgres import PostgresPart
from app.embedded.service import ServicePart
from app.settings import Settings
from bench.model import CONTEXT, MODEL, TimedModelServer

P = TypeVar("P", bound=Part)


@dataclass(frozen=True, slots=True)
class Product:
    """Where the parts are."""

    url: str
    database_url: str
    milvus_uri: str
    pid: int
    """Of the service's process."""


@dataclass(frozen=True, slots=True)
class Stores:
    """Postgres and Milvus, without a service yet: to be filled first."""

    folder: Path
    postgres: PostgresPart
    milvus: MilvusPart


@asynccontextmanager
async def stores() -> AsyncIterator[Stores]:
    """Both stores, empty, in a folder that is removed afterwards."""
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="memocha-bench-")))
        postgres = await stack.enter_async_context(running(PostgresPart(folder)))
        milvus = await stack.enter_async_context(running(MilvusPart(folder)))
        yield Stores(folder, postgres, milvus)


@asynccontextmanager
async def product(
    here: Stores, model: TimedModelServer, more: Mapping[str, str] | None = None
) -> AsyncIterator[Product]:
    """The service over the stores, with the scripted model. `more`: settings, by their environment variables."""
    settings = Settings(data_dir=here.folder, port=pick_port())
    service = ServicePart(settings)
    service.environment = {
        "MEMOCHA_PORT": str(settings.port),
        "MEMOCHA_DATA_DIR": str(here.folder),
        "MEMOCHA_DATABASE_URL": here.postgres.url,
        "MEMOCHA_MILVUS_URI": here.milvus.uri,
        "MEMOCHA_LLM": f"openai:{MODEL}",
        "MEMOCHA_LLM_BASE_URL": model.base_url,
        "MEMOCHA_LLM_CONTEXT": str(CONTEXT),
        "MEMOCHA_LLM_CHECK": "false",
        # What reads in the background would be measured with the turns.
        "MEMOCHA_FACTS": "off",
        "MEMOCHA_TITLES": "off",
        **(more or {}),
    }
    async with running(service):
        assert service.pid is not None
        yield Product(service.address, here.postgres.url, here.milvus.uri, service.pid)


@asynccontextmanager
async def running(part: P) -> AsyncIterator[P]:
    await part.start()
    try:
        yield part
    finally:
        await part.stop()
