"""LangGraph's development server over langgraph.json as it stands."""

import asyncio
import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from hashlib import sha256
from pathlib import Path
from typing import Final

import httpx

from app.embedded.net import pick_port
from tests.support.embedded import models_dir
from tests.support.examples import ROOT

REQUIREMENTS: Final = ROOT / "requirements-studio.txt"
TAKES_PART: Final = ("langgraph.json", "pyproject.toml", "app", "graphs", "prompts", "memocha", "migrations")
STARTING: Final = 120.0
"""Seconds."""


def installed() -> Path:
    """The folder of the server's commands, in an environment of its own: made where there is none yet (0.4 GB; a minute
    or two), and kept beside the models for every checkout with the same requirements."""
    version = sha256(REQUIREMENTS.read_bytes() + sys.version.encode()).hexdigest()[:16]
    place = models_dir().with_name("studio") / version
    place.parent.mkdir(parents=True, exist_ok=True)
    with place.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (place / ".installed").exists():
            shutil.rmtree(place, ignore_errors=True)
            subprocess.run([sys.executable, "-m", "venv", str(place)], check=True)
            pip = [str(place / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
            made = subprocess.run([*pip, "--require-hashes", "-r", str(REQUIREMENTS)], capture_output=True, text=True)
            assert made.returncode == 0, made.stderr[-2000:]
            (place / ".installed").touch()
    return place / "bin"


@asynccontextmanager
async def langgraph_dev(**environment: str) -> AsyncIterator[str]:
    """The server's address, for the time of the block. It keeps its state in a folder that is gone afterwards, and reads
    no .env of the checkout."""
    command = await asyncio.to_thread(installed)
    folder = Path(await asyncio.to_thread(tempfile.mkdtemp, prefix="memocha-studio-"))
    for name in TAKES_PART:
        (folder / name).symlink_to(ROOT / name)
    (folder / ".env").touch()
    inherited = {key: value for key, value in os.environ.items() if not key.startswith(("MEMOCHA_", "LANG", "OPENAI_"))}
    quiet = {"LANGSMITH_TRACING": "false", "LANGGRAPH_CLI_NO_ANALYTICS": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    url = f"http://127.0.0.1:{(port := pick_port())}"
    with (folder / "log").open("w") as log:
        process = await asyncio.create_subprocess_exec(
            *(str(command / "langgraph"), "dev", "--no-browser", "--no-reload", "--port", str(port)),
            cwd=folder,
            env=inherited | quiet | {"MEMOCHA_MODELS_DIR": str(models_dir())} | environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
    try:
        await _answers(url, process, folder / "log")
        yield url
    finally:
        if process.returncode is None:
            process.terminate()
            try:
                await asyncio.wait_for(process.wait(), 15)
            except TimeoutError:
                process.kill()
                await process.wait()
        shutil.rmtree(folder, ignore_errors=True)


async def _answers(url: str, process: asyncio.subprocess.Process, log: Path) -> None:
    deadline = time.monotonic() + STARTING
    async with httpx.AsyncClient(base_url=url, trust_env=False) as http:
        while True:
            assert process.returncode is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            try:
                if (await http.get("/ok")).is_success:
                    return
            except httpx.TransportError:
                pass
            await asyncio.sleep(0.2)
