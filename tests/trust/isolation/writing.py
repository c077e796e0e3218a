"""What a user may do, to what is theirs and, where they know its id, to what is not: that has to stay as it is."""

import json
from collections.abc import AsyncIterator, Iterable
from datetime import UTC, datetime
from typing import Any

from app.db.ids import new_id
from app.db.memories import Memories, MemoryChange
from app.db.messages import Messages
from app.db.models import MemoryRow
from app.db.recalls import Recalls
from app.db.runs import Runs
from app.db.sessions import SessionChange, Sessions
from app.db.users import Users
from app.transfer.sources import read_ndjson
from app.transfer.staging import receive
from graphs.memory.records import Memory, MemoryKind, MemoryState, Recalled, Source
from tests.trust.isolation.hostile import HOSTILE
from tests.trust.isolation.reading import Operation
from tests.trust.isolation.world import Person, World, flat


async def add(world: World, me: Person, other: Person) -> Any:
    """Facts, one of them under the id of somebody else's, one in somebody else's name and one from their message."""
    memory = Memory(
        new_id(), me.id, MemoryKind.FACT, world.words(me), datetime.now(UTC), pinned=world.rng.random() < 0.2
    )
    made = [memory]
    if other.memories:
        made.append(
            Memory(world.rng.choice(other.memories), me.id, MemoryKind.FACT, world.words(me), memory.created_at)
        )
    made.append(Memory(new_id(), other.id, MemoryKind.FACT, world.words(me), memory.created_at))
    if other.messages:
        message, session = world.rng.choice(other.messages)
        source = Source(session, message, memory.created_at)
        made.append(Memory(new_id(), me.id, MemoryKind.FACT, world.words(me), memory.created_at, sources=(source,)))
    async with world.database.transaction() as tx:
        new = await Memories(tx).add_many(me.id, made)
        await world.queue.index_memories(tx, me.id, new)
        return flat((new, await Memories(tx).get_many(me.id, new)))


async def begin(world: World, me: Person, other: Person) -> Any:
    """A session, under a name that others give theirs too."""
    del other
    name = world.rng.choice(HOSTILE)
    async with world.database.transaction() as tx:
        there = await Sessions(tx).by_external_id(me.id, name)
        if there is not None:
            return flat(there)
        return flat(await Sessions(tx).create(me.id, title=f"{me.canary} {name}", external_id=name))


async def say(world: World, me: Person, other: Person) -> Any:
    """A question and an answer."""
    del other
    async with world.database.transaction() as tx:
        session = world.rng.choice(me.sessions) if me.sessions else (await Sessions(tx).create(me.id)).id
        messages = Messages(tx)
        head = (await Sessions(tx).get(me.id, session)).head_id
        asked, _ = await messages.add(
            me.id, session, "user", world.words(me), parent_id=head,
            external_id=f"{world.rng.choice(HOSTILE)} {new_id()}", speaker=world.rng.choice((None, None, f"Ann {me.canary}")),
        )  # fmt: skip
        answer, _ = await messages.add(me.id, session, "assistant", f"Noted: {me.canary}", parent_id=asked.id)
        await world.queue.index_messages(tx, me.id, [asked.id, answer.id])
        run = await Runs(tx).start(me.id, session, asked.id, owner="nobody", message_id=answer.id)
        await Runs(tx).finish(run.id, "nobody", "done")
        given = [row for key in me.memories[:3] if (row := await tx.get(MemoryRow, key)) is not None]
        items = [Recalled(memory, 0.5) for memory in await Memories(tx).get_many(me.id, [row.id for row in given])]
        await Recalls(tx).set(me.id, answer.id, items)
        return flat((asked, answer, run, await Recalls(tx).of(me.id, [answer.id])))


async def say_in_theirs(world: World, me: Person, other: Person) -> Any:
    """In their session, below their message, under its id."""
    if not other.messages:
        return None
    message, session = world.rng.choice(other.messages)
    mine = world.rng.choice(me.sessions) if me.sessions else session
    place, parent, key = world.rng.choice(
        ((session, message, None), (session, None, None), (mine, message, None), (session, None, message))
    )
    async with world.database.transaction() as tx:
        return flat(await Messages(tx).add(me.id, place, "user", world.words(me), parent_id=parent, message_id=key))


async def change(world: World, me: Person, other: Person) -> Any:
    """Edit, pin or pause one of either's."""
    ids = [*me.memories[-5:], *other.memories[-5:]]
    wanted = world.rng.choice(
        (
            MemoryChange(text=world.words(me)),
            MemoryChange(pinned=world.rng.random() < 0.5),
            MemoryChange(state=world.rng.choice(tuple(MemoryState))),
        )
    )
    if not ids:
        return None
    async with world.database.transaction() as tx:
        changed, again = await Memories(tx).change(me.id, world.rng.choice(ids), wanted)
        if again:
            await world.queue.index_memories(tx, me.id, [changed.id])
        return flat(changed)


async def change_session(world: World, me: Person, other: Person) -> Any:
    """Rename, archive or show another branch of one of either's."""
    ids = [*me.sessions[-3:], *other.sessions[-3:]]
    if not ids:
        return None
    key, title = world.rng.choice(ids), f"{me.canary} {world.rng.choice(HOSTILE)}"
    async with world.database.transaction() as tx:
        sessions = Sessions(tx)
        await sessions.set_title_if_empty(me.id, key, title)
        await sessions.set_models_title(me.id, key, title)
        await sessions.change(me.id, key, SessionChange(title=title, archived=world.rng.random() < 0.3))
        await sessions.touch(me.id, key)
        return flat(await sessions.get(me.id, key))


async def set_me(world: World, me: Person, other: Person) -> Any:
    del other
    values = {"about_me": world.words(me), "how_to_answer": world.rng.choice(HOSTILE)}
    async with world.database.transaction() as tx:
        return flat(await Users(tx).change(me.id, values))


async def delete(world: World, me: Person, other: Person) -> Any:
    """Memories and messages of both."""
    ids = [*world.rng.sample(me.memories, min(2, len(me.memories))), *other.memories[:3]]
    return await world.forgetter.memories(me.id, ids, [key for key, _ in other.messages[:2]])


async def delete_session(world: World, me: Person, other: Person) -> Any:
    """Delete or empty one of either's."""
    ids = [*me.sessions[-1:], *other.sessions[-2:]]
    if not ids:
        return None
    key = world.rng.choice(ids)
    if world.rng.random() < 0.4:
        return await world.forgetter.conversation(me.id, key)
    return await world.forgetter.session(me.id, key, keep_memories=world.rng.random() < 0.5)


async def delete_from_index(world: World, me: Person, other: Person) -> Any:
    """Theirs, by id and by session: the rows that the index holds are counted at the end."""
    await world.index.delete(me.id, other.memories[:10])
    for session in other.sessions[:2]:
        await world.index.delete_session(me.id, session)


async def clear(world: World, me: Person, other: Person) -> Any:
    del other
    return await world.forgetter.everything(me.id, "All of it.")


async def erase(world: World, me: Person, other: Person) -> Any:
    del other
    return await world.forgetter.person(me.id)


async def bring_in(world: World, me: Person, other: Person) -> Any:
    """An import that gives its sessions, messages and memories the ids of somebody else's, or everybody's names."""
    name, world.imports = world.rng.choice(HOSTILE), world.imports + 1
    message, session = world.rng.choice(other.messages) if other.messages else (new_id(), new_id())
    memory = world.rng.choice(other.memories) if other.memories else new_id()
    me.named |= {str(session), str(message), str(memory)}
    lines = [
        {"me": {"about_me": world.words(me)}},
        {"session": {"id": name, "title": f"{me.canary} {name}"}},
        {"message": {"id": name, "role": "user", "name": f"Bob {me.canary}", "content": world.words(me)}},
        {"session": {"id": str(session), "title": me.canary}},
        {"message": {"id": str(message), "role": "user", "content": world.words(me)}},
        {"message": {"id": f"m{world.imports}", "role": "user", "content": world.words(me), "parent": str(message)}},
        {
            "memory": {
                "id": str(memory),
                "text": world.words(me),
                "sources": [{"session": str(session), "message": str(message)}],
            }
        },
    ]
    return await receive(world.database, world.queue, me.id, read_ndjson(body(lines)))


async def body(lines: Iterable[dict[str, Any]]) -> AsyncIterator[bytes]:
    for line in lines:
        yield json.dumps(line).encode() + b"\n"


WRITING: dict[Operation, int] = {
    add: 8,
    begin: 4,
    say: 12,
    say_in_theirs: 4,
    change: 6,
    change_session: 3,
    set_me: 1,
    delete: 3,
    delete_session: 2,
    delete_from_index: 2,
    clear: 0,
    erase: 0,
    bring_in: 2,
}
"""Each with how often it comes; clearing and erasing come by themselves, seldom."""
SELDOM = (clear, erase)
