"""Private files and folders, and a lock between processes."""

import fcntl
import os
import secrets
from pathlib import Path

from app.embedded.errors import DataUnusable


def private_folder(path: Path) -> Path:
    """The folder `path`, made where it is missing so that only its owner may enter; else left as it is."""
    try:
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise DataUnusable(
            f"The folder {path} cannot be made ({error.strerror}). Set MEMOCHA_DATA_DIR to one that can be written."
        ) from error
    return path


def write_private(path: Path, content: str) -> None:
    """Replace the file at `path`, mode 0600, in one step: a reader sees the old content or the new."""
    new = path.with_name(f"{path.name}.{os.getpid()}.new")
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)


def make_secret() -> str:
    """A password of 192 bits, in letters that need no quoting in a URL, a shell or SQL."""
    return secrets.token_hex(24)


class FileLock:
    """An advisory lock on a file, held until `release` or until the process ends, however it ends."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor: int | None = None

    def acquire(self) -> bool:
        """Take the lock if it is free; False where another process holds it."""
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return False
        self._descriptor = descriptor
        return True

    def release(self) -> None:
        """Give the lock back; does nothing where it is not held."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def write(self, content: str) -> None:
        """Say in the file who holds it, for the message that the next one gets. The lock must be held."""
        if self._descriptor is None:
            raise RuntimeError("the lock is not held")
        os.ftruncate(self._descriptor, 0)
        os.pwrite(self._descriptor, content.encode(), 0)

    def read(self) -> str:
        """What the holder wrote."""
        return self.path.read_text(encoding="utf-8")
