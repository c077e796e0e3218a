"""Reading the files of public data sets."""

import json
from pathlib import Path
from typing import Any

from evals.records import DataInvalid, DataMissing


def find(data_dir: Path | None, dataset: str, *names: str) -> list[Path]:
    """The files of a data set that match these patterns under its folder, sorted.

    Raises `DataMissing` where there is no folder or nothing in it matches.
    """
    if data_dir is None:
        raise DataMissing(
            f"{dataset} is not part of Memocha: put its files into FOLDER/{dataset}/ and set MEMOCHA_EVAL_DATA=FOLDER"
        )
    folder = data_dir / dataset
    found = sorted(path for name in names for path in folder.glob(name))
    if not found:
        raise DataMissing(f"{dataset}: no {' or '.join(names)} under {folder} (MEMOCHA_EVAL_DATA names the folder)")
    return found


def read_json(path: Path) -> Any:
    """A JSON file. Raises `DataInvalid`."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DataInvalid(f"{path} cannot be read: {error}") from error
