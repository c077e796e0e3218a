"""Sessions: listing, changing, deleting, and that nobody reaches another's."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.engine import Database
from app.db.memories import Memories, MemoryFilter
from app.db.messages import Messages
from app.db.models import MemoryRow, Message
from app.db.sessions import SessionChange, Sessions
from app.db.tally import how_many
from app.errors import SessionNotFound
from graphs.memory.records import Memory, MemoryKind

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


async def make(database: Database, user: UUID, title: str, *, at: datetime = NOON, temporary: bool = False) -> UUID:
    async with database.transaction() as tx:
        session = await Sessions(tx).create(user, title=title, created_at=at, temporary=temporary)
        return session.id


async def contents(tx: AsyncSession, session_id: UUID) -> tuple[int, int]:
    """How many messages and memories there are of a session."""
    return await how_many(tx, Message.session_id == session_id), await how_many(tx, MemoryRow.session_id == session_id)


async def titles(database: Database, user: UUID, **wanted: object) -> list[str]:
    async with database.transaction() as tx:
        return [row.title for row in (await Sessions(tx).list(user, **wanted)).items]  # type: ignore[arg-type]


async def test_made_and_read(database: Database, user: UUID) -> None:
    session_id = await make(database, user, "Dogs")
    async with database.transaction() as tx:
        session = await Sessions(tx).get(user, session_id)
    assert (session.title, session.created_at, session.next_seq, session.head_id) == ("Dogs", NOON, 0, None)
    assert session.memory_enabled
    assert not session.temporary


async def test_pages_come_last_talked_in_first_and_each_once(database: Database, user: UUID) -> None:
    # Two of each time, so that the id has to decide too.
    made = [await make(database, user, f"{n}", at=NOON + timedelta(minutes=n // 2)) for n in range(7)]
    seen: list[UUID] = []
    cursor = None
    while True:
        async with database.transaction() as tx:
            page = await Sessions(tx).list(user, limit=2, cursor=cursor)
        seen += [row.id for row in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert len(seen) == 7
    assert set(seen) == set(made)
    assert seen[0] == made[6]
    assert set(seen[5:]) == set(made[:2])


async def test_temporary_and_archived_ones_are_left_out(database: Database, user: UUID) -> None:
    await make(database, user, "plain")
    await make(database, user, "secret", temporary=True)
    old = await make(database, user, "old")
    async with database.transaction() as tx:
        session = await Sessions(tx).change(user, old, SessionChange(archived=True))
        assert session.archived_at is not None
    assert await titles(database, user) == ["plain"]
    assert await titles(database, user, archived=True) == ["old"]
    async with database.transaction() as tx:
        await Sessions(tx).change(user, old, SessionChange(archived=False))
    assert sorted(await titles(database, user)) == ["old", "plain"]


async def test_search_looks_at_titles_and_words_as_they_are(database: Database, user: UUID) -> None:
    await make(database, user, "50% off")
    spoken = await make(database, user, "other")
    async with database.transaction() as tx:
        await Messages(tx).add(user, spoken, "user", "My dog is called Biscuit_1", parent_id=None)
    assert await titles(database, user, search="biscuit_") == ["other"]
    assert await titles(database, user, search="50%") == ["50% off"]
    assert await titles(database, user, search="%") == ["50% off"]
    assert await titles(database, user, search="_") == ["other"]
    assert await titles(database, user, search="\\") == []


async def test_changes(database: Database, user: UUID) -> None:
    session_id = await make(database, user, "")
    async with database.transaction() as tx:
        assert await Sessions(tx).set_title_if_empty(user, session_id, "first")
        assert not await Sessions(tx).set_title_if_empty(user, session_id, "second")
        await Sessions(tx).set_window_start(user, session_id, 7)
        session = await Sessions(tx).change(user, session_id, SessionChange(memory_enabled=False))
        before = session.updated_at
        assert (session.title, session.memory_enabled) == ("first", False)
    async with database.transaction() as tx:
        await Sessions(tx).touch(user, session_id)
    async with database.transaction() as tx:
        session = await Sessions(tx).get(user, session_id)
        assert session.window_start == 7
        assert session.updated_at > before


async def test_a_temporary_session_never_gets_memory(database: Database, user: UUID) -> None:
    session_id = await make(database, user, "", temporary=True)
    async with database.transaction() as tx:
        session = await Sessions(tx).change(user, session_id, SessionChange(memory_enabled=True))
        assert not session.memory_enabled


async def test_old_temporary_sessions_are_found(database: Database, user: UUID) -> None:
    old = await make(database, user, "", temporary=True, at=NOON - timedelta(days=2))
    await make(database, user, "", temporary=True, at=NOON)
    await make(database, user, "kept", at=NOON - timedelta(days=2))
    async with database.transaction() as tx:
        expired = await Sessions(tx).expired_temporary(NOON - timedelta(days=1))
    assert [pair for pair in expired if pair[0] == user] == [(user, old)]


async def talked_in(database: Database, user: UUID) -> tuple[UUID, UUID]:
    """A session of two messages with a memory and a checkpoint; (session, memory)."""
    session_id = await make(database, user, "talked in")
    async with database.transaction() as tx:
        asked, _ = await Messages(tx).add(user, session_id, "user", "I like tea", parent_id=None)
        await Messages(tx).add(user, session_id, "assistant", "Noted", parent_id=asked.id)
        memory = Memory(asked.id, user, MemoryKind.EPISODE, "I like tea", NOON, session_id=session_id)
        await Memories(tx).add_many(user, [memory])
        await tx.execute(
            text(
                "INSERT INTO checkpoints (thread_id, checkpoint_ns, checkpoint_id, checkpoint) "
                "VALUES (:id, '', '1', '{}')"
            ),
            {"id": str(session_id)},
        )
    return session_id, memory.id


async def checkpoints(database: Database, session_id: UUID) -> int:
    async with database.transaction() as tx:
        found = await tx.scalar(text("SELECT count(*) FROM checkpoints WHERE thread_id = :id"), {"id": str(session_id)})
        return int(found)


async def test_reset_empties_and_keeps_the_row(database: Database, user: UUID) -> None:
    session_id, _ = await talked_in(database, user)
    async with database.transaction() as tx:
        assert await contents(tx, session_id) == (2, 1)
        await Sessions(tx).reset(user, session_id)
    async with database.transaction() as tx:
        session = await Sessions(tx).get(user, session_id)
        assert session.head_id is None
        assert session.window_start == session.next_seq == 2
        assert await contents(tx, session_id) == (0, 0)
        message, _ = await Messages(tx).add(user, session_id, "user", "again", parent_id=None)
        assert message.seq == 2
    assert await checkpoints(database, session_id) == 0


@pytest.mark.parametrize("keep", [False, True])
async def test_delete(database: Database, user: UUID, keep: bool) -> None:
    session_id, memory_id = await talked_in(database, user)
    async with database.transaction() as tx:
        kept = await Sessions(tx).delete(user, session_id, keep_memories=keep)
    assert list(kept) == ([memory_id] if keep else [])
    async with database.transaction() as tx:
        with pytest.raises(SessionNotFound):
            await Sessions(tx).get(user, session_id)
        left = await Memories(tx).list(user, MemoryFilter())
    assert [(memory.id, memory.session_id) for memory in left.items] == ([(memory_id, None)] if keep else [])
    assert await checkpoints(database, session_id) == 0


async def test_strangers_see_and_change_nothing(database: Database, user: UUID, stranger: UUID) -> None:
    session_id = await make(database, user, "mine")
    assert await titles(database, stranger) == []
    assert await titles(database, stranger, search="mine") == []
    async with database.transaction() as tx:
        sessions = Sessions(tx)
        assert not await sessions.set_title_if_empty(stranger, session_id, "theirs")
        for attempt in (
            sessions.get(stranger, session_id),
            sessions.lock(stranger, session_id),
            sessions.change(stranger, session_id, SessionChange(title="theirs")),
            sessions.touch(stranger, session_id),
            sessions.set_head(stranger, session_id, None),
            sessions.set_window_start(stranger, session_id, 3),
            sessions.reset(stranger, session_id),
            sessions.delete(stranger, session_id),
            sessions.delete(stranger, session_id, keep_memories=True),
        ):
            with pytest.raises(SessionNotFound):
                await attempt
    async with database.transaction() as tx:
        assert (await Sessions(tx).get(user, session_id)).title == "mine"


async def test_external_ids_are_unique_within_their_user(database: Database, user: UUID, stranger: UUID) -> None:
    async with database.transaction() as tx:
        mine = await Sessions(tx).create(user, external_id="conv-1")
        theirs = await Sessions(tx).create(stranger, external_id="conv-1")
        found = await Sessions(tx).by_external_id(user, "conv-1")
        assert found is not None
        assert found.id == mine.id != theirs.id
        assert await Sessions(tx).by_external_id(user, "conv-2") is None
