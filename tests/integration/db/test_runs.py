"""Runs, what answers were given, and what they cost."""

import asyncio
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy import text

from app.db.engine import Database
from app.db.forgetting import Forgetting
from app.db.ids import new_id
from app.db.memories import Memories
from app.db.messages import Messages
from app.db.recalls import Recalls
from app.db.runs import Runs
from app.db.sessions import Sessions
from app.db.usage import Cost, Spent, Usage
from app.errors import RunActive, RunNotFound
from graphs.memory.records import Memory, MemoryKind, Recalled

LEASE = timedelta(seconds=15)


@pytest.fixture
async def session(database: Database, user: UUID) -> UUID:
    async with database.transaction() as tx:
        return (await Sessions(tx).create(user)).id


@pytest.fixture
async def question(database: Database, user: UUID, session: UUID) -> UUID:
    async with database.transaction() as tx:
        return (await Messages(tx).add(user, session, "user", "why?", parent_id=None))[0].id


async def start(database: Database, user: UUID, session: UUID, question: UUID, owner: str = "one") -> UUID:
    async with database.transaction() as tx:
        run = await Runs(tx).start(user, session, question, owner=owner, params={"model": "m", "temperature": 0.2})
        return run.id


async def grow_old(database: Database, run: UUID, by: timedelta) -> None:
    async with database.transaction() as tx:
        await tx.execute(
            text("UPDATE runs SET heartbeat_at = heartbeat_at - :by WHERE id = :id"), {"by": by, "id": run}
        )


async def test_one_run_a_session(database: Database, user: UUID, session: UUID, question: UUID) -> None:
    run = await start(database, user, session, question)
    with pytest.raises(RunActive) as caught:
        await start(database, user, session, question)
    assert caught.value.run_id == run
    async with database.transaction() as tx:
        assert await Runs(tx).live_ids(user, [session, new_id()]) == {session: run}
        assert await Runs(tx).finish(run, "one", "done")
        assert not await Runs(tx).finish(run, "one", "failed")
    async with database.transaction() as tx:
        ended = await Runs(tx).get(user, run)
        assert (ended.state, ended.params) == ("done", {"model": "m", "temperature": 0.2})
        assert ended.finished_at is not None
        assert await Runs(tx).live_for(user, session) is None
    assert await start(database, user, session, question) != run


async def test_of_many_at_once_one_starts(database: Database, user: UUID, session: UUID, question: UUID) -> None:
    results = await asyncio.gather(
        *(start(database, user, session, question, f"owner {n}") for n in range(6)), return_exceptions=True
    )
    started = [each for each in results if isinstance(each, UUID)]
    refused = [each.run_id for each in results if isinstance(each, RunActive)]
    assert len(started) == 1
    assert refused == started * 5


async def test_a_refusal_does_not_spoil_the_transaction(
    database: Database, user: UUID, session: UUID, question: UUID
) -> None:
    await start(database, user, session, question)
    async with database.transaction() as tx:
        with pytest.raises(RunActive):
            await Runs(tx).start(user, session, question, owner="two")
        await Sessions(tx).touch(user, session)


async def test_heartbeats_and_taking_over(database: Database, user: UUID, session: UUID, question: UUID) -> None:
    run = await start(database, user, session, question)
    async with database.transaction() as tx:
        assert await Runs(tx).adopt(run, "two", older_than=LEASE) is None
        assert run not in [each.id for each in await Runs(tx).expired(LEASE)]
    await grow_old(database, run, LEASE * 2)
    async with database.transaction() as tx:
        assert await Runs(tx).heartbeat("someone else", [run]) == set()
        assert run in [each.id for each in await Runs(tx).expired(LEASE)]
        assert await Runs(tx).heartbeat("one", [run, new_id()]) == {run}
        assert run not in [each.id for each in await Runs(tx).expired(LEASE)]
    await grow_old(database, run, LEASE * 2)

    async def adopt(owner: str) -> int | None:
        async with database.transaction() as tx:
            adopted = await Runs(tx).adopt(run, owner, older_than=LEASE)
            return adopted.attempt if adopted else None

    taken = await asyncio.gather(*(adopt(f"owner {n}") for n in range(5)))
    assert sorted(filter(None, taken)) == [2]
    async with database.transaction() as tx:
        assert not await Runs(tx).finish(run, "one", "done"), "the first owner is too late"
        assert await Runs(tx).heartbeat("one", [run]) == set()


async def test_strangers_see_no_run(
    database: Database, user: UUID, stranger: UUID, session: UUID, question: UUID
) -> None:
    run = await start(database, user, session, question)
    async with database.transaction() as tx:
        with pytest.raises(RunNotFound):
            await Runs(tx).get(stranger, run)
        assert await Runs(tx).live_for(stranger, session) is None
        assert await Runs(tx).live_ids(stranger, [session]) == {}


async def remembered(database: Database, user: UUID, *texts: str) -> list[Memory]:
    memories = [Memory(new_id(), user, MemoryKind.FACT, each, datetime(2026, 1, 1, tzinfo=UTC)) for each in texts]
    async with database.transaction() as tx:
        await Memories(tx).add_many(user, memories)
    return memories


async def test_an_answer_lists_what_it_was_given(
    database: Database, user: UUID, stranger: UUID, session: UUID, question: UUID
) -> None:
    one, two, three = await remembered(database, user, "one", "two", "three")
    (theirs,) = await remembered(database, stranger, "theirs")
    async with database.transaction() as tx:
        answer, _ = await Messages(tx).add(user, session, "assistant", "because", parent_id=question)
        given = [
            Recalled(two, 0.9, number=7),
            Recalled(one, 0.5, in_view=True, number=2),
            Recalled(theirs, 0.4),
            Recalled(three, 0.3),
        ]
        for _ in range(2):
            await Recalls(tx).set(user, answer.id, given)
        await Recalls(tx).set(stranger, answer.id, [Recalled(theirs, 1.0)])
    async with database.transaction() as tx:
        listed = (await Recalls(tx).of(user, [answer.id]))[answer.id]
        assert [(each.memory.text, each.score, each.in_view, each.number) for each in listed] == [
            ("two", 0.9, False, 7),
            ("one", 0.5, True, 2),
            ("three", 0.3, False, None),
        ]
        assert await Recalls(tx).of(stranger, [answer.id]) == {}
        window = await Messages(tx).window(user, session, 0)
        assert [(each.message.content, [item.memory.text for item in each.recalled]) for each in window] == [
            ("why?", []),
            ("because", ["two", "three"]),
        ]
        await Forgetting(tx).memories(user, [one.id])
    async with database.transaction() as tx:
        listed = (await Recalls(tx).of(user, [answer.id]))[answer.id]
        assert [each.memory.text for each in listed] == ["two", "three"]


async def test_usage_counts_once_and_outlives_the_session(
    database: Database, user: UUID, stranger: UUID, session: UUID
) -> None:
    answer = new_id()
    cost = Cost("m", prompt_tokens=100, completion_tokens=20, cached_tokens=60, cost_usd=Decimal("0.00012345"))
    async with database.transaction() as tx:
        for _ in range(2):
            await Usage(tx).add(user, session, answer, cost)
        await Usage(tx).add(user, session, new_id(), Cost("m", prompt_tokens=1, completion_tokens=2, ttft_ms=12.5))
        await Sessions(tx).delete(user, session)
    async with database.transaction() as tx:
        total = await Usage(tx).spent(user)
        assert (total.answers, total.prompt_tokens, total.cached_tokens, total.completion_tokens) == (2, 101, 60, 22)
        assert (total.cost_usd, total.unpriced) == (Decimal("0.00012345"), 1)
        assert (await Usage(tx).spent(user, since=datetime.now(UTC) + timedelta(hours=1))).answers == 0
        assert (await Usage(tx).of(user, [answer]))[answer].session_id is None
        assert await Usage(tx).of(stranger, [answer]) == {}
        assert await Usage(tx).spent(stranger) == Spent()
        today, long_ago = datetime.now(UTC), datetime(2020, 1, 1, tzinfo=UTC)
        assert await Usage(tx).by_day(user, long_ago) in (
            [(today.date(), total)],
            [(today.date() - timedelta(days=1), total)],  # a test that midnight fell into
        )
        assert await Usage(tx).by_model(user, long_ago) == [("m", total)]
        assert await Usage(tx).by_day(stranger, long_ago) == await Usage(tx).by_model(stranger, long_ago) == []


async def test_two_answers_may_note_the_same_memories_at_once(database: Database, user: UUID) -> None:
    """Each holds them from its first statement on, and neither waits for the other to let go."""
    async with database.transaction() as tx:
        memories = [Memory(new_id(), user, MemoryKind.FACT, f"Fact {n}", datetime.now(UTC)) for n in range(3)]
        await Memories(tx).add_many(user, memories)
    both_hold = asyncio.Barrier(2)

    async def answer() -> None:
        async with database.transaction() as tx:
            session = await Sessions(tx).create(user)
            row, _ = await Messages(tx).add(user, session.id, "assistant", "Yes.", parent_id=None)
            await Recalls(tx).set(user, row.id, [Recalled(memory, 1.0) for memory in memories])
            await both_hold.wait()
            await Memories(tx).touch_recalled(user, [memory.id for memory in memories])

    async with asyncio.timeout(20):
        await asyncio.gather(answer(), answer())
    async with database.transaction() as tx:
        assert [memory.recalled for memory in await Memories(tx).get_many(user, [memories[0].id])] == [2]
