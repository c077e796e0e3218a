"""Schemathesis over all that the service describes of itself, against a running Memocha with the scripted model."""

import asyncio
import json
import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path

from app.roles import SCOPES
from app.settings import Settings
from tests.fuzz.hooks import COUNTS, KEPT
from tests.support.accounts import PASSWORD, make_account, make_key
from tests.support.instance import Instance, running_instance
from tests.support.model_server import Behaviour
from tests.support.running import Client

HERE = Path(__file__).parent
RATES = ("MEMOCHA_REQUESTS_PER_MINUTE", "MEMOCHA_TURNS_PER_MINUTE", "MEMOCHA_ADDRESS_REQUESTS_PER_MINUTE")
"""Settings that would have nearly all of it refused."""
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


async def fuzz(seconds: int, seed: int, *, accounts: bool = False) -> Outcome:
    """Ask for so long. What is asked depends on the seed, how much of it on the machine.

    `accounts`: of a service that has them, with the key of an admin.
    """
    more = dict.fromkeys(RATES, "1000000") | ({"MEMOCHA_AUTH": "accounts"} if accounts else {})
    async with running_instance(**more) as memocha:
        memocha.model.default = Behaviour(text="I see what you mean.", rate=500.0)
        counts = memocha.data_dir / "requests.json"
        credential, kept = await _admin(memocha) if accounts else ([], [])
        process = await asyncio.create_subprocess_exec(
            *(
                Path(sys.executable).with_name("schemathesis"),
                "--config-file",
                HERE / "schemathesis.toml",
                "--no-color",
            ),
            *("run", f"http://127.0.0.1:{memocha.port}/openapi.json"),
            *("--max-time", str(seconds), "--seed", str(seed), "--generation-database", "none"),
            *credential,
            cwd=memocha.data_dir,
            env=os.environ | {COUNTS: str(counts), KEPT: json.dumps(kept), "PYTHONPATH": str(HERE.parents[1])},
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


async def _admin(memocha: Instance) -> tuple[list[str], list[str]]:
    """An admin's key, as Schemathesis sends it, and the ids of what it rests on, which nobody is to delete."""
    settings = Settings(_env_file=None, database_url=memocha.environment["MEMOCHA_DATABASE_URL"])  # type: ignore[call-arg]
    admin = await make_account(settings, "fuzz", role="admin")
    address = f"http://127.0.0.1:{memocha.port}"
    async with Client(base_url=address, timeout=60, headers={"origin": address}, trust_env=False) as browser:
        await browser.post("/api/auth/sign-in", json={"login": "fuzz", "password": PASSWORD})
        made = await make_key(browser, SCOPES)
    return ["--header", f"Authorization: Bearer {made['key']}"], [str(admin), made["id"]]


def _faults(memocha: Instance) -> list[str]:
    """The last line of each traceback in the log."""
    found = []
    for line in memocha.log("service").splitlines():
        if re.search(r'"level": "(error|critical)"', line):
            said = json.loads(line)
            found.append(f"{said['event']}: {said.get('exception', '').strip().rpartition(chr(10))[2]}")
    return found
