"""How the client follows a job through what happens to the service meanwhile."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

import pytest

from memocha.client import Client, JobFailed, Refused, Unreachable, jobs

JOB = UUID(int=7)
GONE = None


def told(state: str, processed: int) -> bytes:
    job = {"id": str(JOB), "kind": "import", "state": state, "processed": processed, "total": 9, "error": "Broken."}
    return answer(200, job)


def refusal(status: int) -> bytes:
    return answer(status, {"title": "No.", "status": status, "code": f"no_{status}"})


def answer(status: int, body: object) -> bytes:
    raw = json.dumps(body).encode()
    return b"HTTP/1.1 %d X\r\nconnection: close\r\ncontent-length: %d\r\n\r\n" % (status, len(raw)) + raw


@asynccontextmanager
async def service(*answers: bytes | None) -> AsyncIterator[Client]:
    """Answers one request after the other so, the last one again and again; `GONE`: it hangs up."""
    left = list(answers)

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write((left.pop(0) if len(left) > 1 else left[0]) or b"")
        writer.close()

    async with (
        await asyncio.start_server(handle, "127.0.0.1", 0) as server,
        Client(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}") as client,
    ):
        yield client


@pytest.fixture(autouse=True)
def _in_a_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "FIRST", 0.001)
    monkeypatch.setattr(jobs, "LONGEST", 0.001)


async def test_a_restart_is_waited_for_and_each_step_told_once() -> None:
    answers = [told("queued", 0), GONE, refusal(503), told("running", 4), told("running", 4), told("succeeded", 9)]
    async with service(*answers) as memocha:
        steps = [(job.state, job.processed) async for job in memocha.jobs.follow(JOB)]
    assert steps == [("queued", 0), ("running", 4), ("succeeded", 9)]


async def test_a_bad_end_is_told_with_how_far_it_came() -> None:
    async with service(told("running", 4), told("failed", 5)) as memocha:
        with pytest.raises(JobFailed, match=r"Broken\.") as failed:
            await memocha.jobs.end(JOB)
    assert failed.value.job.processed == 5


@pytest.mark.parametrize("status", [401, 404])
async def test_what_will_not_pass_is_not_waited_for(status: int) -> None:
    async with service(told("running", 4), refusal(status), told("succeeded", 9)) as memocha:
        with pytest.raises(Refused) as refused:
            await memocha.jobs.end(JOB)
    assert refused.value.status == status


async def test_a_service_that_stays_away_is_given_up() -> None:
    async with service(told("running", 4), GONE) as memocha:
        with pytest.raises(Unreachable):
            await memocha.jobs.end(JOB)
