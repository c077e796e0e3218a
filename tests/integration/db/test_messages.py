"""Messages: positions, branches, windows, siblings; at 10,000 messages too."""

import asyncio
import time
from uuid import UUID

import pytest
from sqlalchemy import insert

from app.db.engine import Database
from app.db.ids import new_id
from app.db.messages import Messages
from app.db.models import Message
from app.db.sessions import SessionChange, Sessions
from app.db.users import Users
from app.errors import MessageNotFound, SessionNotFound


async def new_session(database: Database, user: UUID, **how: bool) -> UUID:
    async with database.transaction() as tx:
        return (await Sessions(tx).create(user, **how)).id


async def say(database: Database, user: UUID, session: UUID, content: str, parent: UUID | None) -> UUID:
    """Add a message, the user's and the assistant's by turns."""
    role = "user" if content.startswith("q") else "assistant"
    async with database.transaction() as tx:
        message, new = await Messages(tx).add(user, session, role, content, parent_id=parent)
        assert new
        return message.id


async def shown(database: Database, user: UUID, session: UUID, **bounds: int) -> list[str]:
    async with database.transaction() as tx:
        head = (await Sessions(tx).get(user, session)).head_id
        return [row.content for row in await Messages(tx).branch(user, session, head, **bounds)]


@pytest.fixture
async def session(database: Database, user: UUID) -> UUID:
    return await new_session(database, user)


@pytest.fixture
async def tree(database: Database, user: UUID, session: UUID) -> dict[str, UUID]:
    """q1 - a1 - q2 - a2, then q2 edited: a1 - q2b - a2b, and a2b answered anew: q2b - a2c, which is shown."""
    ids: dict[str, UUID] = {}
    for name, parent in (
        ("q1", ""),
        ("a1", "q1"),
        ("q2", "a1"),
        ("a2", "q2"),
        ("q2b", "a1"),
        ("a2b", "q2b"),
        ("a2c", "q2b"),
    ):
        ids[name] = await say(database, user, session, name, ids.get(parent))
    return ids


async def test_positions_follow_one_another(database: Database, user: UUID, session: UUID) -> None:
    async with database.transaction() as tx:
        made = [(await Messages(tx).add(user, session, "user", f"q{n}", parent_id=None))[0].seq for n in range(3)]
        assert made == [0, 1, 2]
        assert (await Sessions(tx).get(user, session)).next_seq == 3


async def test_positions_are_unique_when_many_write_at_once(database: Database, user: UUID, session: UUID) -> None:
    await asyncio.gather(*(say(database, user, session, f"q{n}", None) for n in range(20)))
    async with database.transaction() as tx:
        found = await Messages(tx).siblings(user, session, [await first(tx, user, session)])
        rows = await Messages(tx).get_many(user, session, next(iter(found.values())))
    assert [row.seq for row in rows] == list(range(20))


async def first(tx, user: UUID, session: UUID) -> Message:  # type: ignore[no-untyped-def]
    head = (await Sessions(tx).get(user, session)).head_id
    return await Messages(tx).get(user, session, head)


async def test_an_answer_is_stored_once(database: Database, user: UUID, session: UUID) -> None:
    question = await say(database, user, session, "q1", None)
    answer = new_id()
    for content, new in (("the answer", True), ("the answer, again", False)):
        async with database.transaction() as tx:
            message, added = await Messages(tx).add(
                user, session, "assistant", content, parent_id=question, message_id=answer, finish_reason="stop"
            )
            assert (message.content, added) == ("the answer", new)
    async with database.transaction() as tx:
        assert (await Sessions(tx).get(user, session)).next_seq == 2


async def test_two_who_store_the_same_answer_at_once(database: Database, user: UUID, session: UUID) -> None:
    question = await say(database, user, session, "q1", None)
    answer = new_id()

    async def store() -> bool:
        async with database.transaction() as tx:
            added = await Messages(tx).add(user, session, "assistant", "a", parent_id=question, message_id=answer)
            return added[1]

    assert sorted(await asyncio.gather(*(store() for _ in range(5)))) == [False] * 4 + [True]


async def test_a_parent_must_be_of_the_session(database: Database, user: UUID, session: UUID) -> None:
    other = await new_session(database, user)
    elsewhere = await say(database, user, other, "q", None)
    async with database.transaction() as tx:
        with pytest.raises(MessageNotFound):
            await Messages(tx).add(user, session, "user", "q", parent_id=elsewhere)


@pytest.mark.usefixtures("tree")
async def test_the_shown_branch(database: Database, user: UUID, session: UUID) -> None:
    assert await shown(database, user, session) == ["q1", "a1", "q2b", "a2c"]
    assert await shown(database, user, session, limit=2) == ["q2b", "a2c"]
    assert await shown(database, user, session, before_seq=4) == ["q1", "a1"]
    assert await shown(database, user, session, before_seq=4, limit=1) == ["a1"]
    assert await shown(database, user, session, from_seq=1) == ["a1", "q2b", "a2c"]
    assert await shown(database, user, session, from_seq=7) == []


async def test_siblings_and_where_a_branch_ends(
    database: Database, user: UUID, session: UUID, tree: dict[str, UUID]
) -> None:
    async with database.transaction() as tx:
        messages = Messages(tx)
        rows = await messages.branch(user, session, tree["a2c"])
        siblings = await messages.siblings(user, session, rows)
        assert siblings[tree["q1"]] == [tree["q1"]]
        assert siblings[tree["q2b"]] == [tree["q2"], tree["q2b"]]
        assert siblings[tree["a2c"]] == [tree["a2b"], tree["a2c"]]
        assert await messages.leaf(user, session, tree["q2"]) == tree["a2"]
        assert await messages.leaf(user, session, tree["q1"]) == tree["a2c"]
        assert await messages.leaf(user, session, tree["a2b"]) == tree["a2b"]
        assert await messages.on_branch(user, session, list(tree.values())) == {
            tree[name] for name in ("q1", "a1", "q2b", "a2c")
        }
        assert await messages.shown_ids(user, session) == {tree[name] for name in ("q1", "a1", "q2b", "a2c")}
        with pytest.raises(MessageNotFound):
            await messages.leaf(user, session, new_id())


async def test_an_edited_first_message_is_a_sibling_of_the_first(database: Database, user: UUID, session: UUID) -> None:
    one, two = await say(database, user, session, "q1", None), await say(database, user, session, "q1b", None)
    async with database.transaction() as tx:
        row = await Messages(tx).get(user, session, two)
        assert await Messages(tx).siblings(user, session, [row]) == {two: [one, two]}


async def test_what_may_be_remembered(database: Database, user: UUID, session: UUID, tree: dict[str, UUID]) -> None:
    async def remembered() -> set[str]:
        async with database.transaction() as tx:
            return {row.content for row in await Messages(tx).to_remember(user, list(tree.values()))}

    assert await remembered() == set(tree)
    async with database.transaction() as tx:
        await Messages(tx).forget(user, [tree["q1"]])
    assert await remembered() == set(tree) - {"q1"}
    async with database.transaction() as tx:
        await Users(tx).set_memory_enabled(user, False)
    assert await remembered() == set()
    async with database.transaction() as tx:
        await Users(tx).set_memory_enabled(user, True)
        await Sessions(tx).change(user, session, SessionChange(memory_enabled=False))
    assert await remembered() == set()


async def test_what_is_said_with_memory_off_stays_out_when_it_is_turned_on(database: Database, user: UUID) -> None:
    session = await new_session(database, user, memory_enabled=False)
    quiet = await say(database, user, session, "q quiet", None)
    async with database.transaction() as tx:
        await Sessions(tx).change(user, session, SessionChange(memory_enabled=True))
    loud = await say(database, user, session, "q loud", quiet)
    async with database.transaction() as tx:
        assert [row.id for row in await Messages(tx).to_remember(user, [quiet, loud])] == [loud]


async def test_a_temporary_session_is_not_remembered(database: Database, user: UUID) -> None:
    session = await new_session(database, user, temporary=True)
    said = await say(database, user, session, "q", None)
    async with database.transaction() as tx:
        assert await Messages(tx).to_remember(user, [said]) == []


async def test_strangers_see_and_change_nothing(
    database: Database, user: UUID, stranger: UUID, session: UUID, tree: dict[str, UUID]
) -> None:
    every = list(tree.values())
    async with database.transaction() as tx:
        messages = Messages(tx)
        assert await messages.branch(stranger, session, tree["a2c"]) == []
        assert await messages.window(stranger, session, 0) == []
        assert await messages.get_many(stranger, session, every) == []
        assert await messages.on_branch(stranger, session, every) == set()
        assert await messages.shown_ids(stranger, session) == set()
        assert await messages.to_remember(stranger, every) == []
        with pytest.raises(MessageNotFound):
            await messages.get(stranger, session, tree["q1"])
        with pytest.raises(MessageNotFound):
            await messages.leaf(stranger, session, tree["q1"])
        with pytest.raises(SessionNotFound):
            await messages.add(stranger, session, "user", "intruder", parent_id=tree["a2c"])
        row = await messages.get(user, session, tree["q2"])
        assert await messages.siblings(stranger, session, [row]) == {row.id: [row.id]}
        await messages.forget(stranger, every)
        assert len(await messages.to_remember(user, every)) == len(every)


async def test_a_session_of_ten_thousand_messages_is_read_quickly(
    database: Database, user: UUID, session: UUID
) -> None:
    ids = [new_id() for _ in range(10_000)]
    async with database.transaction() as tx:
        await tx.execute(
            insert(Message),
            [
                {"id": row, "session_id": session, "user_id": user, "role": "user", "content": f"message {n}",
                 "seq": n, "parent_id": ids[n - 1] if n else None}
                for n, row in enumerate(ids)
            ],
        )  # fmt: skip
        await Sessions(tx).set_head(user, session, ids[-1])

    async def took(**bounds: int) -> tuple[int, float]:
        best = float("inf")
        for _ in range(3):
            async with database.transaction() as tx:
                started = time.perf_counter()
                rows = await Messages(tx).branch(user, session, ids[-1], **bounds)
                best = min(best, time.perf_counter() - started)
        return len(rows), best

    whole, all_of_it = await took()
    last, of_the_last = await took(limit=20)
    window, of_the_window = await took(from_seq=9_900)
    print(f"all 10,000: {all_of_it * 1000:.0f} ms, last 20: {of_the_last * 1000:.1f} ms, "
          f"window of 100: {of_the_window * 1000:.1f} ms")  # fmt: skip
    assert (whole, last, window) == (10_000, 20, 100)
    # Ratios, since the machine may be busy: what is not asked for must not be read.
    assert of_the_last < all_of_it / 10
    assert of_the_window < all_of_it / 5
    async with database.transaction() as tx:
        assert len(await Messages(tx).shown_ids(user, session)) == 10_000
        started = time.perf_counter()
        await Sessions(tx).delete(user, session)
        print(f"delete: {(time.perf_counter() - started) * 1000:.0f} ms")
