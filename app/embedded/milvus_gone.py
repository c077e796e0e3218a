"""What is gone leaves the files of Milvus Lite.

Milvus Lite 3.2 marks rows as deleted, and writes a row that was changed a second time: the former one stays in its file
until four files of like size have gathered, which may be never. Here each file that holds a row which was deleted or
has a newer version is written anew without it, in the background after the flush that brought that on.

What a server that was killed had acknowledged and not flushed lies in its write-ahead log, and it flushes that when
somebody writes again, which may be never too. Here it does when it opens a collection.
"""

import errno
from collections.abc import Callable, Mapping
from functools import wraps
from pathlib import Path
from typing import Any


def drop_what_is_gone() -> None:
    """Have each file that holds rows which are gone written anew without them, after a flush.

    Where nothing was deleted or written again since the last look, that is a look at the keys of the new file.
    """
    from milvus_lite.engine.compaction import CompactionManager

    usual = CompactionManager.maybe_compact

    @wraps(usual)
    def maybe_compact(self: Any, partition: str, manifest: Any, delta_index: Any) -> bool:
        done: bool = usual(self, partition, manifest, delta_index)
        folder = Path(self._data_dir) / "partitions" / partition
        rows = self.__dict__.setdefault("_rows_of", {}).setdefault(partition, Rows(folder, self._pk_name))
        files = rows.with_gone(manifest.get_data_files(partition), delta_index)
        if files:
            self._compact_files(partition, str(folder), files, manifest, Gone(delta_index, rows.newest))
            self._gc_tombstones(manifest, delta_index)
        return done or bool(files)

    CompactionManager.maybe_compact = maybe_compact


def flush_what_was_left() -> None:
    """Have a collection flush what it finds in its write-ahead log when it is opened."""
    from milvus_lite.engine.collection import Collection

    usual: Callable[..., None] = Collection.__init__

    @wraps(usual)
    def opened(self: Any, *arguments: Any, **named: Any) -> None:
        usual(self, *arguments, **named)
        if self._memtable.size():
            try:
                self.flush()
            except OSError as error:
                # Where the disk is full it is searched all the same; the flush comes with the next write.
                if error.errno != errno.ENOSPC:
                    raise

    Collection.__init__ = opened


class Rows:
    """Which rows a partition's files hold. Files never change, so of each the keys are read once, and kept: some 200
    bytes a row."""

    def __init__(self, folder: Path, key: str) -> None:
        self._folder, self._key = folder, key
        self._files: dict[str, list[tuple[Any, int]]] = {}
        self.newest: dict[Any, int] = {}
        """Of each key the number of its last write, in the order of all writes."""
        self._deleted = 0

    def with_gone(self, files: list[str], deleted: Any) -> list[str]:
        """Those of the files that hold a row which is gone; `deleted`: the engine's `DeltaIndex`."""
        for name in self._files.keys() - set(files):
            del self._files[name]
        again = [self._look_into(name) for name in files if name not in self._files]
        last = max(deleted.snapshot.values(), default=0)
        if not any(again) and last <= self._deleted:
            return []
        self._deleted = last
        gone = Gone(deleted, self.newest)
        return [name for name, rows in self._files.items() if any(gone.is_deleted(key, at) for key, at in rows)]

    def _look_into(self, name: str) -> bool:
        """Note what a file holds; whether any of it was held already, as another version."""
        from pyarrow.parquet import read_table  # type: ignore[import-untyped]

        table = read_table(self._folder / name, columns=[self._key, "_seq"])
        rows = list(zip(table.column(self._key).to_pylist(), table.column("_seq").to_pylist(), strict=True))
        again = any(self.newest.get(key, at) != at for key, at in rows)
        for key, at in rows:
            self.newest[key] = max(at, self.newest.get(key, at))
        self._files[name] = rows
        return again


class Gone:
    """Stands in for the engine's `DeltaIndex` where it asks which rows to leave out."""

    def __init__(self, deleted: Any, newest: Mapping[Any, int]) -> None:
        self._deleted, self._newest = deleted, newest

    def __len__(self) -> int:
        return len(self._newest)

    def is_deleted(self, key: Any, at: int) -> bool:
        """Whether the version of the row that was written then is deleted, or has a newer one in any file."""
        return at < self._newest.get(key, at) or bool(self._deleted.is_deleted(key, at))
