"""Schemathesis over all that the service describes of itself, against a running Memocha with the scripted model."""

import asyncio
import json
import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.fuzz.hooks import COUNTS
from tests.support.instance import Instance, running_instance
from tests.support.model_server import Behaviour

HERE = Path(__file__).parent
GRACE = 120.0
"""Seconds over its time after which the whole is taken to hang."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it."""

    requests: dict[str, dict[str, int]]
    """By route, how many answers of each status."""
    failed: int
    """Schemathesis's exit status: 0 where nothing was found."""
    faults: list[str]
    """What the service's own log calls an unexpected error."""
    report: str
    """Schemathesis's own, with how to ask again for each finding."""

    @property
    def total(self) -> int:
        return sum(count for by_status in self.requests.values() for count in by_status.values())


async def fuzz(seconds: int, seed: int) -> Outcome:
    """Ask for so long. What is asked depends on the seed, how much of it on the machine."""
    async with running_instance() as memocha:
        memocha.model.default = Behaviour(text="I see what you mean.", rate=500.0)
        counts = memocha.data_dir / "requests.json"
        process = await asyncio.create_subprocess_exec(
            *(
                Path(sys.executable).with_name("schemathesis"),
                "--config-file",
                HERE / "schemathesis.toml",
                "--no-color",
            ),
            *("run", f"http://127.0.0.1:{memocha.port}/openapi.json"),
            *("--max-time", str(seconds), "--seed", str(seed), "--generation-database", "none"),
            cwd=memocha.data_dir,
            env=os.environ | {COUNTS: str(counts), "PYTHONPATH": str(HERE.parents[1])},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        try:
            async with asyncio.timeout(seconds + GRACE):
                output, _ = await process.communicate()
        finally:
            if process.returncode is None:
                process.kill()
        assert process.returncode is not None
        await memocha.wait_ready()
        requests = json.loads(counts.read_text(encoding="utf-8")) if counts.exists() else {}
        return Outcome(requests, process.returncode, _faults(memocha), output.decode("utf-8", "replace"))


def _faults(memocha: Instance) -> list[str]:
    """The last line of each traceback in the log."""
    found = []
    for line in memocha.log("service").splitlines():
        if re.search(r'"level": "(error|critical)"', line):
            said = json.loads(line)
            found.append(f"{said['event']}: {said.get('exception', '').strip().rpartition(chr(10))[2]}")
    return found
