"""The folder of the embedded Milvus, after memories went to another engine: nobody starts it there any more."""

import asyncio
import shutil
from collections.abc import Set as AbstractSet
from pathlib import Path

import structlog

from app.embedded.files import FileLock
from app.embedded.milvus import FOLDER, LEAVING
from graphs.errors import IndexUnavailable

log = structlog.get_logger(__name__)


class LeftMilvus:
    """`FormerIndex`: takes the whole folder away, if the engine does not run and a generation of ours lies there."""

    def __init__(self, data_dir: Path) -> None:
        self._folder, self._leaving = data_dir / FOLDER, data_dir / LEAVING

    @property
    def there(self) -> bool:
        """Whether there is anything to remove."""
        return self._folder.exists() or self._leaving.exists()

    async def serving(self) -> str | None:
        """Nothing serves: the engine does not run."""
        return None

    async def leave(self, names: AbstractSet[str]) -> set[str]:
        """Remove the folder with all that is in it, if any of these generations is; those that were. The rest is not
        spared: it is what the same engine left, an index made from rows too. Raises `IndexUnavailable` where the engine
        runs, where none of them is in it, and where the folder is not one that the engine made."""
        return await asyncio.to_thread(self._leave, names)

    async def close(self) -> None:
        """Nothing is held."""

    def _leave(self, names: AbstractSet[str]) -> set[str]:
        try:
            begun = self._leaving.exists()
            if begun:
                shutil.rmtree(self._leaving)
            return set(names) if begun and not self._folder.exists() else self._remove(names)
        except OSError as error:
            raise IndexUnavailable(f"the folder {self._folder} cannot be removed ({error.strerror})") from error

    def _remove(self, names: AbstractSet[str]) -> set[str]:
        if self._folder.is_symlink():
            raise IndexUnavailable(f"{self._folder} leads elsewhere")
        found = names & generations(self._folder)
        if not found:
            raise IndexUnavailable(f"the folder {self._folder} has no index that was noted as this installation's")
        lock = FileLock(self._folder / "LOCK")  # the engine's own
        if not lock.acquire():
            raise IndexUnavailable(f"an engine runs in {self._folder}")
        try:
            self._folder.rename(self._leaving)
        finally:
            lock.release()
        shutil.rmtree(self._leaving)
        log.info("the folder of the embedded Milvus was removed", folder=str(self._folder))
        return set(found)


def generations(folder: Path) -> set[str]:
    """The collections that lie in the engine's folder."""
    try:
        return {each.name for each in (folder / "collections").iterdir()}
    except (FileNotFoundError, NotADirectoryError):
        return set()
