"""What a user may ask for, with the ids, cursors and words of somebody else: whatever comes is to be their own."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from app.db.digests import Digests
from app.db.facts import Facts
from app.db.histories import Histories, Said
from app.db.indexing import Indexing
from app.db.jobs import Jobs
from app.db.memories import Memories, MemoryFilter
from app.db.memory_notes import MemoryNotes
from app.db.messages import Messages
from app.db.recalls import Recalls
from app.db.retention import Retention
from app.db.runs import Runs
from app.db.session_matches import matches
from app.db.sessions import Sessions
from app.db.usage import Usage
from app.db.users import Users
from app.transfer.export import export
from graphs.memory.index import IndexFilter, IndexQuery
from graphs.memory.ports import RecallQuery
from graphs.memory.records import MemoryKind, MemoryState
from graphs.memory.stem import stem_query
from tests.trust.isolation.hostile import HOSTILE, ZERO
from tests.trust.isolation.world import SUBJECTS, Person, World, flat

Operation = Callable[[World, Person, Person], Awaitable[Any]]
"""By the first of two people, with what is the second's."""
SOME = 40


def asked(world: World, other: Person) -> str:
    """What to search for: the other's word, what everybody speaks of, or what breaks out."""
    rng = world.rng
    return rng.choice(
        (
            f"What is {other.canary}?",
            f"What do you know of my {rng.choice(SUBJECTS)}?",
            f"{rng.choice(HOSTILE)} {other.canary} {rng.choice(SUBJECTS)}",
            rng.choice(HOSTILE),
            "What do you know about me?",
            ZERO,
        )
    )


def where(world: World, me: Person, other: Person) -> IndexFilter:
    """My filter, with whatever session."""
    rng, now = world.rng, datetime.now(UTC)
    sessions = [None, None, *me.sessions[:2], *other.sessions[:3]]
    return IndexFilter(
        me.id,
        session_id=rng.choice(sessions),
        kinds=rng.choice((frozenset(), frozenset(), frozenset(MemoryKind), frozenset({MemoryKind.EPISODE}))),
        since=rng.choice((None, now - timedelta(days=1))),
        until=rng.choice((None, now + timedelta(days=1))),
        hidden_session=rng.choice(sessions),
        hidden_from_seq=rng.choice((0, 3)),
    )


async def recall(world: World, me: Person, other: Person) -> Any:
    found = await world.memory.search(RecallQuery(where(world, me, other), asked(world, other), k=20))
    assert not found.degraded
    return found.items


async def search_by_vector(world: World, me: Person, other: Person) -> Any:
    """With the very vector of what the other said."""
    vector = await world.embedder.embed_query(world.words(other))
    found = await world.index.search(IndexQuery(where(world, me, other), vector, None, SOME))
    ids = [*(one.id for one in found), *other.memories[:SOME]]
    return found, await world.store.get(me.id, ids), await world.sentences.get(me.id, world.embedder.name, ids)


async def search_by_words(world: World, me: Person, other: Person) -> Any:
    words = world.rng.choice((stem_query(asked(world, other)), other.canary, world.rng.choice(HOSTILE)))
    return await world.index.search(IndexQuery(where(world, me, other), None, words, SOME))


async def search_rows(world: World, me: Person, other: Person) -> Any:
    words = asked(world, other)
    wanted, limited = where(world, me, other), listed(world, me, other)
    async with world.database.reading() as tx:
        shown = await Memories(tx).search_words(me.id, limited, words, SOME)
    best = other.memories[:SOME]
    return (
        shown,
        await world.store.search_words(wanted, words, SOME),
        await world.store.telling(wanted, SOME),
        await world.store.speakers(me.id),
        await world.store.around(wanted, [*best, *me.memories[:SOME]], best),
        await world.store.sources(me.id, best),
    )


def listed(world: World, me: Person, other: Person) -> MemoryFilter:
    rng = world.rng
    return MemoryFilter(
        kind=rng.choice((None, *MemoryKind)),
        session_id=rng.choice((None, *me.sessions[:1], *other.sessions[:2])),
        pinned=rng.choice((None, None, True, False)),
        state=rng.choice((None, *MemoryState)),
        changed=rng.choice((None, None, True, False)),
        superseded=rng.choice((None, None, True, False)),
    )


async def list_memories(world: World, me: Person, other: Person) -> Any:
    """From where somebody else's list went on, too."""
    wanted = world.rng.choice((MemoryFilter(), listed(world, me, other)))
    cursor = world.rng.choice((None, *other.cursors[-2:], world.rng.choice(HOSTILE)))
    async with world.database.reading() as tx:
        found = await Memories(tx).list(me.id, wanted, limit=world.rng.choice((2, SOME)), cursor=cursor)
        count = await Memories(tx).count(me.id, wanted)
    if found.next_cursor is not None:
        me.cursors.append(found.next_cursor)
    return found.items, count


async def list_sessions(world: World, me: Person, other: Person) -> Any:
    words = world.rng.choice((None, other.canary, "%", "_", *HOSTILE))
    async with world.database.reading() as tx:
        found = await Sessions(tx).list(
            me.id, search=words, archived=world.rng.choice((None, False)), limit=SOME,
            cursor=world.rng.choice((None, None, *other.cursors[-2:])),
        )  # fmt: skip
        hits = await matches(tx, me.id, [*me.sessions, *other.sessions[:SOME]], words or "My")
        named = [await Sessions(tx).by_external_id(me.id, name) for name in world.rng.sample(HOSTILE, 3)]
        return flat((found.items, hits, [each for each in named if each is not None]))


async def read_memories(world: World, me: Person, other: Person) -> Any:
    """By ids of both."""
    ids = [*other.memories[:SOME], *me.memories[:SOME]]
    async with world.database.reading() as tx:
        memories = Memories(tx)
        found = await memories.get_many(me.id, ids)
        notes = await MemoryNotes(tx).of(me.id, found)
        told = [await memories.history(me.id, key) for key in other.memories[:3]]
        return flat(
            (
                found,
                notes,
                told,
                await memories.passing(me.id, ids, MemoryFilter()),
                await MemoryNotes(tx).earlier(me.id, ids),
                list((await MemoryNotes(tx).chats(me.id, [*other.sessions, *me.sessions])).items()),
                await MemoryNotes(tx).learned(me.id, [key for key, _ in other.messages]),
                [memory for memory, _ in await Indexing(tx).read(me.id, ids)],
                await Indexing(tx).revisions(me.id, ids),
                await Indexing(tx).page_of_user(me.id, None, SOME),
                [one.id for one in await Facts(tx).current(me.id, ids)],
            )
        )


async def read_session(world: World, me: Person, other: Person) -> Any:
    """Somebody else's, under each of its ids."""
    if not other.messages:
        return None
    message, session = world.rng.choice(other.messages)
    mine = me.sessions[0] if me.sessions else session
    async with world.database.reading() as tx:
        messages = Messages(tx)
        return flat([await asking(tx, messages, me, one, message) for one in (session, mine)])


async def asking(tx: AsyncSession, messages: Messages, me: Person, session: Any, message: Any) -> list[Any]:
    return [
        await messages.branch(me.id, session, message),
        await messages.get_many(me.id, session, [message]),
        await messages.asked_after(me.id, session, message, "My"),
        [one or "" for one in [await messages.by_external_id(me.id, session, world) for world in HOSTILE[:5]]],
        await messages.answers(me.id, session),
        await messages.to_remember(me.id, [message]),
        await Recalls(tx).of(me.id, [message]),
        await Usage(tx).of(me.id, [message]),
        await Runs(tx).live_ids(me.id, [session]),
        await Runs(tx).unanswered(me.id, [message]),
        await Indexing(tx).of_session(me.id, session) if session not in me.sessions else [],
        await Indexing(tx).remembered_messages(me.id, session),
    ]


async def open_theirs(world: World, me: Person, other: Person) -> Any:
    """One of theirs, where whoever is not its owner is told that there is no such thing."""
    rng = world.rng
    message, session = rng.choice(other.messages) if other.messages else (other.id, other.id)
    ways = (
        lambda tx: Sessions(tx).get(me.id, session),
        lambda tx: Messages(tx).get(me.id, session, message),
        lambda tx: Messages(tx).window(me.id, session, 0),
        lambda tx: Messages(tx).around(me.id, session, message, 5),
        lambda tx: Messages(tx).following(me.id, session, message, 5),
        lambda tx: Messages(tx).leaf(me.id, session, message),
        lambda tx: Messages(tx).shown_ids(me.id, session),
        lambda tx: Memories(tx).get(me.id, rng.choice(other.memories or [other.id])),
        lambda tx: Runs(tx).get(me.id, rng.choice(other.runs or [other.id])),
        lambda tx: Runs(tx).live_for(me.id, session),
        lambda tx: Jobs(tx).get(me.id, rng.choice(other.jobs or [other.id])),
        lambda tx: Facts(tx).unread(me.id, session),
        lambda tx: Histories(tx).find(me.id, [Said("assistant", f"Noted: {other.canary}")]),
        lambda tx: Digests(tx).read(me.id, datetime.now(UTC).date()),
    )
    async with world.database.transaction() as tx:
        return flat(await rng.choice(ways)(tx) or ())


async def tell_of_me(world: World, me: Person, other: Person) -> Any:
    del other
    async with world.database.reading() as tx:
        retention = Retention(tx)
        return flat(
            (
                await Users(tx).get(me.id),
                await Users(tx).limits(me.id),
                await retention.usage(me.id),
                await retention.held(me.id),
                await retention.departed(me.id, 10),
                await Usage(tx).spent(me.id),
                await Usage(tx).by_model(me.id, datetime(2026, 1, 1, tzinfo=UTC)),
            )
        )


async def export_all(world: World, me: Person, other: Person) -> Any:
    del other
    return [line async for line in export(world.database, me.id)]


READING: dict[Operation, int] = {
    recall: 12,
    search_by_vector: 8,
    search_by_words: 8,
    search_rows: 6,
    list_memories: 8,
    list_sessions: 6,
    read_memories: 5,
    read_session: 5,
    open_theirs: 12,
    tell_of_me: 3,
    export_all: 2,
}
"""Each with how often it comes."""
