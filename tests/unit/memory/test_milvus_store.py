"""What the settings make of an index, and of a search in it."""

import pytest

from app.memory import milvus_config, pgvector_config
from app.settings import Settings
from graphs.memory.milvus_store import MilvusConfig, dense_build, dense_search, sparse_search


@pytest.mark.parametrize(
    ("kind", "params"), [("FLAT", {}), ("HNSW", {"M": 16, "efConstruction": 200}), ("AUTOINDEX", {}), ("DISKANN", {})]
)
def test_an_index_is_made_as_it_is_asked_for(kind: str, params: dict[str, int]) -> None:
    config = MilvusConfig(uri="x", dense_index=kind)  # type: ignore[arg-type]
    assert dense_build(config, embedded=False) == {"index_type": kind, "metric_type": "IP", "params": params}


def test_the_embedded_engine_keeps_flat_and_all_words() -> None:
    config = MilvusConfig(uri="x", dense_index="HNSW", drop_ratio=0.2)
    assert dense_build(config, embedded=True) == {"index_type": "FLAT", "metric_type": "IP", "params": {}}
    assert dense_search(config, 24, embedded=True)["params"] == {}
    assert sparse_search(config, embedded=True)["params"] == {}
    assert sparse_search(config, embedded=False)["params"] == {"drop_ratio_search": 0.2}


@pytest.mark.parametrize(("limit", "ef"), [(24, 128), (500, 500)])
def test_a_search_keeps_no_fewer_candidates_than_are_asked_for(limit: int, ef: int) -> None:
    config = MilvusConfig(uri="x", dense_index="HNSW")
    assert dense_search(config, limit, embedded=False)["params"] == {"ef": ef}
    config = MilvusConfig(uri="x", dense_index="DISKANN")
    assert dense_search(config, limit, embedded=False)["params"] == {"search_list": ef}


def test_every_setting_of_an_index_reaches_it() -> None:
    settings = Settings(
        _env_file=None,  # type: ignore[call-arg]
        milvus_uri="http://h:1", milvus_token="t", milvus_collection="c", milvus_index="DISKANN",  # type: ignore[arg-type]
        milvus_metric="COSINE", milvus_hnsw_m=8, milvus_hnsw_ef_construction=99, milvus_hnsw_ef=77,
        milvus_diskann_search_list=66, milvus_drop_ratio=0.1, milvus_consistency="Strong", milvus_partition_key=True,
        milvus_shards=2, milvus_replicas=3, pgvector_url="postgresql://u:p@h/d", pgvector_schema="s",  # type: ignore[arg-type]
        pgvector_pool_size=3, pgvector_index="hnsw", pgvector_hnsw_m=8, pgvector_hnsw_ef_construction=32,
        pgvector_hnsw_ef=55,
    )  # fmt: skip
    made = milvus_config(settings)
    assert (made.uri, made.token, made.alias, made.dense_index, made.metric) == (
        "http://h:1",
        "t",
        "c",
        "DISKANN",
        "COSINE",
    )
    assert (made.hnsw_m, made.hnsw_ef_construction, made.hnsw_ef, made.diskann_search_list) == (8, 99, 77, 66)
    assert (made.drop_ratio, made.consistency, made.partition_key, made.shards, made.replicas) == (
        0.1,
        "Strong",
        True,
        2,
        3,
    )
    other = pgvector_config(settings)
    assert (other.url, other.schema, other.pool_size, other.dense_index) == ("postgresql://u:p@h/d", "s", 3, "hnsw")
    assert (other.hnsw_m, other.hnsw_ef_construction, other.hnsw_ef) == (8, 32, 55)
