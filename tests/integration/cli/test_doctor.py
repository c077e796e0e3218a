"""The doctor beside real parts."""

from pathlib import Path

from pydantic import SecretStr

from app.cli.doctor import Level, milvus, postgres
from app.db.migrate import migrate
from app.settings import Settings


def settings(tmp_path: Path, **changes: object) -> Settings:
    return Settings(_env_file=None, data_dir=tmp_path, **changes)  # type: ignore[call-arg, arg-type]


async def test_postgres_is_told_to_be_migrated_until_it_is(fresh_database_url: str, tmp_path: Path) -> None:
    here = settings(tmp_path, database_url=SecretStr(fresh_database_url))
    (finding,) = await postgres(here)
    assert finding.level is Level.FAILS
    assert finding.advice == "Run: memocha migrate"
    await migrate(fresh_database_url)
    (finding,) = await postgres(here)
    assert finding.level is Level.OK, finding


async def test_milvus_answers_and_its_index_is_missed(milvus_uri: str, tmp_path: Path) -> None:
    (finding,) = await milvus(settings(tmp_path, milvus_uri=milvus_uri, milvus_collection="nowhere"))
    assert finding.level is Level.NOTE, finding
    assert "no index yet" in finding.detail
