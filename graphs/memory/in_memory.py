"""An index and a store without a server: for tests, and for using the graph by itself."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from heapq import nlargest
from uuid import UUID

from graphs.memory.bm25 import bm25
from graphs.memory.index import Candidate, IndexEntry, IndexFilter, IndexQuery, need_user
from graphs.memory.ranking.neighbours import Place, place_of, places_near
from graphs.memory.records import Memory, MemoryKind, MemoryState, Source
from graphs.memory.stem import stem_query, stem_text


class InMemoryIndex:
    """`MemoryIndex` in a dict. Exact, and as slow as comparing with every entry is: 10 ms at 1,000 entries."""

    def __init__(self) -> None:
        self._entries: dict[UUID, IndexEntry] = {}

    async def upsert(self, entries: Sequence[IndexEntry]) -> None:
        self._entries |= {entry.id: entry for entry in entries}

    async def delete(self, user_id: UUID, ids: Sequence[UUID]) -> None:
        need_user(user_id)
        gone = set(ids)
        self._keep(lambda entry: entry.user_id != user_id or entry.id not in gone)

    async def delete_session(self, user_id: UUID, session_id: UUID) -> None:
        need_user(user_id)
        self._keep(lambda entry: entry.user_id != user_id or entry.session_id != session_id)

    async def delete_user(self, user_id: UUID) -> None:
        need_user(user_id)
        self._keep(lambda entry: entry.user_id != user_id)

    async def search(self, query: IndexQuery) -> list[Candidate]:
        found = {entry.id: entry for entry in self._entries.values() if passes(entry, query.filter)}
        dense: dict[UUID, float] = {}
        sparse: dict[UUID, float] = {}
        if query.vector is not None:
            dense = _best({key: float(entry.vector @ query.vector) for key, entry in found.items()}, query.limit)
        if query.words:
            sparse = _best(bm25(query.words, {key: entry.words for key, entry in found.items()}), query.limit)
        return [Candidate(key, dense.get(key), sparse.get(key)) for key in dense | sparse]

    async def count(self, user_id: UUID | None = None, ids: Sequence[UUID] | None = None) -> int:
        wanted = None if ids is None else frozenset(ids)
        return sum(
            user_id in (None, entry.user_id) and (wanted is None or entry.id in wanted)
            for entry in self._entries.values()
        )

    async def flush(self) -> None:
        """Nothing to settle."""

    async def close(self) -> None:
        """Nothing to let go of."""

    def _keep(self, wanted: Callable[[IndexEntry], bool]) -> None:
        self._entries = {key: entry for key, entry in self._entries.items() if wanted(entry)}


class InMemoryStore:
    """`MemoryStore` in a dict."""

    def __init__(self, memories: Iterable[Memory] = ()) -> None:
        self._memories: dict[UUID, Memory] = {}
        self._at: defaultdict[Place | None, set[UUID]] = defaultdict(set)
        self._speakers: defaultdict[UUID, Counter[str]] = defaultdict(Counter)
        self.add(memories)

    def add(self, memories: Iterable[Memory]) -> None:
        """Keep the memories, replacing those of the same id."""
        for memory in memories:
            self.remove([memory.id])
            self._memories[memory.id] = memory
            self._at[place_of(memory)].add(memory.id)
            if memory.speaker:
                self._speakers[memory.user_id][memory.speaker] += 1

    def remove(self, ids: Iterable[UUID]) -> None:
        """Forget these."""
        for key in ids:
            memory = self._memories.pop(key, None)
            if memory is not None:
                self._at[place_of(memory)].discard(key)
                if memory.speaker:
                    self._speakers[memory.user_id][memory.speaker] -= 1

    async def get(self, user_id: UUID, ids: Sequence[UUID]) -> list[Memory]:
        need_user(user_id)
        wanted = (self._memories[key] for key in dict.fromkeys(ids) if key in self._memories)
        return [memory for memory in wanted if memory.user_id == user_id and _current(memory)]

    async def around(self, filter: IndexFilter, ids: Sequence[UUID], best: Sequence[UUID]) -> list[Memory]:  # noqa: A002
        found = {memory.id: memory for memory in await self.get(filter.user_id, ids)}
        places = places_near(found[key] for key in best if key in found)
        near = (self._memories[key] for place in places for key in self._at.get(place, ()))
        found |= {memory.id: memory for memory in near if _current(memory) and passes(memory, filter)}
        return list(found.values())

    async def sources(self, user_id: UUID, ids: Sequence[UUID]) -> dict[UUID, tuple[Source, ...]]:
        need_user(user_id)
        there = (self._memories[key] for key in ids if key in self._memories)
        return {memory.id: memory.sources for memory in there if memory.user_id == user_id}

    async def speakers(self, user_id: UUID) -> frozenset[str]:
        need_user(user_id)
        return frozenset(name for name, times in self._speakers[user_id].items() if times)

    async def telling(self, filter: IndexFilter, limit: int) -> list[Memory]:  # noqa: A002
        found = [memory for memory in self._memories.values() if _current(memory) and passes(memory, filter)]
        known = [memory for memory in found if memory.kind is MemoryKind.FACT or memory.pinned]
        own = [memory for memory in found if memory.role == "user" and memory.speaker is None]
        said = [memory for memory in own if memory.kind is MemoryKind.EPISODE and not memory.pinned]
        return [
            *nlargest(limit, known, key=lambda memory: (memory.pinned, memory.created_at)),
            *nlargest(limit, said, key=lambda memory: memory.created_at),
        ]

    async def search_words(self, filter: IndexFilter, text: str, limit: int) -> list[tuple[Memory, float]]:  # noqa: A002
        found = {key: memory for key, memory in self._memories.items() if _current(memory) and passes(memory, filter)}
        scores = bm25(stem_query(text), {key: stem_text(memory.text) for key, memory in found.items()})
        return [(found[key], score) for key, score in _best(scores, limit).items()]


def _best(scores: dict[UUID, float], limit: int) -> dict[UUID, float]:
    return dict(nlargest(limit, scores.items(), key=lambda item: item[1]))


def _current(memory: Memory) -> bool:
    return memory.state is MemoryState.ACTIVE and memory.superseded_by is None


def passes(entry: IndexEntry | Memory, wanted: IndexFilter) -> bool:
    return (
        entry.user_id == wanted.user_id
        and (wanted.session_id is None or entry.session_id == wanted.session_id)
        and (not wanted.kinds or entry.kind in wanted.kinds)
        and (wanted.since is None or entry.created_at >= wanted.since)
        and (wanted.until is None or entry.created_at < wanted.until)
        and not (
            wanted.hidden_session is not None
            and entry.session_id == wanted.hidden_session
            and entry.seq >= wanted.hidden_from_seq
        )
    )
