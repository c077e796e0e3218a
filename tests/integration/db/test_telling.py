"""What is told of memories and sessions beside themselves: for many at once, by the same number of statements."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import UUID

import pytest
from sqlalchemy import Engine, event, update

from app import telling
from app.db.engine import Database
from app.db.ids import new_id
from app.db.memories import Memories, MemoryFilter
from app.db.memory_notes import MemoryNotes
from app.db.messages import Messages
from app.db.models import MemoryRow
from app.db.session_matches import BEFORE, LENGTH, matches, snippet
from app.db.sessions import SessionChange, Sessions
from app.errors import MessageNotFound, NotOnBranch
from app.schemas import Memory as ToldMemory
from graphs.memory.records import Memory, MemoryKind, Source

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@contextmanager
def statements() -> Iterator[list[str]]:
    """What goes to Postgres in the block, of any connection."""
    seen: list[str] = []

    def note(conn: object, cursor: object, statement: str, *rest: object) -> None:
        seen.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", note)


async def chain(database: Database, user: UUID, session: UUID, *texts: str) -> list[UUID]:
    """Facts of which each has taken the place of the one before, a day later."""
    memories = [
        Memory(new_id(), user, MemoryKind.FACT, said, NOON + timedelta(days=day), session_id=session)
        for day, said in enumerate(texts)
    ]
    async with database.transaction() as tx:
        await Memories(tx).add_many(user, memories)
        for older, newer in pairwise(memories):
            await tx.execute(
                update(MemoryRow)
                .where(MemoryRow.id == older.id)
                .values(superseded_by=newer.id, valid_to=newer.created_at)
            )
    return [memory.id for memory in memories]


async def new_session(database: Database, user: UUID, title: str = "") -> UUID:
    async with database.transaction() as tx:
        return (await Sessions(tx).create(user, title=title)).id


async def test_a_fact_is_told_with_all_that_it_took_the_place_of(
    database: Database, user: UUID, stranger: UUID
) -> None:
    session = await new_session(database, user, "Moving house")
    first, second, last = await chain(database, user, session, "In Rome", "In Oslo", "In Porto")
    async with database.transaction() as tx:
        page = await Memories(tx).list(user, MemoryFilter(superseded=False))
        [told] = await telling.listed(tx, user, page.items)
        assert await MemoryNotes(tx).earlier(stranger, [last]) == {}
        assert await MemoryNotes(tx).of(stranger, page.items) == {}
    assert (told.id, told.session_title) == (last, "Moving house")
    assert [(each.id, each.text) for each in told.earlier] == [(second, "In Oslo"), (first, "In Rome")]
    assert told.earlier[0].valid_to == NOON + timedelta(days=2)


async def test_facts_are_listed_by_whether_they_changed(database: Database, user: UUID) -> None:
    session = await new_session(database, user)
    first, last = await chain(database, user, session, "A tenant", "An owner")
    [alone] = await chain(database, user, session, "A swimmer")

    async def listed(**wanted: bool) -> set[UUID]:
        async with database.transaction() as tx:
            return {item.id for item in (await Memories(tx).list(user, MemoryFilter(**wanted))).items}

    assert await listed() == {first, last, alone}
    assert await listed(changed=True) == {last}
    assert await listed(changed=False) == {first, alone}
    assert await listed(superseded=True) == {first}
    assert await listed(superseded=False) == {last, alone}
    assert await listed(changed=True, superseded=True) == set()


async def test_two_that_name_each_other_end(database: Database, user: UUID) -> None:
    session = await new_session(database, user)
    first, last = await chain(database, user, session, "A tenant", "An owner")
    async with database.transaction() as tx:
        await tx.execute(update(MemoryRow).where(MemoryRow.id == last).values(superseded_by=first))
        found = await MemoryNotes(tx).earlier(user, [last])
    assert {each.id for each in found[last]} == {first, last}


async def test_a_page_takes_as_many_statements_as_one(database: Database, user: UUID) -> None:
    counts = []
    for number in (1, 40):
        for each in range(number):
            session = await new_session(database, user, f"Session {each}")
            await chain(database, user, session, f"{number} {each} before", f"{number} {each} after")
        async with database.transaction() as tx:
            with statements() as seen:
                page = await Memories(tx).list(user, MemoryFilter(superseded=False), limit=200)
                told = await telling.listed(tx, user, page.items)
            counts.append(len(seen))
    assert len(told) == 41
    assert all(len(each.earlier) == 1 and each.session_title is not None for each in told)
    assert counts == [4, 4], "the page, its sources, titles and recalls, earlier versions"


async def test_messages_take_as_many_statements_as_one(database: Database, user: UUID) -> None:
    session, parent = await new_session(database, user), None
    counts = []
    for number in (1, 30):
        for each in range(number):
            async with database.transaction() as tx:
                asked, _ = await Messages(tx).add(user, session, "user", f"q{each}", parent_id=parent)
                answered, _ = await Messages(tx).add(user, session, "assistant", f"a{each}", parent_id=asked.id)
                source = Source(session, asked.id, asked.created_at)
                fact = Memory(new_id(), user, MemoryKind.FACT, f"f{each}", NOON, session_id=session, sources=(source,))
                await Memories(tx).add_many(user, [fact])
            parent = answered.id
        async with database.transaction() as tx:
            rows = await Messages(tx).branch(user, session, parent)
            with statements() as seen:
                told = await telling.messages(tx, user, session, rows)
            counts.append(len(seen))
    assert [[fact.text for fact in each.learned] for each in told[:4]] == [["f0"], [], ["f0"], []]
    assert counts[0] == counts[1] <= 7


async def test_learned_facts_are_those_that_hold(database: Database, user: UUID) -> None:
    session = await new_session(database, user, "Pets")
    async with database.transaction() as tx:
        row, _ = await Messages(tx).add(user, session, "user", "I have a cat and a dog.", parent_id=None)
        source = Source(session, row.id, row.created_at)
        more = {"session_id": session, "sources": (source,)}
        held, over, episode = (
            Memory(new_id(), user, MemoryKind.FACT, "Has a cat", NOON, **more),  # type: ignore[arg-type]
            Memory(new_id(), user, MemoryKind.FACT, "Has a dog", NOON, valid_to=NOON, **more),  # type: ignore[arg-type]
            Memory(new_id(), user, MemoryKind.EPISODE, "I have a cat and a dog.", NOON, **more),  # type: ignore[arg-type]
        )
        await Memories(tx).add_many(user, [held, over, episode])
        [told] = await telling.messages(tx, user, session, [row])
    assert [(fact.id, fact.session_title) for fact in told.learned] == [(held.id, "Pets")]


def test_a_digest_tells_its_day() -> None:
    late = datetime(2026, 3, 1, 23, 59, tzinfo=UTC)
    digest = Memory(new_id(), new_id(), MemoryKind.DIGEST, "A day", late)
    assert ToldMemory.of(digest).day == late.date()
    assert ToldMemory.of(Memory(new_id(), new_id(), MemoryKind.FACT, "A fact", late)).day is None


# --- messages around one


@pytest.fixture
async def long(database: Database, user: UUID) -> tuple[UUID, list[UUID], UUID]:
    """A session of ten messages, of which the fifth has a sibling that is not shown: the session, its branch, that."""
    session = await new_session(database, user)
    branch: list[UUID] = []
    async with database.transaction() as tx:
        for number in range(10):
            role = "assistant" if number % 2 else "user"
            row, _ = await Messages(tx).add(user, session, role, f"m{number}", parent_id=branch[-1] if branch else None)  # type: ignore[arg-type]
            branch.append(row.id)
        other, _ = await Messages(tx).add(user, session, "user", "other", parent_id=branch[3], make_head=False)
    return session, branch, other.id


@pytest.mark.parametrize(
    ("middle", "limit", "numbers"),
    [
        (5, 4, [3, 4, 5, 6]),
        (5, 5, [3, 4, 5, 6, 7]),
        (5, 1, [5]),
        (0, 4, [0, 1]),
        (9, 4, [6, 7, 8, 9]),
        (8, 6, [4, 5, 6, 7, 8, 9]),
        (4, 50, list(range(10))),
    ],
)
async def test_the_messages_around_one(
    database: Database,
    user: UUID,
    long: tuple[UUID, list[UUID], UUID],
    middle: int,
    limit: int,
    numbers: list[int],
) -> None:
    session, branch, _ = long
    async with database.transaction() as tx:
        rows = await Messages(tx).around(user, session, branch[middle], limit)
    assert [row.content for row in rows] == [f"m{number}" for number in numbers]


async def test_what_is_not_shown_has_nothing_around_it(
    database: Database, user: UUID, stranger: UUID, long: tuple[UUID, list[UUID], UUID]
) -> None:
    session, branch, other = long
    async with database.transaction() as tx:
        with pytest.raises(NotOnBranch):
            await Messages(tx).around(user, session, other, 4)
        with pytest.raises(MessageNotFound):
            await Messages(tx).around(user, session, new_id(), 4)
        with pytest.raises(MessageNotFound):
            await Messages(tx).around(stranger, session, branch[5], 4)


# --- where a search hits


async def test_a_search_tells_the_first_hit_and_none_where_the_title_has_it(
    database: Database, user: UUID, stranger: UUID
) -> None:
    said = await new_session(database, user, "Plans")
    titled = await new_session(database, user, "The Zeppelin")
    async with database.transaction() as tx:
        for session in (said, titled):
            first, _ = await Messages(tx).add(user, session, "user", "Nothing here.", parent_id=None)
            hit, _ = await Messages(tx).add(user, session, "assistant", "Well. A ZEPPELIN\n lands.", parent_id=first.id)
            await Messages(tx).add(user, session, "user", "the zeppelin again", parent_id=hit.id)
            found_id = hit.id if session == said else None
            if found_id:
                expected = found_id
        found = await matches(tx, user, [said, titled], "zeppelin")
        assert await matches(tx, stranger, [said, titled], "zeppelin") == {}
        assert await matches(tx, user, [said], "100%_") == {}
        await Sessions(tx).change(user, titled, SessionChange(title="Airships"))
        assert set(await matches(tx, user, [said, titled], "zeppelin")) == {said, titled}
    assert set(found) == {said}
    assert (found[said].message_id, found[said].text) == (expected, "Well. A ZEPPELIN lands.")


async def test_a_hit_deep_in_a_long_message(database: Database, user: UUID) -> None:
    session = await new_session(database, user)
    async with database.transaction() as tx:
        content = "word " * 2_000 + "needle " + "straw " * 2_000
        await Messages(tx).add(user, session, "user", content, parent_id=None)
        text = (await matches(tx, user, [session], "NEEDLE"))[session].text
    assert text.startswith("…word ")
    assert text.endswith(" straw…")
    assert " needle " in text
    assert LENGTH - 20 <= len(text) <= LENGTH + 2


def test_a_snippet_without_blanks_is_cut_all_the_same() -> None:
    text = snippet("前" * 120, "针", "后" * 240)
    assert text.startswith("…前")
    assert text.index("针") == BEFORE + 1
    assert len(text) <= LENGTH + 2
    assert snippet("", "short", "") == "short"
    assert len(snippet("", "x" * 200, " after")) == 201
