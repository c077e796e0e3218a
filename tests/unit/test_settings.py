"""What is refused before anything starts, and how it is said."""

import pytest
from pydantic import ValidationError

from app.settings import Settings


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"host": "0.0.0.0"}, "anyone could read every memory"),
        ({"host": "192.168.1.2"}, "anyone could read every memory"),
        ({"host": "0.0.0.0", "api_key": "short"}, "shorter than 16"),
        ({"llm": "gpt-5"}, "openai:NAME"),
        ({"llm": "nobody:gpt-5"}, "openai:NAME"),
        ({"llm_base_url": "notaurl"}, "http://HOST:PORT/v1"),
        ({"milvus_uri": "localhost"}, "http://HOST:19530"),
        ({"database_url": "mysql://u:hush-hush@h/d"}, "postgresql://"),
        ({"index": "faiss"}, "'milvus' or 'pgvector'"),
        ({"pgvector_url": "mysql://u:hush-hush@h/d"}, "postgresql://"),
        ({"pgvector_schema": 'x"; DROP'}, "match pattern"),
        ({"milvus_index": "IVF"}, "'DISKANN'"),
        ({"milvus_hnsw_m": 64, "milvus_hnsw_ef_construction": 32}, "below MEMOCHA_MILVUS_HNSW_M"),
        ({"pgvector_hnsw_m": 64, "pgvector_hnsw_ef_construction": 100}, "below twice MEMOCHA_PGVECTOR_HNSW_M"),
        ({"milvus_drop_ratio": 1}, "less than 1"),
        ({"temperature": 9}, "less than or equal to 2"),
        ({"environment": "production", "cors_origins": ["*"]}, "name the origins"),
    ],
)
def test_unsafe_or_malformed_settings_are_refused(given: dict[str, object], said: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Settings(_env_file=None, **given)  # type: ignore[arg-type]
    words = [error["msg"] for error in refused.value.errors()]
    assert said in " ".join(words)
    assert "hush-hush" not in " ".join(words)


def test_beyond_loopback_with_a_key() -> None:
    assert Settings(_env_file=None, host="0.0.0.0", api_key="k" * 24).host == "0.0.0.0"  # type: ignore[call-arg]


def test_pgvector_works_in_the_one_database_unless_it_is_given_another() -> None:
    one, two = "postgresql://u:p@h/one", "postgresql://u:p@h/two"
    alone = Settings(_env_file=None, database_url=one)  # type: ignore[arg-type, call-arg]
    assert alone.index_url == alone.database_url
    beside = Settings(_env_file=None, database_url=one, pgvector_url=two)  # type: ignore[arg-type, call-arg]
    assert beside.index_url is not None
    assert beside.index_url.get_secret_value() == two
