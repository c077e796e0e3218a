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
        ({"environment": "production", "cors_origins": "http://a.example"}, "in the clear"),
        ({"environment": "production", "allowed_hosts": ["*"]}, "name the hosts"),
        ({"environment": "production", "api_key": "0123" * 6}, "MEMOCHA_API_KEY can be guessed"),
        ({"environment": "production", "api_key": "please-change-me-0123456789"}, "MEMOCHA_API_KEY can be guessed"),
        ({"environment": "production", "database_url": "postgresql://u:Postgres@db/d"}, "MEMOCHA_DATABASE_URL has"),
        ({"environment": "production", "database_url": "postgresql://u@db/d"}, "MEMOCHA_DATABASE_URL has"),
        ({"environment": "production", "pgvector_url": "postgresql://u:secret@db/d"}, "MEMOCHA_PGVECTOR_URL has"),
        ({"environment": "production", "milvus_token": "root:Milvus"}, "MEMOCHA_MILVUS_TOKEN has"),
        ({"cors_origins": "[https://a.example]"}, "is no valid JSON"),
        ({"prices": "cheap"}, "is no valid JSON"),
        ({"auth": "accounts", "api_key": "a key of the service's"}, "which there is not then"),
        ({"auth": "accounts", "environment": "production"}, "MEMOCHA_PUBLIC_URL is not https"),
        (
            {"auth": "accounts", "environment": "production", "public_url": "http://h"},
            "MEMOCHA_PUBLIC_URL is not https",
        ),
        ({"public_url": "https://h/path"}, "without a path"),
        ({"oidc_issuer": "http://provider.example"}, "https://HOST/PATH"),
        ({"oidc_issuer": "https://p", "auth": "accounts"}, "MEMOCHA_OIDC_CLIENT_ID and MEMOCHA_PUBLIC_URL"),
        ({"oidc_issuer": "https://p", "oidc_client_id": "m", "public_url": "https://h"}, "MEMOCHA_AUTH=accounts"),
    ],
)
def test_unsafe_or_malformed_settings_are_refused(given: dict[str, object], said: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Settings(_env_file=None, **given)  # type: ignore[arg-type]
    words = [error["msg"] for error in refused.value.errors()]
    assert said in " ".join(words)
    assert "hush-hush" not in " ".join(words)


def test_beyond_loopback_with_accounts() -> None:
    """A key of one's own, which commands on this machine send, opens nothing by itself."""
    settings = Settings(_env_file=None, host="0.0.0.0", auth="accounts", api_key="mem_" + "k" * 24)  # type: ignore[call-arg]
    assert settings.host == "0.0.0.0"


def test_beyond_loopback_with_a_key() -> None:
    assert Settings(_env_file=None, host="0.0.0.0", api_key="k" * 24).host == "0.0.0.0"  # type: ignore[call-arg]


def test_pgvector_works_in_the_one_database_unless_it_is_given_another() -> None:
    one, two = "postgresql://u:p@h/one", "postgresql://u:p@h/two"
    alone = Settings(_env_file=None, database_url=one)  # type: ignore[arg-type, call-arg]
    assert alone.index_url == alone.database_url
    beside = Settings(_env_file=None, database_url=one, pgvector_url=two)  # type: ignore[arg-type, call-arg]
    assert beside.index_url is not None
    assert beside.index_url.get_secret_value() == two


PRODUCTION = {
    "environment": "production",
    "api_key": "9f86d081884c7d659a2feaa0c55ad015",
    "database_url": "postgresql://memocha:7d865e959b2466918c9863af@db/memocha",
    "milvus_token": "root:bc6e89b1d2a04f0f9c0a",
    "cors_origins": "https://a.example, https://b.example",
}


def test_production_with_secrets_of_its_own() -> None:
    settings = Settings(_env_file=None, **PRODUCTION)  # type: ignore[arg-type]
    assert settings.cors_origins == ["https://a.example", "https://b.example"]


@pytest.mark.parametrize(
    "url",
    [
        "postgresql:///memocha?host=/run/postgresql",
        "postgresql://memocha@db/memocha?sslcert=/run/secrets/client.crt",
        "postgresql://memocha@db/memocha?passfile=/run/secrets/pgpass",
    ],
)
def test_a_database_may_know_its_clients_without_a_password(url: str) -> None:
    assert Settings(_env_file=None, **PRODUCTION | {"database_url": url}).database_url is not None  # type: ignore[arg-type]


def test_all_that_is_unsafe_is_said_at_once() -> None:
    with pytest.raises(ValidationError) as refused:
        Settings(
            _env_file=None,  # type: ignore[call-arg]
            environment="production",
            cors_origins=["*"],
            milvus_token="root:Milvus",  # type: ignore[arg-type]
            database_url="postgresql://postgres:postgres@db/d",  # type: ignore[arg-type]
            api_key="a" * 24,  # type: ignore[arg-type]
        )
    said = refused.value.errors()[0]["msg"]
    for name in ("CORS_ORIGINS", "MILVUS_TOKEN", "DATABASE_URL", "API_KEY"):
        assert f"MEMOCHA_{name} " in said


@pytest.mark.parametrize(
    ("value", "meant"),
    [("https://a.example", 1), ("https://a.example,https://b.example ,", 2), ('["https://a.example"]', 1), (" , ", 0)],
)
def test_a_list_in_the_environment(value: str, meant: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MEMOCHA_CORS_ORIGINS", value)
    assert len(Settings(_env_file=None).cors_origins) == meant  # type: ignore[call-arg]
