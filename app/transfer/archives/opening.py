"""Opening an archive (zip) that anybody may have made: what may be read of it, and how much.

Of its entries those alone are read that hold conversations, under whatever folder; nothing is unpacked to disk. What an
archive says of itself (sizes, sums, counts) is not believed: what comes out is counted as it comes.
"""

import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import PurePosixPath
from typing import IO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from app.errors import ArchiveTooLarge, EncryptedArchive, InvalidArchive, UnknownArchive

DIRECTORY = 8 * 1024 * 1024
"""Bytes of an archive's list of entries at the most (about 50,000 files): it is held in memory as a whole."""
RATIO, RATIO_FROM = 200, 16 * 1024 * 1024
"""A file that unpacks to so many times its size is a bomb, once so many bytes have come of it. Conversations come to 4
to 12 times theirs."""
PIECE = 256 * 1024
"""Bytes that are unpacked at once."""
ENCRYPTED = 0x1 | 0x40
"""Bits of an entry's flags."""


class Guarded:
    """A file of which nobody reads much at once: `ZipFile` reads the whole list of entries, however long it is."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.seek, self.tell, self.seekable = file.seek, file.tell, file.seekable

    def read(self, size: int = -1) -> bytes:
        """Raises `ArchiveTooLarge`."""
        most = DIRECTORY + 1
        data = self._file.read(most if size < 0 else min(size, most))
        if len(data) > DIRECTORY:
            raise ArchiveTooLarge("it holds too many files")
        return data


@contextmanager
def archive_errors() -> Iterator[None]:
    """What a broken archive brings up in `zipfile`, as `InvalidArchive`."""
    try:
        yield
    except NotImplementedError:
        raise InvalidArchive("a file in it is compressed in a way that is not read here") from None
    except (BadZipFile, zlib.error, EOFError, struct.error, ValueError, OSError, RuntimeError, OverflowError) as error:
        raise InvalidArchive("it is no zip file, or it is broken or cut off") from error


def open_archive(file: IO[bytes]) -> ZipFile:
    """The archive in that file. Raises `InvalidArchive`."""
    with archive_errors():
        return ZipFile(Guarded(file))


def conversation_files(archive: ZipFile, limit: int) -> list[ZipInfo]:
    """Its files of conversations, in order. `limit`: bytes that they may unpack to. Raises `InvalidArchive`."""
    files = [info for info in archive.infolist() if is_conversations(info.filename)]
    if not files:
        nested = any(info.filename.lower().endswith(".zip") for info in archive.infolist())
        raise UnknownArchive(
            "it holds other archives: unpack it, and import the one with conversations.json"
            if nested
            else "it holds no conversations.json"
        )
    if any(info.flag_bits & ENCRYPTED for info in files):
        raise EncryptedArchive("it is locked by a password: make one without")
    if any(info.compress_type not in (ZIP_STORED, ZIP_DEFLATED) for info in files):
        # Others may ask for gigabytes before they give a byte.
        raise InvalidArchive("a file in it is compressed in a way that is not read here")
    if sum(info.file_size for info in files) > limit:
        raise ArchiveTooLarge(f"its conversations unpack to more than {limit // 1024**2} MiB")
    return sorted(files, key=lambda info: (_number(info.filename), info.filename))


def is_conversations(name: str) -> bool:
    """Whether a file of that name holds conversations. What a Mac adds for itself does not."""
    path = PurePosixPath(name.replace("\\", "/"))
    stem, _, number = path.stem.lower().partition("-")
    named = stem == "conversations" and path.suffix.lower() == ".json" and (number.isdigit() or not number)
    return named and not name.endswith("/") and "__MACOSX" not in path.parts


def _number(name: str) -> int:
    number = PurePosixPath(name.replace("\\", "/")).stem.partition("-")[2]
    return int(number) if number.isdigit() and len(number) < 10 else 0


class Budget:
    """What may still be unpacked of one archive, bytes."""

    def __init__(self, limit: int) -> None:
        self.limit = self.left = limit

    def take(self, count: int) -> None:
        """Raises `ArchiveTooLarge`."""
        self.left -= count
        if self.left < 0:
            raise ArchiveTooLarge(f"its conversations unpack to more than {self.limit // 1024**2} MiB")


def pieces(archive: ZipFile, info: ZipInfo, budget: Budget) -> Iterator[bytes]:
    """A file of the archive, unpacked piece by piece. Raises `InvalidArchive`."""
    read = 0
    with archive_errors():
        opened = archive.open(info)
    with opened:
        while True:
            with archive_errors():
                piece = opened.read(PIECE)
            if not piece:
                break
            read += len(piece)
            budget.take(len(piece))
            if read > RATIO_FROM and read > RATIO * info.compress_size:
                raise ArchiveTooLarge("a file in it unpacks to far more than conversations ever do")
            yield piece
    if read != info.file_size:
        raise InvalidArchive("a file in it is not as long as the archive says")
