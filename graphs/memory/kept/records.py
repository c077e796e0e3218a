"""The memories themselves, as records in any of LangGraph's stores.

    (user, "memories")            a memory, by its id
    (user, "places", session)     the ids of what was said at a position, by the position
    (user, "items", *namespace)   what programs put there, just as they did

Every namespace begins with the user, so that nothing one asks for can lie with another.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from heapq import nlargest
from typing import Any, Final
from uuid import UUID

from langgraph.store.base import BaseStore, GetOp, Item, Op, PutOp

from graphs.memory.bm25 import bm25
from graphs.memory.in_memory import passes
from graphs.memory.index import IndexFilter
from graphs.memory.ranking.neighbours import places_near
from graphs.memory.records import Memory, MemoryKind, Source
from graphs.memory.stem import stem_query, stem_text

Namespace = tuple[str, ...]

READ_AT_MOST: Final = 1000
"""Records that are read where all might matter: for words alone, and for what a user is known by."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A memory, and where it belongs to an item, which."""

    memory: Memory
    """Of an item it has the room of its namespace in place of a session, so that the index can look in that alone."""
    item: tuple[Namespace, str] | None = None
    """Namespace and key."""
    parts: int = 1
    """How many memories the item is, where its text is too long for one."""


class KeptRecords:
    """`MemoryStore` over a LangGraph store."""

    def __init__(self, items: BaseStore) -> None:
        self.items = items

    async def kept(self, user_id: UUID, ids: Sequence[UUID]) -> dict[UUID, Kept]:
        """Those of the ids that are kept for the user."""
        found = await self._read([GetOp(memories_of(user_id), str(key)) for key in dict.fromkeys(ids)])
        return {kept.memory.id: kept for kept in (_kept(user_id, item) for item in found)}

    async def get(self, user_id: UUID, ids: Sequence[UUID]) -> list[Memory]:
        return [_shown(kept.memory) for kept in (await self.kept(user_id, ids)).values()]

    async def around(self, filter: IndexFilter, ids: Sequence[UUID], best: Sequence[UUID]) -> list[Memory]:  # noqa: A002
        user = filter.user_id
        found = await self.kept(user, ids)
        places = places_near(found[key].memory for key in best if key in found)
        beside = await self._read([GetOp(places_of(user, session), str(seq)) for session, seq in places])
        near = await self.kept(user, [UUID(key) for place in beside for key in place.value["ids"]])
        found |= {key: kept for key, kept in near.items() if passes(kept.memory, filter)}
        return [_shown(kept.memory) for kept in found.values()]

    async def sources(self, user_id: UUID, ids: Sequence[UUID]) -> dict[UUID, tuple[Source, ...]]:
        return {key: kept.memory.sources for key, kept in (await self.kept(user_id, ids)).items()}

    async def speakers(self, user_id: UUID) -> frozenset[str]:
        """Nobody has a name in what is kept here."""
        del user_id
        return frozenset()

    async def telling(self, filter: IndexFilter, limit: int) -> list[Memory]:  # noqa: A002
        found = await self._passing(filter)
        known = [memory for memory in found if memory.kind is MemoryKind.FACT]
        said = [memory for memory in found if memory.kind is MemoryKind.EPISODE and memory.role == "user"]
        newest = [nlargest(limit, some, key=lambda memory: memory.created_at) for some in (known, said)]
        return [_shown(memory) for some in newest for memory in some]

    async def search_words(self, filter: IndexFilter, text: str, limit: int) -> list[tuple[Memory, float]]:  # noqa: A002
        found = {memory.id: memory for memory in await self._passing(filter)}
        scores = bm25(stem_query(text), {key: stem_text(memory.text) for key, memory in found.items()})
        return [(_shown(found[key]), scores[key]) for key in nlargest(limit, scores, key=scores.__getitem__)]

    async def page(self, user_id: UUID, offset: int, limit: int = READ_AT_MOST) -> list[Memory]:
        """So many of the user's memories, as the index has them; empty past the last."""
        found = await self.items.asearch(memories_of(user_id), offset=offset, limit=limit)
        return [_kept(user_id, item).memory for item in found]

    async def _passing(self, filter: IndexFilter) -> list[Memory]:  # noqa: A002
        return [memory for memory in await self.page(filter.user_id, 0) if passes(memory, filter)]

    async def _read(self, wanted: Sequence[Op]) -> list[Item]:
        found = await self.items.abatch(wanted) if wanted else []
        return [item for item in found if isinstance(item, Item)]


def memories_of(user_id: UUID) -> Namespace:
    """Where the user's memories are."""
    return (str(user_id), "memories")


def places_of(user_id: UUID, session_id: UUID) -> Namespace:
    """Where it is written what stands where in a session."""
    return (str(user_id), "places", str(session_id))


def items_of(user_id: UUID) -> Namespace:
    """What the namespaces of the user's items begin with."""
    return (str(user_id), "items")


def puts(kept: Iterable[Kept]) -> list[PutOp]:
    """What keeps these. None of it is for the store's own search, so that texts are embedded once."""
    return [PutOp(memories_of(one.memory.user_id), str(one.memory.id), _value(one), index=False) for one in kept]


def takes(user_id: UUID, ids: Iterable[UUID]) -> list[PutOp]:
    """What removes these."""
    return [PutOp(memories_of(user_id), str(key), None) for key in ids]


def placed(memories: Sequence[Memory]) -> list[PutOp]:
    """What notes where a session's messages stand."""
    at: dict[tuple[UUID, UUID, int], list[str]] = {}
    for memory in memories:
        if memory.session_id is not None:
            at.setdefault((memory.user_id, memory.session_id, memory.seq), []).append(str(memory.id))
    return [
        PutOp(places_of(user, session), str(seq), {"ids": ids}, index=False) for (user, session, seq), ids in at.items()
    ]


def _shown(memory: Memory) -> Memory:
    """Without the room, which is no session."""
    return replace(memory, session_id=None) if memory.kind is MemoryKind.FACT else memory


def _value(kept: Kept) -> dict[str, Any]:
    memory = kept.memory
    return {
        "kind": memory.kind.value,
        "text": memory.text,
        "created_at": memory.created_at.isoformat(),
        "session": str(memory.session_id) if memory.session_id else None,
        "role": memory.role,
        "seq": memory.seq,
        "chunk": memory.chunk,
        "messages": [str(source.message_id) for source in memory.sources],
        "item": [list(kept.item[0]), kept.item[1]] if kept.item else None,
        "parts": kept.parts,
    }


def _kept(user_id: UUID, item: Item) -> Kept:
    value, key = item.value, UUID(item.key)
    session = UUID(value["session"]) if value["session"] else None
    created_at = datetime.fromisoformat(value["created_at"])
    memory = Memory(
        id=key,
        user_id=user_id,
        kind=MemoryKind(value["kind"]),
        text=value["text"],
        created_at=created_at,
        session_id=session,
        role=value["role"],
        seq=value["seq"],
        chunk=value["chunk"],
        sources=tuple(Source(session, UUID(message), created_at) for message in value["messages"] if session),
    )
    named = (tuple(value["item"][0]), value["item"][1]) if value["item"] else None
    return Kept(memory, named, value["parts"])
