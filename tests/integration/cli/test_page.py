"""The page about the command line: its examples, run in a shell as they stand, and its table of exit codes."""

import asyncio
import os
import re
import sys
from pathlib import Path

from app.cli.exits import ExitCode
from tests.integration.cli.conftest import SERVICE_KEY
from tests.support.command import PATIENCE, ROOT
from tests.support.instance import Instance

PAGE = ROOT / "docs" / "cli.md"
CHANGES = ((r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "ID"), (r"\d{4}-\d\d-\d\d \d\d:\d\d", "TIME"))
NUMBERS = ((r"\b0\.\d\d\b", "SCORE"), (r"\b\d+ bytes", "BYTES"), (r"[ \t]+", " "))


def plain(text: str) -> str:
    """The text without what is another each time."""
    for pattern, name in CHANGES + NUMBERS:
        text = re.sub(pattern, name, text)
    return text.strip()


def examples() -> list[tuple[str, str]]:
    """Commands and what they print."""
    [block] = re.findall(r"```console\n(.*?)```", PAGE.read_text(), re.DOTALL)
    return [(part.partition("\n")[0], part.partition("\n")[2]) for part in block.split("$ ") if part]


async def test_the_examples_print_what_the_page_shows(instance: Instance, tmp_path: Path) -> None:
    command = tmp_path / "bin" / "memocha"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec {sys.executable} -m app.cli "$@"\n')
    command.chmod(0o700)
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("MEMOCHA_")},
        "PATH": f"{command.parent}:{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "MEMOCHA_DATA_DIR": str(instance.data_dir),
        "MEMOCHA_API_KEY": SERVICE_KEY,
    }
    assert len(examples()) >= 10
    for line, shown in examples():
        shell = await asyncio.create_subprocess_exec(
            *("bash", "-c", f"exec 2>&1; {line}"),
            env=environment,
            cwd=tmp_path,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
        )
        out, _ = await asyncio.wait_for(shell.communicate(), PATIENCE)
        assert plain(out.decode()) == plain(shown), line


def test_the_page_has_every_exit_code() -> None:
    told = re.findall(r"^\| (\d+) \|", PAGE.read_text(), re.MULTILINE)
    assert [int(code) for code in told] == [*ExitCode]
