"""The data sets by name. Ours is in the repository; public ones are read from a folder that the user names."""

from collections.abc import Callable, Mapping
from pathlib import Path

from evals.datasets import beam, locomo, longmemeval, memorybank, people
from evals.records import DataMissing, Dataset

LOADERS: Mapping[str, Callable[[Path | None], Dataset]] = {
    "people": people.load,
    "locomo": locomo.load,
    "memorybank-en": memorybank.load_english,
    "memorybank-cn": memorybank.load_chinese,
    "longmemeval": longmemeval.load,
    "beam": beam.load,
}


def load(name: str, data_dir: Path | None) -> Dataset:
    """Read a data set. `data_dir`: the folder that holds the public ones (`MEMOCHA_EVAL_DATA`).

    Raises `DataMissing` for an unknown name or files that are not there, `DataInvalid` for one that cannot be read.
    """
    if name not in LOADERS:
        raise DataMissing(f"there is no data set {name!r}; there are {', '.join(LOADERS)}")
    return LOADERS[name](data_dir)
