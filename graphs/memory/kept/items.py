"""One user's memory as a LangGraph store."""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from json import dumps
from typing import Any, Final
from uuid import UUID, uuid5

from langgraph.store.base import (
    BaseStore,
    GetOp,
    Item,
    ListNamespacesOp,
    MatchCondition,
    Op,
    PutOp,
    Result,
    SearchItem,
    SearchOp,
)

from graphs.errors import InvalidMemoryQuery
from graphs.memory.chunking import chunks
from graphs.memory.index import IndexFilter
from graphs.memory.kept.records import Kept, KeptRecords, Namespace, items_of, puts, takes
from graphs.memory.kept.wording import passes, said_by
from graphs.memory.ports import RecallQuery
from graphs.memory.recall import MAX_K, MemoryService
from graphs.memory.records import Memory, MemoryKind
from graphs.memory.writer import MemoryWriter

ROOMS: Final = UUID("6b0f6f0e-53c0-5d0e-9a53-0a3f5d1f6b57")
USUAL_K: Final = 50
"""Asked of memory for the first so many, whatever the page: asked for other numbers it may rank a little otherwise."""
NAMESPACES: Final = 1000
"""Namespaces that are read at once."""


class MemoryItems(BaseStore):
    """A LangGraph store of one user's facts, ranked as Memocha ranks.

    Whatever is put is kept as it is and remembered as a fact; a search with a query gives facts as they bear on it,
    with scores from 0 to 1, and after those what did not come up (beyond the best 200, not indexed, or saying the same
    as a better one), without a score. Deleted is forgotten: item, memory, and index.

    Identity is no part of a namespace: all namespaces are the user's own, and whose they are is what `KeptMemory.store`
    was told. Nothing that an operation holds can name another user.

    Raises `IndexUnavailable` from what writes while the index is down: what was put is kept then, and found once put
    again; what was to be deleted is there still. A search goes on by words alone. There is no time to live: `put`
    refuses one.
    """

    supports_ttl = False

    def __init__(
        self,
        records: KeptRecords,
        writer: MemoryWriter,
        service: MemoryService,
        user: UUID | Callable[[], UUID],
        fields: Sequence[str] | None,
    ) -> None:
        """Made by `KeptMemory.store`."""
        self._records = records
        self._writer = writer
        self._service = service
        self._user = user
        self._fields = fields
        self._loop: asyncio.AbstractEventLoop | None = None
        with suppress(RuntimeError):
            self._loop = asyncio.get_running_loop()

    def batch(self, ops: Iterable[Op]) -> list[Result]:
        """For what runs in a thread beside the event loop, as LangGraph runs nodes and tools that are no coroutines.
        Raises `RuntimeError` in the loop itself, and where there is none: use the asynchronous methods there."""
        loop = self._loop
        with suppress(RuntimeError):
            loop = None if asyncio.get_running_loop() is loop else loop
        if loop is None or not loop.is_running():
            raise RuntimeError("memory is asked asynchronously: use aput, aget, asearch, and the graph's ainvoke")
        # Who asks is read here: the loop knows nothing of this thread's context.
        return asyncio.run_coroutine_threadsafe(self._do(self._asking(), list(ops)), loop).result()

    async def abatch(self, ops: Iterable[Op]) -> list[Result]:
        """Reads first, as the operations before this batch left things, then what is put and deleted."""
        self._loop = self._loop or asyncio.get_running_loop()
        return await self._do(self._asking(), list(ops))

    def _asking(self) -> UUID:
        user = self._user() if callable(self._user) else self._user
        if not isinstance(user, UUID):
            raise InvalidMemoryQuery(f"a memory needs a user's UUID, not {user!r}")
        return user

    async def _do(self, user: UUID, ops: Sequence[Op]) -> list[Result]:
        home = items_of(user)
        results: list[Result] = [None] * len(ops)
        plain: dict[int, Op] = {}
        written: dict[tuple[Namespace, str], PutOp] = {}
        for at, op in enumerate(ops):
            match op:
                case GetOp():
                    plain[at] = op._replace(namespace=(*home, *op.namespace))
                case SearchOp() if not (op.query or "").strip():
                    plain[at] = op._replace(namespace_prefix=(*home, *op.namespace_prefix), query=None)
                case SearchOp():
                    results[at] = await self._search(user, op)
                case ListNamespacesOp():
                    results[at] = await self._namespaces(user, op)
                case PutOp():
                    written[op.namespace, op.key] = op
        answers = await self._records.items.abatch(list(plain.values())) if plain else []
        for at, answer in zip(plain, answers, strict=True):
            results[at] = _without(len(home), answer)
        if written:
            await self._write(user, list(written.values()))
        return results

    async def _search(self, user: UUID, op: SearchOp) -> list[SearchItem]:
        wanted = op.offset + op.limit
        found = await self._ranked(user, op, wanted)
        if len(found) < wanted:
            # Among so many must be those that are left: what came up already is not more than the rest of them.
            prefix = (*items_of(user), *op.namespace_prefix)
            others = await self._records.items.asearch(prefix, filter=op.filter, limit=wanted)
            listed = _without(len(items_of(user)), others)
            there = {(item.namespace, item.key) for item in found}
            found += [item for item in listed if (item.namespace, item.key) not in there]
        return found[op.offset : wanted]

    async def _ranked(self, user: UUID, op: SearchOp, wanted: int) -> list[SearchItem]:
        """Those items that the index finds, best first."""
        depth = len(op.namespace_prefix)
        everywhere = await self._all_namespaces(user)
        under = [namespace for namespace in everywhere if namespace[:depth] == op.namespace_prefix]
        if not under:
            return []
        room = room_of(under[0]) if len(under) == 1 else None
        narrowed = bool(op.filter) or (room is None and len(under) < len(everywhere))
        where = IndexFilter(user, session_id=room, kinds=frozenset({MemoryKind.FACT}))
        k = MAX_K if narrowed or wanted > USUAL_K else USUAL_K
        answer = await self._service.search(RecallQuery(where, op.query or "", k))
        named = await self._records.kept(user, [item.memory.id for item in answer.items])
        # Of an item in parts the best counts.
        scores: dict[tuple[Namespace, str], float] = {}
        for recalled in answer.items:
            kept = named.get(recalled.memory.id)
            if kept is not None and kept.item is not None and kept.item[0][:depth] == op.namespace_prefix:
                scores.setdefault(kept.item, recalled.score)
        home = items_of(user)
        gets = [GetOp((*home, *namespace), key) for namespace, key in scores]
        items = await self._records.items.abatch(gets) if gets else []
        return [
            _scored(item, len(home), score)
            for item, score in zip(items, scores.values(), strict=True)
            if isinstance(item, Item) and passes(item.value, op.filter)
        ]

    async def _namespaces(self, user: UUID, op: ListNamespacesOp) -> list[Namespace]:
        wanted = op.match_conditions or ()
        found = [
            namespace
            for namespace in await self._all_namespaces(user)
            if all(_matches(condition, namespace) for condition in wanted)
        ]
        cut = sorted({namespace[: op.max_depth] for namespace in found})
        return cut[op.offset : op.offset + op.limit]

    async def _all_namespaces(self, user: UUID) -> list[Namespace]:
        home = items_of(user)
        found: list[Namespace] = []
        while page := await self._records.items.alist_namespaces(prefix=home, limit=NAMESPACES, offset=len(found)):
            found += page
            if len(page) < NAMESPACES:
                break
        return [namespace[len(home) :] for namespace in found]

    async def _write(self, user: UUID, ops: Sequence[PutOp]) -> None:
        """What is deleted leaves the index first, and what is put is kept first: at no time does the index alone know
        of something."""
        before = await self._parts(user, ops)
        kept = [part for op in ops if op.value is not None for part in self._kept(user, op)]
        stays = {part.memory.id for part in kept}
        gone = [key for keys in before for key in keys if key not in stays]
        await self._writer.forget(user, gone)
        home = items_of(user)
        items = [PutOp((*home, *op.namespace), op.key, op.value, index=False) for op in ops]
        await self._records.items.abatch([*items, *takes(user, gone), *puts(kept)])
        await self._writer.write([part.memory for part in kept])

    async def _parts(self, user: UUID, ops: Sequence[PutOp]) -> list[list[UUID]]:
        """For each item the ids of the memories that it is so far."""
        first = [_part_id(user, op, 0) for op in ops]
        known = await self._records.kept(user, first)
        return [
            [_part_id(user, op, number) for number in range(known[key].parts)] if key in known else []
            for op, key in zip(ops, first, strict=True)
        ]

    def _kept(self, user: UUID, op: PutOp) -> Iterator[Kept]:
        """The item as memories: none where it is not to be searched, one as a rule, several of a long text."""
        if op.index is False:
            return
        texts = chunks(said_by(op.value or {}, self._fields if op.index is None else op.index))
        for number, text in enumerate(texts):
            memory = Memory(
                id=_part_id(user, op, number),
                user_id=user,
                kind=MemoryKind.FACT,
                text=text,
                created_at=datetime.now(UTC),
                session_id=room_of(op.namespace),
                chunk=number,
            )
            yield Kept(memory, (op.namespace, op.key), len(texts))


def room_of(namespace: Namespace) -> UUID:
    """What a namespace is called in the index."""
    return uuid5(ROOMS, dumps(namespace))


def _part_id(user: UUID, op: PutOp, number: int) -> UUID:
    """Follows from user, namespace and key: putting an item again puts it in its own place."""
    return uuid5(user, dumps([op.namespace, op.key, number]))


def _without(depth: int, answer: Any) -> Any:
    """What the store behind this one gave, with namespaces as the program knows them."""
    if isinstance(answer, list):
        return [_without(depth, item) for item in answer]
    if isinstance(answer, SearchItem):
        return _scored(answer, depth, answer.score)
    if isinstance(answer, Item):
        return Item(
            value=answer.value,
            key=answer.key,
            namespace=answer.namespace[depth:],
            created_at=answer.created_at,
            updated_at=answer.updated_at,
        )
    return answer


def _scored(item: Item, depth: int, score: float | None) -> SearchItem:
    return SearchItem(item.namespace[depth:], item.key, item.value, item.created_at, item.updated_at, score)


def _matches(condition: MatchCondition, namespace: Namespace) -> bool:
    path = condition.path
    if len(namespace) < len(path):
        return False
    part = namespace[: len(path)] if condition.match_type == "prefix" else namespace[len(namespace) - len(path) :]
    return all(asked in ("*", there) for asked, there in zip(path, part, strict=True))
