"""Secrets that files hold, as containers are given them."""

from pathlib import Path

import pytest
from pydantic_settings import SettingsError

from app.secret_files import LARGEST, is_secret
from app.settings import Settings

SECRET = "9f86d081884c7d659a2feaa0c55ad015"


def _variable(name: str) -> str:
    alias = Settings.model_fields[name].validation_alias
    return alias if isinstance(alias, str) else f"MEMOCHA_{name.upper()}"


@pytest.mark.parametrize("name", sorted(name for name, field in Settings.model_fields.items() if is_secret(field)))
def test_each_secret_may_come_from_a_file(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kind = "redis" if name == "redis_url" else "postgresql"
    value = f"{kind}://u:{SECRET}@h/d" if name.endswith("_url") else SECRET
    file = tmp_path / "secret"
    file.write_text(f"{value}\n")
    monkeypatch.setenv(f"{_variable(name)}_FILE", str(file))
    assert getattr(Settings(_env_file=None), name).get_secret_value() == value  # type: ignore[call-arg]


def test_the_name_of_a_file_may_stand_in_the_env_file(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text(SECRET)
    env = tmp_path / ".env"
    env.write_text(f"MEMOCHA_API_KEY_FILE={file}\n")
    key = Settings(_env_file=env).api_key  # type: ignore[call-arg]
    assert key is not None
    assert key.get_secret_value() == SECRET


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "cannot be read: No such file"),
        (b"", "is empty"),
        (b" \n", "is empty"),
        (b"\xff\xfe", "no text"),
        (b"x" * (LARGEST + 1), "no secret"),
    ],
)
def test_a_file_that_holds_no_secret_is_refused(
    content: bytes | None, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "secret"
    if content is not None:
        file.write_bytes(content)
    monkeypatch.setenv("MEMOCHA_API_KEY_FILE", str(file))
    with pytest.raises(SettingsError, match=f"MEMOCHA_API_KEY_FILE.*{said}"):
        Settings(_env_file=None)  # type: ignore[call-arg]


def test_of_a_value_and_a_file_neither_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "secret"
    file.write_text(SECRET)
    monkeypatch.setenv("OPENAI_API_KEY", SECRET)
    monkeypatch.setenv("OPENAI_API_KEY_FILE", str(file))
    with pytest.raises(SettingsError, match="OPENAI_API_KEY and OPENAI_API_KEY_FILE are both set"):
        Settings(_env_file=None)  # type: ignore[call-arg]
