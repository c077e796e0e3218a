"""The embedded Milvus' folder, once memories went to another engine."""

from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace
from uuid import uuid4

import pytest

from app.embedded.files import FileLock
from app.embedded.milvus import MilvusPart
from app.embedded.milvus_left import LeftMilvus
from app.memory import index_at
from app.settings import Settings
from graphs.errors import IndexUnavailable
from graphs.memory.milvus import MilvusIndex
from graphs.memory.milvus_store import MilvusConfig
from tests.support.embedded import running_milvus, scratch

OURS = "memories_v1_test_0123abcd"


@pytest.fixture
async def data_dir() -> AsyncIterator[Path]:
    with scratch() as folder:
        yield folder


def left_by_an_engine(data_dir: Path, *names: str) -> Path:
    """A folder as the engine leaves it."""
    for name in names:
        (data_dir / "milvus" / "collections" / name / "wal").mkdir(parents=True)
        (data_dir / "milvus" / "collections" / name / "wal" / "0").write_text("I am allergic to peanuts.")
    return data_dir / "milvus"


async def test_the_folder_of_an_engine_goes_when_it_does_not_run_and_nothing_else_does(data_dir: Path) -> None:
    (data_dir / "postgres").mkdir()
    left = LeftMilvus(data_dir)
    assert not left.there
    async with running_milvus(data_dir) as part:
        index = MilvusIndex(MilvusConfig(uri=part.uri, alias=f"t_{uuid4().hex[:8]}"), embedder="test", dimensions=4)
        await index.prepare()
        ours = await index.serving()
        assert ours is not None
        await index.close()
        with pytest.raises(IndexUnavailable, match="an engine runs"):
            await left.leave({ours})
    assert left.there
    assert await left.serving() is None
    with pytest.raises(IndexUnavailable, match="no index that was noted"):
        await left.leave({"of another installation"})
    with pytest.raises(IndexUnavailable, match="no index that was noted"):
        await left.leave(set())
    assert await left.leave({ours, "one that was dropped before"}) == {ours}
    assert not left.there
    assert {each.name for each in data_dir.iterdir()} >= {"postgres", "logs"}
    assert not list(data_dir.glob("milvus*"))


async def test_who_was_killed_in_the_middle_is_followed(data_dir: Path) -> None:
    left_by_an_engine(data_dir, OURS).rename(data_dir / "milvus.leaving")
    left = LeftMilvus(data_dir)
    assert left.there
    assert await left.leave({OURS}) == {OURS}
    assert list(data_dir.iterdir()) == []


async def test_an_engine_that_is_started_again_finishes_it_too(data_dir: Path) -> None:
    left_by_an_engine(data_dir, OURS).rename(data_dir / "milvus.leaving")
    await MilvusPart(data_dir).prepare()
    assert not (data_dir / "milvus.leaving").exists()
    assert (data_dir / "milvus").is_dir()


async def test_what_the_folder_leads_to_is_left_alone(data_dir: Path) -> None:
    with scratch() as elsewhere:
        folder = left_by_an_engine(elsewhere, OURS)
        (data_dir / "milvus").symlink_to(folder)
        with pytest.raises(IndexUnavailable, match="leads elsewhere"):
            await LeftMilvus(data_dir).leave({OURS})
        assert (folder / "collections" / OURS / "wal" / "0").exists()


async def test_a_folder_that_somebody_holds_is_left_alone(data_dir: Path) -> None:
    folder = left_by_an_engine(data_dir, OURS)
    lock = FileLock(folder / "LOCK")
    assert lock.acquire()
    with pytest.raises(IndexUnavailable, match="an engine runs"):
        await LeftMilvus(data_dir).leave({OURS})
    lock.release()
    assert await LeftMilvus(data_dir).leave({OURS}) == {OURS}


async def test_it_is_where_memories_were_if_no_milvus_has_an_address(data_dir: Path) -> None:
    def at(place: str, **more: str) -> object:
        settings = Settings(_env_file=None, data_dir=data_dir, index="pgvector", **more)
        return index_at(settings, SimpleNamespace(name="test", dimensions=4), place)  # type: ignore[arg-type]

    assert at("milvus memories") is None
    left_by_an_engine(data_dir, OURS)
    assert isinstance(at("milvus memories"), LeftMilvus)
    assert isinstance(at("milvus memories", milvus_uri="http://127.0.0.1:1"), MilvusIndex)
    assert at("pgvector memory_index") is None
