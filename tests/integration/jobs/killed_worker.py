"""A worker whose index never answers, for a test to kill: `python -m tests.integration.jobs.killed_worker URL`."""

import asyncio
import sys

from app.jobs.worker import run_worker
from tests.integration.jobs.support import TestIndex, service


async def main(url: str) -> None:
    index = TestIndex()

    async def hang() -> None:
        print("writing", flush=True)
        await asyncio.Event().wait()

    index.before_write = hang
    async with service(url, index) as parts:
        await run_worker(parts.queue)


asyncio.run(main(sys.argv[1]))
