"""What the doctor says of a machine where things are wrong."""

import io
import json
import shutil
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from app.cli.doctor import (
    Finding,
    Level,
    doctor,
    embedded,
    embeddings,
    examine,
    folder,
    holder_of,
    milvus,
    node,
    postgres,
    service,
    weights_of,
)
from app.embedded import weights
from app.embedded.files import FileLock
from app.settings import Settings
from tests.support.service_double import ServiceDouble


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    for name in ("OPENAI_API_KEY", "MEMOCHA_LLM", "MEMOCHA_DATABASE_URL", "MEMOCHA_MILVUS_URI"):
        monkeypatch.delenv(name, raising=False)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    return Settings(_env_file=None, data_dir=tmp_path / "data", models_dir=tmp_path / "models", port=port)  # type: ignore[call-arg]


@pytest.fixture
def held(settings: Settings) -> Iterator[FileLock]:
    settings.data_dir.mkdir()
    lock = FileLock(settings.data_dir / "lock")
    assert lock.acquire()
    lock.write(json.dumps({"pid": 4711, "address": f"http://127.0.0.1:{settings.port}"}))
    yield lock
    lock.release()


def changed(settings: Settings, **changes: Any) -> Settings:
    return settings.model_copy(update=changes)


def test_a_fresh_machine_is_fine_and_told_how_to_begin(settings: Settings) -> None:
    out = io.StringIO()
    assert doctor(settings, out=out) == 0
    said = out.getvalue()
    assert "make up fetches it: 491 MB." in said
    assert "Start it with: make up" in said
    assert "Nothing fails." in said
    assert "\x1b" not in said


def test_what_fails_is_counted_and_makes_the_exit_code(settings: Settings) -> None:
    out = io.StringIO()
    assert doctor(changed(settings, llm="openai:gpt-5"), out=out) == 1
    assert "fails Language model: openai:gpt-5 needs a key, and none is set." in out.getvalue()
    assert "1 of " in out.getvalue()


async def test_an_unreachable_postgres_is_named_without_its_password(settings: Settings) -> None:
    url = Settings(_env_file=None, database_url="postgresql://me:hidden@127.0.0.1:9/db").database_url  # type: ignore[call-arg, arg-type]
    (finding,) = await postgres(changed(settings, database_url=url))
    assert finding.level is Level.FAILS
    assert "MEMOCHA_DATABASE_URL" in finding.advice
    assert "hidden" not in str(finding)


async def test_an_unreachable_milvus_is_named(settings: Settings) -> None:
    (finding,) = await milvus(changed(settings, milvus_uri="http://127.0.0.1:9"))
    assert finding.level is Level.FAILS
    assert "http://127.0.0.1:9 cannot be reached" in finding.detail


async def test_an_unreachable_embedder_is_named(settings: Settings) -> None:
    assert await embeddings(settings) == []
    (finding,) = await embeddings(changed(settings, embeddings="http:http://127.0.0.1:9/v1#bge-m3"))
    assert finding.level is Level.FAILS
    assert "does not embed" in finding.detail


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("not a folder")
    (finding,) = folder("Data folder", file / "data", "MEMOCHA_DATA_DIR")
    assert finding.level is Level.FAILS
    assert "MEMOCHA_DATA_DIR" in finding.advice


@pytest.mark.parametrize(
    ("free", "level"), [(100 * 1024**2, Level.FAILS), (1024**3, Level.NOTE), (100 * 1024**3, Level.OK)]
)
def test_a_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, level: Level) -> None:
    class Usage(NamedTuple):
        free: int

    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(free))
    assert folder("Data folder", tmp_path, "MEMOCHA_DATA_DIR")[0].level is level


def test_weights_that_are_here_and_a_file_that_is_no_model(settings: Settings, tmp_path: Path) -> None:
    assert {finding.level for finding in weights_of(settings)} == {Level.NOTE}
    path = weights.path_of(weights.MINILM, settings.models_dir)
    path.parent.mkdir(parents=True)
    with path.open("wb") as file:
        file.truncate(weights.MINILM.size)
    assert Finding(Level.OK, "Embedding weights", "minilm") in weights_of(settings)
    wrong = tmp_path / "model.gguf"
    wrong.write_bytes(b"no model")
    (finding, *_) = weights_of(changed(settings, local_model_path=wrong))
    assert finding.level is Level.FAILS


async def test_who_runs_is_known_by_the_lock(settings: Settings, held: FileLock) -> None:
    assert holder_of(settings.data_dir) == {"pid": 4711, "address": f"http://127.0.0.1:{settings.port}"}
    (finding,) = await service(settings, holder_of(settings.data_dir))
    assert finding.level is Level.FAILS
    assert "process 4711 runs with this data folder" in finding.detail
    held.release()
    assert holder_of(settings.data_dir) is None
    (finding,) = await service(settings, None)
    assert finding.level is Level.NOTE


async def test_notes_of_a_killed_supervisor_do_not_count(settings: Settings, held: FileLock) -> None:
    noted = {"MEMOCHA_DATABASE_URL": "postgresql://me:old@127.0.0.1:9/db"}
    (settings.data_dir / "environment.json").write_text(json.dumps(noted))
    assert any(finding.what == "Postgres" and finding.level is Level.FAILS for finding in await examine(settings))
    held.release()
    assert any(finding.what == "Postgres" and finding.level is Level.OK for finding in await examine(settings))


async def test_a_running_service_says_what_it_lacks(settings: Settings) -> None:
    with ServiceDouble() as double:
        double.dependencies = {
            "postgres": {"state": "ok"},
            "memory": {"state": "degraded", "detail": "The memory index does not answer."},
            "model": {"state": "down"},
        }
        found = await service(settings, {"pid": 1, "address": double.url})
    assert [(finding.level, finding.what) for finding in found] == [
        (Level.OK, "Service"),
        (Level.NOTE, "Service, memory"),
        (Level.FAILS, "Service, model"),
    ]


def test_a_missing_package_for_an_embedded_part(monkeypatch: pytest.MonkeyPatch) -> None:
    # The package has a command of the same name as the
    monkeypatch.setattr(sys.modules["app.cli.doctor"], "find_spec", lambda _: None)
    finding = embedded("Milvus")
    assert finding.level is Level.FAILS
    assert "MEMOCHA_MILVUS_URI" in finding.advice


async def test_node_is_wanted_but_not_needed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    assert (await node()).level is Level.NOTE
    old = tmp_path / "node"
    old.write_text("#!/bin/sh\necho v12.22.9\n")
    old.chmod(0o755)
    monkeypatch.setattr(shutil, "which", lambda _: str(old))
    finding = await node()
    assert (finding.level, finding.detail) == (Level.NOTE, "12.22.9")
