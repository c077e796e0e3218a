"""The examples of the documentation, run as they stand."""

import asyncio
import os
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "docs" / "examples"
PATIENCE = 120.0
"""Seconds that one may take."""


async def printed(name: str, *arguments: str, **environment: str) -> str:
    """What an example prints. Nothing of Memocha's is set in its environment but what is given here."""
    status, out, err = await _run(name, *arguments, **environment)
    assert status == 0, err
    return out


async def complained(name: str, *arguments: str, **environment: str) -> str:
    """What an example that fails says on standard error."""
    status, _, err = await _run(name, *arguments, **environment)
    assert status != 0
    return err


async def _run(name: str, *arguments: str, **environment: str) -> tuple[int, str, str]:
    inherited = {key: value for key, value in os.environ.items() if not key.startswith(("MEMOCHA_", "OPENAI_"))}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(EXAMPLES / name),
        *arguments,
        env=inherited | {"PYTHONPATH": str(ROOT)} | environment,
        cwd=ROOT,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        out, err = await asyncio.wait_for(process.communicate(), PATIENCE)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert process.returncode is not None
    return process.returncode, out.decode(), err.decode()
