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
