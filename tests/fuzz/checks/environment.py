"""What stands in the environment, and in files of secrets."""

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final
from unittest import mock

from pydantic import SecretStr, ValidationError
from pydantic_settings import SettingsError

from app.secret_files import is_secret
from app.settings import Settings
from tests.fuzz.checks.bounds import in_time

NAMES: Final = sorted(f"MEMOCHA_{name}".upper() for name in Settings.model_fields)
SECRETS: Final = sorted(
    f"MEMOCHA_{name}".upper()
    for name, field in Settings.model_fields.items()
    if is_secret(field) and not field.validation_alias
)
SECRET: Final = "zqsecretzq"


def told(error: ValidationError | SettingsError) -> str:
    """What a command says of it."""
    if isinstance(error, SettingsError):
        return str(error)
    return "\n".join(
        f"{each['loc']}: {each['msg']}" for each in error.errors(include_input=False, include_context=False)
    )


def check_settings(variables: Mapping[str, str]) -> None:
    """Settings, or an error that says what is wrong; neither says a secret."""
    with mock.patch.dict(os.environ, variables, clear=True), in_time(5000, "settings"):
        try:
            said = repr(Settings(_env_file=None))  # type: ignore[call-arg]
        except (ValidationError, SettingsError) as error:
            said = told(error)
    for name in SECRETS:
        value = variables.get(name, "")
        assert SECRET not in value or SECRET not in said, said


def check_secret_file(content: bytes, variable: str) -> None:
    """A secret that is the file's, or an error that says nothing of it."""
    with tempfile.NamedTemporaryFile() as file:
        file.write(content)
        file.flush()
        with mock.patch.dict(os.environ, {f"{variable}_FILE": file.name}, clear=True):
            settings, said = None, ""
            try:
                settings = Settings(_env_file=None)  # type: ignore[call-arg]
            except (ValidationError, SettingsError) as error:
                said = told(error)
    assert SECRET not in said
    if settings is None:
        return
    kept = getattr(settings, variable.removeprefix("MEMOCHA_").lower())
    assert isinstance(kept, SecretStr)
    assert kept.get_secret_value() == content.decode().strip()
    assert SECRET not in repr(settings)
    assert Path(file.name).name not in repr(settings)
