"""Where the embedded parts are, for the other commands on this machine: `memocha reindex`, `worker`, `doctor`.

The file holds passwords, is readable by its owner only, and is gone while nothing runs.
"""

import json
from collections.abc import Mapping
from pathlib import Path

from app.embedded.files import write_private
from app.settings import Settings

FILE = "environment.json"


def write_environment(data_dir: Path, environment: Mapping[str, str]) -> None:
    """Note the settings that lead to the parts."""
    write_private(data_dir / FILE, json.dumps(dict(environment)))


def remove_environment(data_dir: Path) -> None:
    """The parts are about to stop."""
    (data_dir / FILE).unlink(missing_ok=True)


def with_embedded(settings: Settings) -> Settings:
    """The settings, completed by the addresses of the parts that `memocha up` is running with this data folder.

    As they are where nothing runs here; what is configured is never replaced.
    """
    try:
        noted = json.loads((settings.data_dir / FILE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return settings
    prefix = "MEMOCHA_"
    parts = {name.removeprefix(prefix).lower(): value for name, value in noted.items()}
    given = {name: value for name, value in parts.items() if name not in settings.model_fields_set}
    return Settings.model_validate({**settings.model_dump(exclude_unset=True), **given})
