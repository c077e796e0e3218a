"""All that an export holds, into an installation that has nothing: the same is there, and the same is recalled."""

import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text, update

from app.db.facts import Facts
from app.db.forgetting import Forgetting
from app.db.ids import new_id
from app.db.memories import Memories
from app.db.messages import Messages
from app.db.models import MemoryRow, MemorySource
from app.db.sessions import Sessions
from app.db.users import Users
from app.jobs.imports import Imports
from graphs.memory.episodes import episode_id
from graphs.memory.records import Memory, MemoryKind, MemoryState, Source
from tests.integration.jobs.support import Service
from tests.integration.jobs.test_tasks import agrees
from tests.integration.transfer.test_imports import imports, out, put

__all__ = ["imports"]

MAY = datetime(2024, 5, 1, tzinfo=UTC)
JUNE = datetime(2024, 6, 1, tzinfo=UTC)
JULY = datetime(2024, 7, 1, tzinfo=UTC)


async def fill(parts: Service) -> UUID:
    """What somebody has after a while; the session."""
    session = await parts.new_session()
    ids = await parts.say(session, "I live in Graz", "Now I live in Porto", "My code is canary", "My cat is Mog")
    await parts.drained()
    await parts.say(session, "I live in Lyon", parent=ids[0])
    async with parts.database.transaction() as tx:
        await Sessions(tx).set_head(parts.user, session, ids[-1])
        await parts.queue.reconcile_session(tx, parts.user, session)
        graz, porto, typed = (new_id() for _ in range(3))
        old = Memory(
            graz, parts.user, MemoryKind.FACT, "Lives in Graz", MAY, session, seq=0, valid_from=MAY, valid_to=JUNE,
            sources=(Source(session, ids[0], MAY),),
        )  # fmt: skip
        new = Memory(
            porto, parts.user, MemoryKind.FACT, "Lives in Porto", JUNE, session, seq=1, valid_from=JUNE, pinned=True,
            sources=(Source(session, ids[1], JUNE),),
        )  # fmt: skip
        said = Memory(typed, parts.user, MemoryKind.FACT, "Eats no nuts", JULY, state=MemoryState.PAUSED)
        await Memories(tx).add_many(parts.user, [old, new, said], quotes={graz: "in Graz", porto: "in Porto"})
        tx.add(MemorySource(memory_id=porto, message_id=ids[3], quote=None))
        await tx.execute(update(MemoryRow).where(MemoryRow.id == graz).values(superseded_by=porto))
        await tx.execute(update(MemoryRow).where(MemoryRow.id == porto).values(confirmed_count=1))
        await Facts(tx).mark_read(parts.user, ids[:2])
        await tx.execute(
            update(MemoryRow).where(MemoryRow.id == episode_id(ids[3], 0)).values(pinned=True, state="paused")
        )
        await Users(tx).change(parts.user, {"about_me": "A potter", "how_to_answer": "Briefly", "language": "pt"})
        await parts.queue.index_memories(tx, parts.user, [graz, porto, typed])
        forgotten = await Forgetting(tx).memories(parts.user, [episode_id(ids[2], 0)])
        await parts.queue.forget(tx, parts.user, forgotten)
    await parts.drained()
    return session


def without_ids(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Memories named by their texts: their ids are the row's own, which are another user's here."""
    memories = [line["memory"] for line in lines if "memory" in line]
    texts = {memory["id"]: memory["text"] for memory in memories}
    for memory in memories:
        memory["id"] = memory["text"]
        if "supersedes" in memory:
            memory["supersedes"] = [texts[name] for name in memory["supersedes"]]
        if "superseded_by" in memory:
            memory["superseded_by"] = texts[memory["superseded_by"]]
    return lines


async def facts(parts: Service, user: UUID) -> dict[str, tuple[Any, ...]]:
    """Facts with all that counts of them."""
    async with parts.database.transaction() as tx:
        listed = (await Memories(tx).list(user, limit=100)).items
        rows = await tx.execute(
            text(
                "SELECT m.text, b.text AS by, m.confirmed_count FROM memories m"
                " LEFT JOIN memories b ON b.id = m.superseded_by WHERE m.user_id = :user"
            ),
            {"user": user},
        )
        beside = {row.text: (row.by, row.confirmed_count) for row in rows}
    return {
        m.text: (m.kind, m.valid_from, m.valid_to, m.pinned, m.state, m.seq, m.created_at, *beside[m.text],
                 sorted(source.quote or "" for source in m.sources))
        for m in listed
    }  # fmt: skip


async def test_an_export_in_an_empty_installation_is_the_same(parts: Service, imports: Imports) -> None:
    session = await fill(parts)
    written, before = await out(parts), await facts(parts, parts.user)
    assert before["Lives in Graz"][1:3] == (MAY, JUNE)
    assert "My code is canary" not in before
    assert before["My cat is Mog"][3:5] == (True, MemoryState.PAUSED)
    async with parts.database.transaction() as tx:
        second = (await Users(tx).create("second")).id
    await put(parts, written, second)
    await parts.drained()
    parts.user = second
    assert without_ids(await out(parts)) == without_ids(written)
    assert await facts(parts, second) == before
    assert "canary" not in json.dumps(sorted((await parts.rows()).values()))
    assert not parts.remembers("live in Lyon")
    await agrees(parts)
    async with parts.database.transaction() as tx:
        me = await Users(tx).get(second)
        there = await Sessions(tx).by_external_id(second, str(session))
        assert there is not None
        waiting = await Facts(tx).unread(second, there.id)
        shown = [message.content for message in await Messages(tx).branch(second, there.id, there.head_id)]
    assert (me.about_me, me.how_to_answer, me.language) == ("A potter", "Briefly", "pt")
    assert waiting is not None
    assert [said.content for said in waiting.messages if said.unread] == ["My cat is Mog"], (
        "what was read is not read again"
    )
    assert shown == ["I live in Graz", "Now I live in Porto", "My code is canary", "My cat is Mog"]


async def test_the_same_again_changes_nothing_of_it(parts: Service, imports: Imports) -> None:
    await fill(parts)
    written, before, rows = await out(parts), await facts(parts, parts.user), await parts.rows()
    async with parts.database.transaction() as tx:
        await Users(tx).change(parts.user, {"about_me": "A baker"})
    await put(parts, written)
    await parts.drained()
    assert (await facts(parts, parts.user), await parts.rows()) == (before, rows)
    async with parts.database.transaction() as tx:
        assert (await Users(tx).get(parts.user)).about_me == "A baker"
    await agrees(parts)


async def test_a_fact_of_which_no_source_is_there_is_not_taken_in(parts: Service, imports: Imports) -> None:
    lines = [
        {"session": {"id": "s"}},
        {"message": {"id": "m", "role": "user", "content": "canary", "remember": False}},
        {"memory": {"text": "Has a canary", "sources": [{"session": "s", "message": "m"}]}},
        {"memory": {"text": "Has a dog", "sources": [{"session": "s", "message": "nowhere"}]}},
        {"memory": {"text": "Has a cat"}},
    ]
    await put(parts, lines)
    await parts.drained()
    assert list((await parts.rows()).values()) == ["Has a cat"]


async def test_sources_of_anothers_are_not_to_be_named(parts: Service, imports: Imports) -> None:
    session = await fill(parts)
    async with parts.database.transaction() as tx:
        message = (await tx.scalars(text("SELECT id FROM messages LIMIT 1"))).one()
        second = (await Users(tx).create("second")).id
        mine = (await tx.scalars(text("SELECT id FROM memories WHERE text = 'Lives in Porto'"))).one()
    source = {"session": str(session), "message": str(message)}
    await put(
        parts,
        [
            {"memory": {"text": "canary", "sources": [source]}},
            {"memory": {"text": "Takes over", "supersedes": [str(mine)]}},
        ],
        second,
    )
    await parts.drained()
    assert (await facts(parts, second)).keys() == {"Takes over"}
    assert (await facts(parts, parts.user))["Lives in Porto"][7] is None
