"""Reading an archive: whose it is, is told by what its conversations look like, never by a name."""

import asyncio
import tempfile
from collections.abc import AsyncIterable, AsyncIterator, Iterator
from typing import IO
from zipfile import ZipFile

from app.errors import ArchiveTooLarge, EmptyArchive, InvalidArchive, UnknownArchive
from app.transfer.archives import chatgpt, claude
from app.transfer.archives.elements import elements
from app.transfer.archives.opening import Budget, conversation_files, open_archive, pieces
from app.transfer.archives.trees import Skipped
from app.transfer.lines import Line

MOST = 1_000_000
"""Conversations."""
BEGINS = b"PK"
"""How every archive begins, and no line of ours."""
_FORMS = (chatgpt, claude)


async def read_archive(body: AsyncIterable[bytes], skipped: Skipped, limit: int) -> AsyncIterator[tuple[int, Line]]:
    """The lines of an archive, numbered. `limit`: bytes that its conversations may unpack to; what is not taken is
    counted in `skipped`.

    The body is put into a file first, since a zip is read from its end, in the folder that TMPDIR names. Raises
    `InvalidArchive`.
    """
    with tempfile.TemporaryFile(prefix="memocha-import-") as spool:
        await _put_aside(body, spool)
        # Unpacking and cutting go on in a thread, a conversation at a time.
        archive = await asyncio.to_thread(open_archive, spool)
        taken = _lines(archive, skipped, limit)
        number = 0
        while (lines := await asyncio.to_thread(next, taken, None)) is not None:
            for line in lines:
                number += 1
                yield number, line


async def _put_aside(body: AsyncIterable[bytes], spool: IO[bytes]) -> None:
    begins = b""
    async for piece in body:
        if len(begins) < len(BEGINS):
            begins += piece[: len(BEGINS)]
            if not begins.startswith(BEGINS[: len(begins)]):
                raise InvalidArchive("it is no zip file")
        spool.write(piece)
    if not begins:
        raise InvalidArchive("it is empty")
    spool.seek(0)


def _lines(archive: ZipFile, skipped: Skipped, limit: int) -> Iterator[list[Line]]:
    """Of each conversation; none of one of which nothing is taken."""
    budget = Budget(limit)
    seen = known = 0
    for info in conversation_files(archive, limit):
        name = info.filename.replace("\\", "/").rpartition("/")[2]
        for element in elements(name, pieces(archive, info, budget)):
            seen += 1
            if seen > MOST:
                raise ArchiveTooLarge(f"it holds more than {MOST} conversations")
            form = next((each for each in _FORMS if each.is_conversation(element)), None)
            lines = form.conversation(element, skipped) if form is not None else []
            known += form is not None
            skipped["conversations"] += not lines
            yield lines
    if not seen:
        raise EmptyArchive("its list of conversations is empty")
    if not known:
        raise UnknownArchive("its conversations are in neither ChatGPT's nor Claude's form")
