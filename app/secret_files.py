"""Secrets from files, as containers are given them: MEMOCHA_API_KEY_FILE=/run/secrets/api_key."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args

from pydantic import SecretStr
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsError

LARGEST = 16 * 1024
"""Bytes of a file; a longer one holds no secret."""


class SecretFiles(PydanticBaseSettingsSource):
    """For each secret setting the file that NAME_FILE names, less the line's end.

    Raises `SettingsError` for a file that cannot be read or holds nothing, and where NAME is set too: which of the two
    counts would be a guess.
    """

    def __init__(self, settings_cls: type[BaseSettings], variables: Mapping[str, str | None]) -> None:
        """`variables`: the environment's and those of `.env`, by their names in lower case."""
        super().__init__(settings_cls)
        self._variables = variables

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        """The secret, the key under which it goes to the model, and that it is no JSON."""
        alias = field.validation_alias if isinstance(field.validation_alias, str) else None
        variable = alias or f"{self.config.get('env_prefix', '')}{field_name}"
        path = self._variables.get(f"{variable}_file".lower())
        if not path:
            return None, alias or field_name, False
        named = f"{variable}_FILE".upper()
        if self._variables.get(variable.lower()):
            raise SettingsError(f"{variable.upper()} and {named} are both set; take one away.")
        return _read(_expanded(path, named), named), alias or field_name, False

    def __call__(self) -> dict[str, Any]:
        found = {}
        for name, field in self.settings_cls.model_fields.items():
            if is_secret(field):
                value, key, _ = self.get_field_value(field, name)
                if value is not None:
                    found[key] = value
        return found


def is_secret(field: FieldInfo) -> bool:
    """Whether its value is shown nowhere."""
    return SecretStr in (field.annotation, *get_args(field.annotation))


def _expanded(path: str, named: str) -> Path:
    try:
        return Path(path).expanduser()
    except RuntimeError:  # nobody of that name, or none whose home is known
        raise SettingsError(f"{named} names the home of somebody who is not known here.") from None


def _read(path: Path, named: str) -> str:
    try:
        # No more than that is read: a device has no size, and no end perhaps.
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
        if len(content) > LARGEST:
            raise SettingsError(f"{named} names a file of more than {LARGEST // 1024} KiB, which is no secret.")
        secret = content.decode().strip()
    except OSError as error:
        raise SettingsError(f"{named} names a file that cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError:
        raise SettingsError(f"{named} names a file that is no text.") from None
    if not secret:
        raise SettingsError(f"{named} names a file that is empty.")
    return secret
