"""The memory parts as the settings ask for them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog

from app.embedded import weights
from app.settings import Settings
from graphs.memory.embeddings import OpenAIEmbedder
from graphs.memory.milvus import MilvusIndex
from graphs.memory.milvus_store import MilvusConfig
from graphs.memory.minilm import MiniLM
from graphs.memory.ports import Embedder

log = structlog.get_logger(__name__)


async def open_embedder(settings: Settings) -> Embedder:
    """The embedder. Its weights are fetched where they are not here yet; a remote one is asked for its dimensions.

    Raises `WeightsUnavailable` and `IndexUnavailable`: without an embedder there is nothing to start with.
    """
    if settings.embeddings == "minilm":
        return MiniLM(
            await weights.fetch(weights.MINILM, settings.models_dir, _note),
            await weights.fetch(weights.MINILM_TOKENIZER, settings.models_dir, _note),
        )
    remote = OpenAIEmbedder.from_setting(
        settings.embeddings, base_url=settings.embeddings_base_url, api_key=settings.embeddings_api_key
    )
    await remote.connect()
    return remote


@asynccontextmanager
async def open_index(settings: Settings, embedder: Embedder) -> AsyncIterator[MilvusIndex]:
    """The index. Nothing is reached yet: it connects when it is first asked, and again when the engine was away."""
    assert settings.milvus_uri is not None
    token = settings.milvus_token.get_secret_value() if settings.milvus_token else ""
    config = MilvusConfig(uri=settings.milvus_uri, token=token, alias=settings.milvus_collection)
    index = MilvusIndex(config, embedder=embedder.name, dimensions=embedder.dimensions)
    try:
        yield index
    finally:
        await index.close()


def _note(weight: weights.Weight, done: int, total: int, source: str) -> None:
    log.debug("fetching weights", weight=weight.name, done=done, total=total, source=source)
