"""The memory parts as the settings ask for them."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from zipfile import BadZipFile

import openai
import structlog

from app.db.engine import Database, first_line
from app.embedded import weights
from app.embedded.errors import WeightsUnavailable
from app.embedded.milvus_left import LeftMilvus
from app.generations import Generations
from app.settings import Settings
from graphs.errors import IndexUnavailable
from graphs.memory.cross_encoder import CrossEncoder
from graphs.memory.e5 import E5
from graphs.memory.embeddings import OpenAIEmbedder
from graphs.memory.managed import FormerIndex, ManagedIndex
from graphs.memory.milvus import MilvusIndex
from graphs.memory.milvus_store import MilvusConfig
from graphs.memory.minilm import MiniLM
from graphs.memory.pgvector import PgvectorIndex
from graphs.memory.pgvector_store import PgvectorConfig
from graphs.memory.ports import Embedder
from graphs.memory.recall import SILENT
from graphs.memory.rerank import Reranker, Reranking
from graphs.memory.rerank_server import RerankServer

log = structlog.get_logger(__name__)


async def open_embedder(settings: Settings) -> Embedder:
    """The embedder. Its weights are fetched where they are not here yet; a remote one is asked for its dimensions.

    Raises `WeightsUnavailable` and `IndexUnavailable`: without an embedder there is nothing to start with.
    """
    local = weights.EMBEDDERS.get(settings.embeddings, ())
    files = [await weights.fetch(weight, settings.models_dir, _note) for weight in local]
    # In threads: there is much to read.
    if settings.embeddings == "minilm":
        model, tokenizer = files
        return await asyncio.to_thread(MiniLM, model, tokenizer, settings.embeddings_threads)
    if settings.embeddings == "e5":
        return await asyncio.to_thread(E5, files[0], settings.embeddings_threads)
    remote = OpenAIEmbedder.from_setting(
        settings.embeddings,
        base_url=settings.embeddings_base_url,
        api_key=settings.embeddings_api_key,
        patience=SILENT * settings.recall_deadline,
    )
    await remote.connect()
    return remote


@asynccontextmanager
async def open_index(settings: Settings, embedder: Embedder) -> AsyncIterator[ManagedIndex]:
    """The index. Nothing is reached yet: it connects when it is first asked, and again when the engine was away."""
    index: ManagedIndex
    if settings.index == "pgvector":
        index = PgvectorIndex(pgvector_config(settings), embedder=embedder.name, dimensions=embedder.dimensions)
    else:
        index = MilvusIndex(milvus_config(settings), embedder=embedder.name, dimensions=embedder.dimensions)
    try:
        yield index
    finally:
        await index.close()


@asynccontextmanager
async def open_generations(settings: Settings, database: Database) -> AsyncIterator[Generations]:
    """The embedder, its index, and what serves in its place while it is made anew. Raises as `open_embedder` does."""
    embedder = await open_embedder(settings)

    async def reopen(setting: str) -> Embedder | None:
        try:
            return await open_embedder(settings.model_copy(update={"embeddings": setting, "embeddings_base_url": None}))
        except (WeightsUnavailable, IndexUnavailable, openai.OpenAIError) as error:
            log.warning("the former embedder cannot be opened", embeddings=setting, reason=first_line(error))
            return None

    async with open_index(settings, embedder) as index:
        generations = Generations(
            database,
            place=place(settings),
            embedder=embedder,
            index=index,
            setting=embedder_setting(settings),
            reopen=reopen,
            other=lambda place: index_at(settings, embedder, place),
        )
        try:
            yield generations
        finally:
            await generations.close()


@asynccontextmanager
async def open_reranker(settings: Settings) -> AsyncIterator[Reranking | None]:
    """The reranker within its deadline; None where none is asked for. A local one's files are fetched where they are
    not here yet. Raises `WeightsUnavailable`, and `ValueError` where what is named cannot be one."""
    if settings.reranker is None:
        yield None
        return
    kind, _, name = settings.reranker.partition(":")
    reranker: Reranker
    if kind in ("http", "https"):
        reranker = RerankServer.from_setting(settings.reranker, api_key=settings.reranker_api_key)
    else:
        if kind == "flashrank":
            path = await weights.fetch(weights.RERANKERS[name], settings.models_dir, _note)
        else:
            path = Path(name)
        try:
            reranker = await asyncio.to_thread(CrossEncoder.from_files, path, threads=settings.embeddings_threads)
        except (OSError, BadZipFile) as error:
            raise ValueError(f"MEMOCHA_RERANKER: {path} cannot be read as a model ({first_line(error)})") from error
    reranking = Reranking(reranker, deadline=settings.reranker_deadline)
    try:
        yield reranking
    finally:
        await reranking.close()


def place(settings: Settings) -> str:
    """What names the index in the database."""
    if settings.index == "pgvector":
        return f"pgvector {settings.pgvector_schema}"
    return f"milvus {settings.milvus_collection}"


def index_at(settings: Settings, embedder: Embedder, place: str) -> FormerIndex | None:
    """The index in a place that `place` named under other settings; None where these do not say where its engine is.
    With no address of a Milvus it is the embedded one's, which does not run then, if it left anything."""
    engine, _, name = place.partition(" ")
    if engine == "pgvector" and settings.index_url is not None:
        schema = replace(pgvector_config(settings), schema=name)
        return PgvectorIndex(schema, embedder=embedder.name, dimensions=embedder.dimensions)
    if engine == "milvus" and settings.milvus_uri is not None:
        alias = replace(milvus_config(settings), alias=name)
        return MilvusIndex(alias, embedder=embedder.name, dimensions=embedder.dimensions)
    left = LeftMilvus(settings.data_dir)
    return left if engine == "milvus" and settings.milvus_uri is None and left.there else None


def embedder_setting(settings: Settings) -> str:
    """MEMOCHA_EMBEDDINGS with the address in it, and no password."""
    name, url = settings.embeddings, settings.embeddings_base_url
    if name.startswith("openai:") and url is not None:
        name = f"{url}#{name.removeprefix('openai:')}"
    return re.sub(r"//[^/@]*@", "//", name)


def milvus_config(settings: Settings) -> MilvusConfig:
    """Where Milvus is and how the index lies there, as the settings say."""
    assert settings.milvus_uri is not None
    return MilvusConfig(
        uri=settings.milvus_uri,
        token=settings.milvus_token.get_secret_value() if settings.milvus_token else "",
        alias=settings.milvus_collection,
        dense_index=settings.milvus_index,
        metric=settings.milvus_metric,
        hnsw_m=settings.milvus_hnsw_m,
        hnsw_ef_construction=settings.milvus_hnsw_ef_construction,
        hnsw_ef=settings.milvus_hnsw_ef,
        diskann_search_list=settings.milvus_diskann_search_list,
        drop_ratio=settings.milvus_drop_ratio,
        consistency=settings.milvus_consistency,
        partition_key=settings.milvus_partition_key,
        shards=settings.milvus_shards,
        replicas=settings.milvus_replicas,
    )


def pgvector_config(settings: Settings) -> PgvectorConfig:
    """Where the index lies in Postgres and how, as the settings say."""
    assert settings.index_url is not None
    return PgvectorConfig(
        url=settings.index_url.get_secret_value(),
        schema=settings.pgvector_schema,
        pool_size=settings.pgvector_pool_size,
        dense_index=settings.pgvector_index,
        hnsw_m=settings.pgvector_hnsw_m,
        hnsw_ef_construction=settings.pgvector_hnsw_ef_construction,
        hnsw_ef=settings.pgvector_hnsw_ef,
    )


def _note(weight: weights.Weight, done: int, total: int, source: str) -> None:
    log.debug("fetching weights", weight=weight.name, done=done, total=total, source=source)
