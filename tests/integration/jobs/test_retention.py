"""Retention: the least useful leaves rows and index, does not come back, is told of, and waits for running turns."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from app.chat import branches
from app.db.forgetting import Forgetting
from app.db.ids import new_id
from app.db.memories import Memories, MemoryChange
from app.db.messages import Messages
from app.db.retention import Retention
from app.db.runs import Runs
from app.db.sessions import Sessions
from app.db.users import Users
from app.jobs.retention import RetentionTasks
from graphs.memory.records import Memory, MemoryKind, Source
from graphs.memory.retention import Policy, leaving
from tests.integration.jobs.support import Service
from tests.integration.jobs.test_facts import tell

NOW = datetime.now(UTC)
OLD, NEW = "The old house had a green door", "The new house has a blue door"


def tasks(parts: Service, policy: Policy) -> RetentionTasks:
    made = RetentionTasks(parts.database, parts.queue, policy)
    made.register()
    # What is due by the clock would be done when any worker begins: here it is time when a test says so.
    parts.queue.app.periodic_registry.periodic_tasks.clear()
    return made


async def enforce(parts: Service, policy: Policy | RetentionTasks) -> set[str]:
    """Have the limits hold; what is remembered then. Rows and index agree."""
    await parts.drained()
    enforcing = policy if isinstance(policy, RetentionTasks) else tasks(parts, policy)
    await enforcing.find_over_limits(0)
    await parts.drained()
    rows = await parts.rows()
    assert rows.keys() == parts.index.held(parts.user).keys()
    return set(rows.values())


async def fact(parts: Service, words: str, *, days: int, superseded_by: UUID | None = None) -> UUID:
    memory = Memory(
        id=new_id(),
        user_id=parts.user,
        kind=MemoryKind.FACT,
        text=words,
        created_at=NOW - timedelta(days=days),
        superseded_by=superseded_by,
    )
    async with parts.database.transaction() as tx:
        await Memories(tx).add_many(parts.user, [memory])
        await parts.queue.index_memories(tx, parts.user, [memory.id])
    return memory.id


async def two_houses(parts: Service) -> tuple[UUID, list[UUID]]:
    session = await parts.new_session()
    [old] = await tell(parts, session, OLD, at=NOW - timedelta(days=100))
    [new] = await tell(parts, session, NEW, at=NOW - timedelta(days=1))
    return session, [old, new]


async def test_without_limits_nothing_leaves(parts: Service) -> None:
    await two_houses(parts)
    assert await enforce(parts, Policy()) == {OLD, NEW}


@pytest.mark.parametrize(
    "policy", [Policy(memories=1), Policy(days=30), Policy(bytes=len(NEW))], ids=["count", "age", "size"]
)
async def test_what_is_over_a_limit_leaves_and_is_told_of(parts: Service, policy: Policy) -> None:
    session, _ = await two_houses(parts)
    assert await enforce(parts, policy) == {NEW}
    async with parts.database.transaction() as tx:
        usage = await Retention(tx).usage(parts.user)
        (run,) = await Retention(tx).departed(parts.user, 10)
        said = await tx.scalar(text("SELECT count(*) FROM messages"))
    assert (usage.memories, usage.bytes) == (1, len(NEW))
    assert (run.count, run.bytes, dict(run.kinds)) == (1, len(OLD), {"episode": 1})
    assert [(row.session_id, row.kind) for row in run.items] == [(session, "episode")]
    assert said == 2, "what left stays in its conversation"


async def test_what_left_does_not_come_back(parts: Service) -> None:
    session, said = await two_houses(parts)
    await enforce(parts, Policy(memories=1))
    async with parts.database.transaction() as tx:
        await parts.queue.index_messages(tx, parts.user, said)
        await parts.queue.reconcile_session(tx, parts.user, session)
    await parts.drained()
    assert set((await parts.rows()).values()) == {NEW}
    async with parts.database.transaction() as tx:
        assert await tx.scalar(text("SELECT count(*) FROM departures")) == 1


async def test_facts_are_not_read_again_of_what_left(parts: Service) -> None:
    session, _ = await two_houses(parts)
    async with parts.database.transaction() as tx:
        await tx.execute(text("UPDATE messages SET facts_at = now()"))
    await enforce(parts, Policy(memories=1))
    async with parts.database.transaction() as tx:
        await parts.queue.reconcile_session(tx, parts.user, session)
    await parts.drained()
    async with parts.database.transaction() as tx:
        assert await tx.scalar(text("SELECT count(*) FROM messages WHERE facts_at IS NULL")) == 0


async def test_a_branch_that_is_shown_again_is_remembered_anew(parts: Service) -> None:
    session, [_, new] = await two_houses(parts)
    await enforce(parts, Policy(memories=1))
    for show in (None, new):
        async with parts.database.transaction() as tx:
            if show is None:
                await Messages(tx).add(parts.user, session, "user", "Something else", parent_id=None)
            else:
                await Sessions(tx).set_head(parts.user, session, show)
            await branches.remember_shown(tx, parts.queue, parts.user, session)
        await parts.drained()
    assert set((await parts.rows()).values()) == {OLD, NEW}


async def test_pinned_ones_stay_and_count(parts: Service) -> None:
    await two_houses(parts)
    await parts.drained()
    [old] = [key for key, words in (await parts.rows()).items() if words == OLD]
    async with parts.database.transaction() as tx:
        await Memories(tx).change(parts.user, old, MemoryChange(pinned=True))
    assert await enforce(parts, Policy(memories=1)) == {OLD}


async def test_parts_of_a_long_message_leave_together(parts: Service) -> None:
    long = " ".join(f"Sentence {at} tells of the {at}th garden and of its roses, which are old." for at in range(60))
    await tell(parts, await parts.new_session(), long, at=NOW - timedelta(days=50))
    await tell(parts, await parts.new_session(), NEW, at=NOW)
    await parts.drained()
    pieces = len(await parts.rows())
    assert pieces > 3
    assert await enforce(parts, Policy(memories=pieces - 1)) == {NEW}


async def test_what_is_superseded_leaves_first_and_never_holds_again(parts: Service) -> None:
    newer = await fact(parts, "I live in Porto", days=300)
    await fact(parts, "I live in Berlin", days=1, superseded_by=newer)
    await fact(parts, "I like tea", days=2)
    assert await enforce(parts, Policy(memories=2)) == {"I live in Porto", "I like tea"}
    await fact(parts, "I live in Madrid", days=1, superseded_by=newer)
    await parts.drained()
    [madrid] = [key for key, words in (await parts.rows()).items() if words == "I live in Madrid"]
    async with parts.database.transaction() as tx:
        # Pinned after it was decided what leaves: neither it nor what has superseded it may go.
        held = await Retention(tx).held(parts.user)
        chosen = leaving(held, Policy(memories=1), NOW)
        await Memories(tx).change(parts.user, madrid, MemoryChange(pinned=True))
        gone = await Retention(tx).take(parts.user, chosen, NOW)
    assert newer not in gone
    assert madrid not in gone


async def test_a_message_whose_episode_left_can_still_be_forgotten_whole(parts: Service) -> None:
    _, [old, _] = await two_houses(parts)
    await enforce(parts, Policy(memories=1))
    source = Source(new_id(), old, NOW)
    derived = [
        Memory(new_id(), parts.user, kind, "The door of my old house was green", NOW, sources=(source,))
        for kind in (MemoryKind.FACT, MemoryKind.DIGEST)
    ]
    async with parts.database.transaction() as tx:
        await Memories(tx).add_many(parts.user, derived, quotes={derived[0].id: OLD})
        gone = await Forgetting(tx).memories(parts.user, [], [old])
    assert set(gone) == {memory.id for memory in derived}
    assert set((await parts.rows()).values()) == {NEW}


async def test_nothing_leaves_while_a_turn_goes_on(parts: Service) -> None:
    session, [_, new] = await two_houses(parts)
    async with parts.database.transaction() as tx:
        run = await Runs(tx).start(parts.user, session, new, owner="a process")
    enforcing = tasks(parts, Policy(memories=1))
    assert await enforce(parts, enforcing) == {OLD, NEW}
    async with parts.database.transaction() as tx:
        await Runs(tx).finish(run.id, "a process", "done")
    assert await enforce(parts, enforcing) == {NEW}


async def test_a_turn_cannot_begin_while_something_leaves(parts: Service) -> None:
    session, [_, new] = await two_houses(parts)
    await parts.drained()
    async with parts.database.transaction() as leaving_tx:
        assert await Retention(leaving_tx).hold_still(parts.user)
        with pytest.raises(Exception, match="timeout"):
            await begin(parts, session, new)


async def begin(parts: Service, session: UUID, question: UUID) -> None:
    async with parts.database.transaction() as tx:
        await tx.execute(text("SET LOCAL lock_timeout = '200ms'"))
        await Runs(tx).start(parts.user, session, question, owner="a process")


async def test_others_memories_are_not_counted_or_taken(parts: Service) -> None:
    await two_houses(parts)
    mine = parts.user
    await parts.drained()
    parts.user = new_id()
    async with parts.database.transaction() as tx:
        await Users(tx).create("another", user_id=parts.user)
    await tell(parts, await parts.new_session(), "Mine alone")
    assert await enforce(parts, Policy(memories=2)) == {"Mine alone"}
    parts.user = mine
    assert set((await parts.rows()).values()) == {OLD, NEW}


async def limit(parts: Service, **own: int | None) -> None:
    async with parts.database.transaction() as tx:
        await Users(tx).change(parts.user, {f"retention_{name}": value for name, value in own.items()})


async def test_a_users_own_limit_holds_for_them_alone(parts: Service) -> None:
    await two_houses(parts)
    mine = parts.user
    await limit(parts, memories=1)
    parts.user = new_id()
    async with parts.database.transaction() as tx:
        await Users(tx).create("another", user_id=parts.user)
    await two_houses(parts)
    assert await enforce(parts, Policy()) == {OLD, NEW}
    parts.user = mine
    assert set((await parts.rows()).values()) == {NEW}


async def test_a_users_own_age_holds(parts: Service) -> None:
    await two_houses(parts)
    await limit(parts, days=30)
    assert await enforce(parts, Policy()) == {NEW}


async def test_a_users_own_limit_is_never_laxer(parts: Service) -> None:
    await two_houses(parts)
    await limit(parts, memories=1_000, days=1_000)
    assert await enforce(parts, Policy(memories=1)) == {NEW}


async def test_without_an_own_limit_the_deployments_holds(parts: Service) -> None:
    await two_houses(parts)
    await limit(parts, memories=1)
    await limit(parts, memories=None)
    assert await enforce(parts, Policy(days=200)) == {OLD, NEW}
