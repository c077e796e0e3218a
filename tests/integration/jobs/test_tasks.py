"""The jobs, done once, twice, broken off in the middle, and against each other."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from app.db.forgetting import Forgetting
from app.db.ids import new_id
from app.db.indexing import Indexing
from app.db.memories import Memories, MemoryChange
from app.db.messages import Messages
from app.db.sessions import SessionChange, Sessions
from app.db.users import Users
from graphs.errors import IndexUnavailable
from tests.integration.jobs.support import Service


class Killed(BaseException):
    """The process ends here: nothing after this line is done."""


async def kill() -> None:
    raise Killed


async def due(parts: Service) -> None:
    """Let jobs that were put off be due, and memories that wait have waited long enough."""
    async with parts.database.transaction() as tx:
        await tx.execute(text("UPDATE procrastinate_jobs SET scheduled_at = NULL WHERE status = 'todo'"))
        await tx.execute(text("UPDATE memories SET stored_at = stored_at - interval '1 hour'"))


async def agrees(parts: Service) -> None:
    """Rows and index hold the same memories, and the rows know it."""
    rows = await parts.rows()
    assert parts.index.held(parts.user).keys() == rows.keys()
    async with parts.database.transaction() as tx:
        assert await Indexing(tx).pending_of(parts.user) == []


async def test_what_was_said_is_remembered(parts: Service) -> None:
    session = await parts.new_session()
    said = await parts.say(session, "My dog is called Biscuit", "He is four years old")
    await parts.drained()
    assert sorted((await parts.rows()).values()) == ["He is four years old", "My dog is called Biscuit"]
    assert parts.remembers("dog called Biscuit")
    await agrees(parts)
    async with parts.database.transaction() as tx:
        (first,) = [each for each in (await Memories(tx).list(parts.user)).items if "dog" in each.text]
    assert [source.message_id for source in first.sources] == [said[0]]
    assert (first.session_id, first.role, first.seq) == (session, "user", 0)


async def test_doing_it_again_changes_nothing(parts: Service) -> None:
    session = await parts.new_session()
    said = await parts.say(session, "My dog is called Biscuit")
    for _ in range(3):
        await parts.drained()
        before = await parts.rows()
        async with parts.database.transaction() as tx:
            await parts.queue.index_messages(tx, parts.user, said)
    await parts.drained()
    assert await parts.rows() == before
    assert len(before) == 1
    await agrees(parts)


async def test_a_long_message_is_remembered_in_parts(parts: Service) -> None:
    session = await parts.new_session()
    await parts.say(session, " ".join(f"Sentence number {n} is about gardens." for n in range(200)))
    await parts.drained()
    assert len(await parts.rows()) > 3
    await agrees(parts)


async def test_neither_message_nor_job_without_the_other(parts: Service) -> None:
    session = await parts.new_session()
    with pytest.raises(Killed):  # noqa: PT012
        async with parts.database.transaction() as tx:
            row, _ = await Messages(tx).add(parts.user, session, "user", "never said", parent_id=None)
            await parts.queue.index_messages(tx, parts.user, [row.id])
            await parts.queue.reconcile_session(tx, parts.user, session)
            await kill()
    assert await parts.jobs() == []


async def test_job_arguments_hold_no_words(parts: Service) -> None:
    session = await parts.new_session()
    await parts.say(session, "canary-4711 is what I said")
    await parts.drained()
    async with parts.database.transaction() as tx:
        found = await tx.scalar(text("SELECT count(*) FROM procrastinate_jobs j WHERE j::text LIKE '%canary%'"))
    assert (found, await parts.jobs("succeeded")) == (0, ["index_messages"])


async def test_rows_are_there_while_the_index_is_away_and_it_catches_up(parts: Service) -> None:
    session = await parts.new_session()
    parts.index.away = True
    await parts.say(session, "My dog is called Biscuit")
    await parts.drained()
    assert list((await parts.rows()).values()) == ["My dog is called Biscuit"]
    assert await parts.jobs("todo") == ["index_messages"], "it waits to be tried again"
    parts.index.away = False
    await due(parts)
    await parts.drained()
    assert parts.remembers("Biscuit")
    await agrees(parts)


async def test_what_the_index_misses_is_found_without_a_job(parts: Service) -> None:
    session = await parts.new_session()
    parts.index.away = True
    await parts.say(session, "My dog is called Biscuit")
    await parts.drained()
    async with parts.database.transaction() as tx:
        await tx.execute(text("DELETE FROM procrastinate_jobs"))
    await parts.tasks.index_pending(0)
    parts.index.away = False
    await parts.tasks.index_pending(0)
    assert not parts.remembers("Biscuit"), "too young: its own job is still at it"
    await due(parts)
    await parts.tasks.index_pending(0)
    assert parts.remembers("Biscuit")
    await agrees(parts)


@pytest.mark.parametrize("hook", ["before_write", "after_write"])
async def test_killed_between_rows_and_index(parts: Service, hook: str) -> None:
    session = await parts.new_session()
    said = await parts.say(session, "My dog is called Biscuit", remember=False)
    setattr(parts.index, hook, kill)
    arguments = (str(parts.user), str(session), [str(each) for each in said])
    with pytest.raises(Killed):
        await parts.tasks.index_messages(*arguments)
    assert len(await parts.rows()) == 1
    await parts.tasks.index_messages(*arguments)
    assert len(await parts.rows()) == 1
    await agrees(parts)


async def forget_by_memory(parts: Service, session: UUID) -> None:
    del session
    async with parts.database.transaction() as tx:
        ids = list(await parts.rows())
        await parts.queue.forget(tx, parts.user, await Forgetting(tx).memories(parts.user, ids))


async def delete_session(parts: Service, session: UUID) -> None:
    async with parts.database.transaction() as tx:
        await Sessions(tx).delete(parts.user, session)
        await parts.queue.forget_session(tx, parts.user, session)


async def reset_session(parts: Service, session: UUID) -> None:
    async with parts.database.transaction() as tx:
        await Sessions(tx).reset(parts.user, session)
        await parts.queue.forget_session(tx, parts.user, session)


async def clear_all(parts: Service, session: UUID) -> None:
    del session
    async with parts.database.transaction() as tx:
        await Forgetting(tx).everything(parts.user)
        await parts.queue.forget_user(tx, parts.user)


WAYS = [forget_by_memory, delete_session, reset_session, clear_all]


@pytest.mark.parametrize("forget", WAYS)
async def test_forgotten_is_gone(parts: Service, forget: Callable[[Service, UUID], Awaitable[None]]) -> None:
    session = await parts.new_session()
    said = await parts.say(session, "My dog is called Biscuit", "It barks " * 300)
    await parts.drained()
    await forget(parts, session)
    await parts.drained()
    assert (await parts.rows(), parts.index.held(parts.user)) == ({}, {})
    # Nor does it come back: by the same job once more, by reconciling, by looking for what is missing.
    await parts.tasks.index_messages(str(parts.user), str(session), [str(each) for each in said])
    await parts.tasks.reconcile_session(str(parts.user), str(session))
    await due(parts)
    await parts.tasks.index_pending(0)
    await parts.drained()
    assert (await parts.rows(), parts.index.held(parts.user)) == ({}, {})


@pytest.mark.parametrize("forget", WAYS)
@pytest.mark.parametrize("hook", ["before_write", "after_write"])
@pytest.mark.parametrize("killed", [False, True])
async def test_forgotten_while_it_was_being_indexed(
    parts: Service, forget: Callable[[Service, UUID], Awaitable[None]], hook: str, killed: bool
) -> None:
    session = await parts.new_session()
    said = await parts.say(session, "My dog is called Biscuit", remember=False)

    async def forget_meanwhile() -> None:
        await forget(parts, session)
        # The job that forgets is done before the write that it should undo.
        await parts.drained()
        if killed:
            parts.index.after_write = kill
            if hook == "after_write":
                await kill()

    setattr(parts.index, hook, forget_meanwhile)
    arguments = (str(parts.user), str(session), [str(each) for each in said])
    if killed:
        with pytest.raises(Killed):
            await parts.tasks.index_messages(*arguments)
        parts.index.after_write = None
        # As after a stalled job is found: the same once more.
    await parts.tasks.index_messages(*arguments)
    await parts.drained()
    assert (await parts.rows(), parts.index.held(parts.user)) == ({}, {})


async def test_edited_while_it_was_being_indexed(parts: Service) -> None:
    session = await parts.new_session()
    said = await parts.say(session, "My dog is called Biscuit", remember=False)

    async def edit() -> None:
        (memory,) = await parts.rows()
        async with parts.database.transaction() as tx:
            _, changed = await Memories(tx).change(parts.user, memory, MemoryChange(text="My dog is called Rex"))
            assert changed
            await parts.queue.index_memories(tx, parts.user, [memory])
        await parts.drained()

    parts.index.before_write = edit
    await parts.tasks.index_messages(str(parts.user), str(session), [str(said[0])])
    assert parts.remembers("Rex")
    assert not parts.remembers("Biscuit")
    await agrees(parts)


async def test_made_again_while_it_was_being_forgotten(parts: Service) -> None:
    session = await parts.new_session()
    (said,) = await parts.say(session, "My dog is called Biscuit")
    await parts.drained()
    (memory,) = await parts.rows()
    async with parts.database.transaction() as tx:
        assert await Indexing(tx).drop_episodes(parts.user, [said]) == [memory]

    async def make_again() -> None:
        await parts.tasks.index_messages(str(parts.user), str(session), [str(said)])

    parts.index.before_delete = make_again
    await parts.tasks.index_memories(str(parts.user), [str(memory)])
    assert parts.remembers("Biscuit")
    await agrees(parts)


async def test_the_rest_of_a_session_stays_when_it_is_taken_out(parts: Service) -> None:
    session, other = await parts.new_session(), await parts.new_session()
    await parts.say(session, "before the reset")
    await parts.say(other, "elsewhere")
    await parts.drained()
    async with parts.database.transaction() as tx:
        await Sessions(tx).reset(parts.user, session)
        await parts.queue.forget_session(tx, parts.user, session)
    await parts.say(session, "after the reset")
    await parts.drained()
    assert sorted((await parts.rows()).values()) == ["after the reset", "elsewhere"]
    await agrees(parts)


async def test_memories_that_are_kept_stand_by_themselves(parts: Service) -> None:
    session = await parts.new_session()
    await parts.say(session, "My dog is called Biscuit")
    await parts.drained()
    async with parts.database.transaction() as tx:
        await Sessions(tx).delete(parts.user, session, keep_memories=True)
        await parts.queue.forget_session(tx, parts.user, session)
    await parts.drained()
    assert parts.remembers("Biscuit")
    await agrees(parts)


async def test_only_the_shown_branch_is_remembered(parts: Service) -> None:
    session = await parts.new_session()
    first, old = await parts.say(session, "first question", "old question about cats")
    await parts.drained()
    (new,) = await parts.say(session, "new question about dogs", parent=first)
    async with parts.database.transaction() as tx:
        await parts.queue.reconcile_session(tx, parts.user, session)
    await parts.drained()
    assert sorted((await parts.rows()).values()) == ["first question", "new question about dogs"]
    await agrees(parts)
    async with parts.database.transaction() as tx:
        await Sessions(tx).set_head(parts.user, session, old)
        await parts.queue.reconcile_session(tx, parts.user, session)
    await parts.drained()
    assert sorted((await parts.rows()).values()) == ["first question", "old question about cats"]
    await agrees(parts)
    # A job for a message of the branch that was left makes nothing of it.
    await parts.tasks.index_messages(str(parts.user), str(session), [str(new)])
    await agrees(parts)
    assert len(await parts.rows()) == 2


async def test_reconciling_does_not_bring_back_what_was_forgotten(parts: Service) -> None:
    session = await parts.new_session()
    await parts.say(session, "keep this", "forget this")
    await parts.drained()
    async with parts.database.transaction() as tx:
        (memory,) = [key for key, said in (await parts.rows()).items() if said == "forget this"]
        await parts.queue.forget(tx, parts.user, await Forgetting(tx).memories(parts.user, [memory]))
        await parts.queue.reconcile_session(tx, parts.user, session)
    await parts.drained()
    assert list((await parts.rows()).values()) == ["keep this"]
    await agrees(parts)


async def test_what_is_not_to_be_remembered(parts: Service) -> None:
    temporary = await parts.new_session(temporary=True)
    quiet = await parts.new_session(memory_enabled=False)
    late = await parts.new_session()
    await parts.say(temporary, "temporary")
    await parts.say(quiet, "quiet")
    await parts.say(late, "turned off before its job")
    async with parts.database.transaction() as tx:
        await Sessions(tx).change(parts.user, late, SessionChange(memory_enabled=False))
    await parts.drained()
    assert await parts.rows() == {}
    async with parts.database.transaction() as tx:
        await Users(tx).set_memory_enabled(parts.user, False)
    await parts.say(await parts.new_session(), "off for this user")
    await parts.drained()
    assert await parts.rows() == {}


async def test_jobs_of_another_user_reach_nothing(parts: Service) -> None:
    session = await parts.new_session()
    said = await parts.say(session, "My dog is called Biscuit")
    await parts.drained()
    before = (await parts.rows(), parts.index.held(parts.user))
    stranger = new_id()
    async with parts.database.transaction() as tx:
        await Users(tx).create(f"stranger {stranger}", user_id=stranger)
    ids = [str(each) for each in before[0]]
    await parts.tasks.index_messages(str(stranger), str(session), [str(each) for each in said])
    await parts.tasks.index_memories(str(stranger), ids)
    await parts.tasks.reconcile_session(str(stranger), str(session))
    await parts.tasks.forget_session(str(stranger), str(session))
    await parts.tasks.forget_user(str(stranger))
    assert (await parts.rows(), parts.index.held(parts.user)) == before


async def test_temporary_sessions_expire(parts: Service) -> None:
    old, young = await parts.new_session(temporary=True), await parts.new_session(temporary=True)
    async with parts.database.transaction() as tx:
        await tx.execute(
            text("UPDATE sessions SET created_at = :at WHERE id = :id"),
            {"at": datetime.now(UTC) - timedelta(hours=25), "id": old},
        )
    await parts.tasks.expire_temporary(0)
    async with parts.database.transaction() as tx:
        left = list(await tx.scalars(text("SELECT id FROM sessions WHERE temporary")))
    assert left == [young]


async def test_old_jobs_are_removed(parts: Service) -> None:
    session = await parts.new_session()
    await parts.say(session, "one")
    await parts.drained()
    await parts.tasks.remove_old_jobs(0)
    assert await parts.jobs("succeeded") == ["index_messages"]
    async with parts.database.transaction() as tx:
        await tx.execute(text("UPDATE procrastinate_events SET at = at - interval '2 hours'"))
    await parts.tasks.remove_old_jobs(0)
    assert await parts.jobs() == []


async def test_memories_that_never_settle_are_put_off(parts: Service) -> None:
    session = await parts.new_session()
    (said,) = await parts.say(session, "restless", remember=False)

    async def change() -> None:
        (memory,) = await parts.rows()
        async with parts.database.transaction() as tx:
            await Memories(tx).change(parts.user, memory, MemoryChange(text=f"restless {new_id()}"))
        parts.index.before_write = change

    parts.index.before_write = change
    with pytest.raises(IndexUnavailable):
        await parts.tasks.index_messages(str(parts.user), str(session), [str(said)])
