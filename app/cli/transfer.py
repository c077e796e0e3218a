"""`memocha import` and `memocha export`: everything in, and everything out."""

import asyncio
import codecs
import os
import sys
import threading
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING, Final
from uuid import UUID

import typer

from app.cli.exits import ExitCode
from app.cli.progress import Bars
from app.cli.remote import failure
from app.cli.screen import Screen, count, escaped, problem_of
from memocha.client import Client, ClientError, Unreachable

if TYPE_CHECKING:
    from app.schemas import Job

DASH: Final = Path("-")
PIECE: Final = 64 * 1024


def check(files: list[Path]) -> None:
    """Raise `typer.BadParameter` where one is not there: before any is sent."""
    for file in files:
        if file != DASH and (file.is_dir() or not file.exists()):
            what = "is a folder" if file.is_dir() else "is not there"
            raise typer.BadParameter(f"{file} {what}", param_hint="FILE")


async def import_files(memocha: Client, screen: Screen, files: list[Path], *, wait: bool) -> None:
    """Send each, and follow it to its end. One that is refused does not keep the next from being sent.

    Raises `typer.Exit` with the first failure's code.
    """
    ended = ExitCode.DONE
    for file in files:
        try:
            job = await _import(memocha, screen, file, wait=wait)
        except OSError as error:
            screen.problem(_unusable("read", file, error))
            code = ExitCode.FAILED
        except ClientError as error:
            code = failure(screen, error, str(file), file=str(file))
            if isinstance(error, Unreachable):
                raise typer.Exit(code) from None
        else:
            code = ExitCode.DONE if job.total else ExitCode.INVALID
        ended = ended or code
    if ended:
        raise typer.Exit(ended)


async def _import(memocha: Client, screen: Screen, file: Path, *, wait: bool) -> "Job":
    source = standard_input() if file == DASH else file
    with Bars(screen) as bars:
        try:
            job = await memocha.import_(source, wait=False, sent=bars.sent(_size(file)))
        except asyncio.CancelledError:
            bars.close()
            screen.note(f"{file}: nothing was imported. The same command begins it again.")
            raise
        if wait and job.total:
            job = await _ended(memocha, screen, job.id, bars)
    if screen.json:
        screen.line({"file": str(file), **job.model_dump(mode="json")})
    elif not job.total:
        screen.say(f"{file}: there is nothing in it to import.")
    elif wait:
        screen.say(f"{file}: {_imported(job)}")
    else:
        screen.say(f"{file}: {_lines(job)} taken. To follow it: memocha import --follow {job.id}")
    return job


def _size(file: Path) -> int | None:
    """Bytes, where they are known: not of a pipe."""
    return None if file == DASH else file.stat().st_size or None


async def follow(memocha: Client, screen: Screen, job_id: UUID) -> None:
    """Wait for the end of an import that was taken. Raises `ClientError`."""
    await memocha.jobs.get(job_id)  # what is not there at all is said at once
    with Bars(screen) as bars:
        job = await _ended(memocha, screen, job_id, bars)
    if screen.json:
        screen.line(job)
    else:
        screen.say(_imported(job))


async def _ended(memocha: Client, screen: Screen, job_id: UUID, bars: Bars) -> "Job":
    try:
        return await memocha.jobs.end(job_id, bars.job)
    except (asyncio.CancelledError, Unreachable):
        bars.close()
        screen.note(f"The import goes on by itself. To follow it: memocha import --follow {job_id}")
        raise


def _imported(job: "Job") -> str:
    skipped = ", ".join(f"{what.replace('_', ' ')} {number:,}" for what, number in job.skipped.items())
    return f"{_lines(job)}{_of_them(job)}{f'; left out: {skipped}' if skipped else ''}."


def _of_them(job: "Job") -> str:
    """How many of the lines brought anything."""
    taken = job.total - job.skipped.get("memories", 0)
    if job.imported is None or job.imported >= taken:
        return " imported"
    if job.imported:
        return f", {job.imported:,} of them new; the others were there already"
    return ", which was there already" if job.total == 1 else ", all of which were there already"


def _lines(job: "Job") -> str:
    return count(job.total, "line", "lines")


async def export(memocha: Client, screen: Screen, path: Path | None) -> None:
    """Write everything to a file, or to standard output as it comes. Raises `ClientError` and `typer.Exit`."""
    if path is None or path == DASH:
        await _print(memocha)
        return
    try:
        with Bars(screen) as bars:
            size = await memocha.export(path, received=bars.received)
    except OSError as error:
        screen.problem(_unusable("written", path, error))
        raise typer.Exit(ExitCode.FAILED) from None
    if screen.json:
        screen.document({"file": str(path), "bytes": size})
    else:
        screen.say(f"{path}: {size:,} bytes.")


async def _print(memocha: Client) -> None:
    out = sys.stdout.buffer
    text = codecs.getincrementaldecoder("utf-8")() if sys.stdout.isatty() else None
    async for piece in memocha.exported():
        out.write(piece if text is None else escaped(text.decode(piece)).encode())
        out.flush()


async def standard_input() -> AsyncIterator[bytes]:
    """Standard input in pieces. A read that waits keeps neither the loop nor the end of the process waiting."""
    loop = asyncio.get_running_loop()
    pieces: asyncio.Queue[bytes | OSError] = asyncio.Queue(maxsize=4)

    def read() -> None:
        piece: bytes | OSError = b" "
        while piece and not isinstance(piece, OSError):
            try:
                piece = os.read(0, PIECE)
            except OSError as error:
                piece = error
            try:
                asyncio.run_coroutine_threadsafe(pieces.put(piece), loop).result()
            except RuntimeError:  # nobody waits for it any more
                return

    threading.Thread(target=read, daemon=True).start()
    while piece := await pieces.get():
        if isinstance(piece, OSError):
            raise piece
        yield piece


def _unusable(what: str, path: Path, error: OSError) -> dict[str, object]:
    return problem_of("file", f"{path} cannot be {what}: {error.strerror or error}", file=str(path))
