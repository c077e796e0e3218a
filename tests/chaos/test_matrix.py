"""A few cells of the chaos matrix, and what it is run with. All of it: `make chaos`."""

import asyncio
import random
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.chaos.cells import MATRIX, Cell, cells
from tests.chaos.drill import Outcome, amiss, drill
from tests.chaos.faults import Fault
from tests.chaos.model import answer_to
from tests.chaos.report import Report, why_not
from tests.chaos.stage import Stage, open_stage
from tests.chaos.wire import Wire
from tests.chaos.words import Words
from tests.support.instance import Event, Instance, Turn

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(240)]

IN_CI = [
    "worker:kill:done",
    "service:kill:done",
    "postgres:pause:stored",
    "milvus:pause:before",
    "model:pause:first",
    "service:pause:mid",
    "postgres:cut:stored",
    "model:cut:mid",
    "milvus:slow:before",
]
"""One of each kind, and the kills that `test_kill.py` does not hold."""


@pytest.fixture(scope="module")
async def stage() -> AsyncIterator[Stage]:
    async with open_stage(disks=False) as stage:
        yield stage


@pytest.mark.parametrize("name", IN_CI)
async def test_a_cell(name: str, stage: Stage, dice: random.Random, words: Words) -> None:
    (cell,) = cells(name)
    outcome = await drill(stage, cell, Fault(stage, cell, dice), 2, words)
    report = Report(seed=0, sessions=2, path=None)
    report.add(outcome)
    assert not outcome.failures


def test_every_cell_has_a_name_of_its_own_and_can_be_asked_for() -> None:
    everything = list(cells())
    assert len(everything) == len({cell.name for cell in everything}) == sum(map(len, MATRIX.values()))
    assert [cell.name for cell in cells("postgres:pause:mid")] == ["postgres:pause:mid"]
    assert {cell.fault for cell in cells("milvus:slow,stuck")} >= {"milvus:slow", "postgres:stuck", "model:stuck"}


def test_what_a_machine_cannot_do_is_said() -> None:
    full, killed = Cell("disk", "full", "mid"), Cell("redis", "kill", "mid")
    assert "root" in str(why_not(full, disks=False, redis=True))
    assert "redis-server" in str(why_not(killed, disks=True, redis=False))
    assert why_not(full, disks=True, redis=False) is why_not(killed, disks=False, redis=True) is None


def test_a_report_counts_what_failed() -> None:
    report = Report(seed=7, sessions=2, path=None)
    fine = Outcome("milvus:kill:mid", turns=6, marks={"all answered": 1.5, "index whole": 4.0})
    bad = Outcome("milvus:kill:done", turns=6, marks={"all answered": 2.5, "index whole": 9.0})
    bad.fail("lost", "a message")
    for outcome in (fine, bad):
        report.add(outcome)
    *_, cells_line, turns_line = report.table()
    assert cells_line == "1 cells passed, 1 failed, 0 left out"
    assert turns_line.startswith("12 turns (seed 7): 1 lost, 0 doubled")
    assert report.told()["faults"]["milvus:kill"]["all answered"] == {"p50": 2.0, "max": 2.5}


class TestTheLedger:
    """What is amiss is seen: each of these passes where the check is taken out."""

    question = "My locker is called badabo and it opens with gunu."

    def turn(self, *, done: bool = True) -> Turn:
        run = {"run_id": "r", "session_id": "s", "user_message_id": "q", "message_id": "a"}
        events = [Event(1, "run", run), Event(2, "token", {"text": answer_to(self.question)})]
        if done:
            events.append(Event(3, "done", {"message_id": "a", "finish_reason": "stop"}))
        return Turn(Instance.client(1), {"message": self.question}, events=events)

    def stored(self) -> list[dict[str, Any]]:
        return [
            {"id": "q", "role": "user", "content": self.question, "parent_id": None},
            {"id": "a", "role": "assistant", "content": answer_to(self.question), "parent_id": "q"},
        ]

    def test_nothing(self) -> None:
        assert list(amiss(self.stored(), [self.turn()])) == []

    @pytest.mark.parametrize(("at", "verdict"), [(0, "lost"), (1, "lost")])
    def test_a_message_that_is_gone(self, at: int, verdict: str) -> None:
        stored = self.stored()
        del stored[at]
        assert [found for found, _ in amiss(stored, [self.turn()])] == [verdict]

    def test_an_answer_that_nobody_acknowledged_may_be_gone(self) -> None:
        assert list(amiss(self.stored()[:1], [self.turn(done=False)])) == []

    def test_a_message_that_is_there_twice(self) -> None:
        again = self.stored()[1] | {"id": "another"}
        assert [found for found, _ in amiss([*self.stored(), again], [self.turn()])] == ["doubled"]

    def test_an_answer_that_is_not_what_was_streamed(self) -> None:
        question, answer = self.stored()
        assert [found for found, _ in amiss([question, answer | {"content": "no"}], [self.turn()])] == ["wrong"]

    def test_a_message_that_nobody_sent(self) -> None:
        strange = {"id": "x", "role": "user", "content": "hello", "parent_id": "a"}
        assert [found for found, _ in amiss([*self.stored(), strange], [self.turn()])] == ["wrong"]


class TestTheWire:
    """Before a server that sends back what it gets."""

    @pytest.fixture
    async def wire(self) -> AsyncIterator[Wire]:
        async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            while data := await reader.read(1024):
                writer.write(data)
            writer.close()

        server = await asyncio.start_server(echo, "127.0.0.1", 0)
        async with server, Wire(("127.0.0.1", 0), server.sockets[0].getsockname()).open() as wire:
            yield wire

    async def said_back(self, wire: Wire, data: bytes) -> float:
        """Seconds until all of it came back. Raises `IncompleteReadError` where it did not."""
        reader, writer = await asyncio.open_connection(*wire.at)  # type: ignore[misc]
        began = time.monotonic()
        writer.write(data)
        try:
            assert await reader.readexactly(len(data)) == data
        finally:
            writer.close()
        return time.monotonic() - began

    async def test_latency_is_that_of_both_ways_and_no_bandwidth(self, wire: Wire) -> None:
        wire.latency = 0.2
        assert 0.4 <= await self.said_back(wire, bytes(600_000)) < 5.0, "37 pieces, one after the other, would take 7 s"

    async def test_bandwidth(self, wire: Wire) -> None:
        wire.bandwidth = 50_000
        assert await self.said_back(wire, bytes(20_000)) >= 0.25

    async def test_a_cut(self, wire: Wire) -> None:
        wire.latency = 30.0
        waiting = asyncio.create_task(self.said_back(wire, b"never"))
        while not wire.cut():
            await asyncio.sleep(0.01)
        with pytest.raises((asyncio.IncompleteReadError, ConnectionError)):
            await waiting
        wire.heal()
        wire.refusing = True
        with pytest.raises((asyncio.IncompleteReadError, ConnectionError)):
            await self.said_back(wire, b"refused")
        wire.heal()
        await self.said_back(wire, b"healed")
