"""The service on a real socket, over real Postgres and Milvus Lite, with the scripted model server behind it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.db.migrate import migrate
from app.settings import Settings
from tests.support.embedded import MiniLm, models_dir
from tests.support.model_server import Behaviour, ModelServer
from tests.support.running import Client, running


@pytest.fixture(scope="module")
async def model_server() -> AsyncIterator[ModelServer]:
    async with ModelServer(default=Behaviour(text="I see, thank you.")) as server:
        yield server


@pytest.fixture(autouse=True)
def _as_new(model_server: ModelServer) -> None:
    model_server.reset()


@pytest.fixture(scope="module")
async def settings(
    module_database_url: str, milvus_uri: str, minilm_files: MiniLm, model_server: ModelServer, tmp_path_factory: object
) -> Settings:
    await migrate(module_database_url)
    return Settings(
        _env_file=None,  # type: ignore[call-arg]
        database_url=module_database_url,
        milvus_uri=milvus_uri,
        milvus_collection="api_" + module_database_url.rsplit("_", 1)[1][:12],
        models_dir=models_dir(),
        data_dir=Path("/nonexistent"),
        llm="openai:scripted",
        llm_base_url=model_server.base_url,
        llm_attempts=2,
        # The scripted model answers turns; who wants facts or titles of it asks for them.
        facts="off",
        titles="off",
    )


@pytest.fixture(scope="module")
async def service(settings: Settings) -> AsyncIterator[Client]:
    async with running(settings) as client:
        yield client
