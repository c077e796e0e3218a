"""A large archive of ChatGPT's over HTTP: the most memory that the service holds, and what of that is the archive's.

500 MB of zip (660 MB of JSON): talks of 40 messages of 2,000 characters that hardly compress, with what surrounds them
in such a file. Watched from the upload to the answer, when all is checked and put aside, and half a minute of the job.
A message goes before it and a search, so that what every use needs is there.
"""

import asyncio
import base64
import io
import json
import os
import random
import time
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from bench.client import client
from bench.machine import rss_mib
from bench.model import TimedModelServer
from bench.product import product, stores
from bench.report import Report, Target

MIB = 1024 * 1024
SIZE = int(os.environ.get("MEMOCHA_BENCH_ARCHIVE") or 500) * MIB
A_TALK, CHARACTERS = 40, 2_000
WORKING = 30.0
"""Seconds of the job that are watched."""
PIECE = 256 * 1024
UPLOAD = 1_800.0
"""Seconds that the answer may take."""


async def measure() -> Report:
    async with TimedModelServer(text="Fine.") as model, stores() as here:
        path = here.folder / "archive.zip"
        talks = await asyncio.to_thread(write_archive, path, SIZE)
        more = {"MEMOCHA_DIGESTS": "off"}
        async with product(here, model, more) as running, client(running.url) as http:
            http.timeout = UPLOAD
            fresh = rss_mib(running.pid)
            line = {"session": {"id": "first"}}, {"message": {"role": "user", "content": "My tent is in Porto."}}
            body = "\n".join(map(json.dumps, line)).encode()
            lines = {"content-type": "application/x-ndjson"}
            job = (await http.post("/api/import", content=body, headers=lines)).json()
            while (await http.get(f"/api/jobs/{job['id']}")).json()["state"] != "succeeded":
                await asyncio.sleep(0.2)
            (await http.get("/api/memories/search", params={"q": "Where is my tent?"})).raise_for_status()
            before = rss_mib(running.pid)
            _forget_peak(running.pid)
            began = time.perf_counter()
            answer = await http.post("/api/import", content=_body(path), headers=ZIP)
            answer.raise_for_status()
            took, receiving = time.perf_counter() - began, _peak_mib(running.pid)
            _forget_peak(running.pid)
            await asyncio.sleep(WORKING)
            working, done = _peak_mib(running.pid), (await http.get(f"/api/jobs/{answer.json()['id']}")).json()
        size = path.stat().st_size / MIB
    return Report(
        {
            "archive, MiB": round(size, 1),
            "talks": talks,
            "messages": talks * A_TALK,
            "lines": done["total"],
            "from upload to answer, s": round(took, 1),
            "service's memory, MiB": {
                "when it was ready": fresh,
                "after a message and a search": before,
                "most from upload to answer": receiving,
                "most in the first half minute of the job": working,
            },
        },
        targets=[
            Target("what the archive takes beside, MiB", round(max(receiving, working) - before, 1), 100),
            Target("lines lost", talks * (A_TALK + 1) - done["total"], 0),
        ],
    )


ZIP = {"content-type": "application/zip"}


def write_archive(path: Path, size: int) -> int:
    """An archive of about so many bytes; how many talks it holds."""
    dice, talks = random.Random(11), 0
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("conversations.json", "w", force_zip64=True) as raw,
        io.BufferedWriter(raw, MIB) as file,  # type: ignore[type-var]
    ):
        file.write(b"[")
        while path.stat().st_size < size or not talks:
            file.write((b"," if talks else b"") + json.dumps(_talk(talks, dice)).encode())
            talks += 1
        file.write(b"]")
    return talks


def _talk(number: int, dice: random.Random) -> dict[str, Any]:
    mapping: dict[str, Any] = {"root": {"id": "root", "message": None, "parent": None, "children": ["0"]}}
    for at in range(A_TALK):
        words = base64.b64encode(dice.randbytes(CHARACTERS * 3 // 4)).decode()
        text = " ".join(words[start : start + 8] for start in range(0, len(words), 8))
        mapping[str(at)] = {
            "id": str(at), "parent": str(at - 1) if at else "root", "children": [str(at + 1)],
            "message": {
                "id": str(at), "author": {"role": "assistant" if at % 2 else "user", "name": None, "metadata": {}},
                "create_time": 1_700_000_000.5 + number * 60 + at, "update_time": None, "status": "finished",
                "content": {"content_type": "text", "parts": [text]}, "weight": 1.0, "recipient": "all",
                "metadata": {"model_slug": "gpt-4o", "request_id": str(number), "citations": []},
            },
        }  # fmt: skip
    return {
        "id": f"talk-{number}", "conversation_id": f"talk-{number}", "title": f"Talk {number}", "mapping": mapping,
        "create_time": 1_700_000_000.5 + number * 60, "current_node": str(A_TALK - 1), "is_archived": False,
    }  # fmt: skip


async def _body(path: Path) -> AsyncIterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            yield piece


def _peak_mib(pid: int) -> float:
    """The most memory that the process has held."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    return round(int(status.partition("VmHWM:")[2].split()[0]) / 1024, 1)


def _forget_peak(pid: int) -> None:
    Path(f"/proc/{pid}/clear_refs").write_text("5", encoding="utf-8")
