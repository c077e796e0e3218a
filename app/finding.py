"""Finding memories beside all filters of the list: what the index does not filter by, the rows know."""

from dataclasses import replace
from uuid import UUID

from app.db.engine import Database
from app.db.memories import Memories, MemoryFilter
from graphs.memory.index import IndexFilter
from graphs.memory.ports import Recall, RecallQuery
from graphs.memory.recall import MAX_K, MemoryService
from graphs.memory.records import MemoryState, Recalled


async def find(
    memory: MemoryService,
    database: Database,
    user_id: UUID,
    wanted: MemoryFilter,
    text: str,
    k: int,
) -> Recall:
    """The `k` best that the filter lets through, best first.

    Paused ones are not in recall's reach: they are found by words alone, without a score. Of the others only what an
    answer may be given is found; beside `pinned` and `changed` among the `MAX_K` nearest to the question, since what
    comes after these is near to nothing. Raises `InvalidMemoryQuery` and `DatabaseUnavailable`.
    """
    if wanted.state is MemoryState.PAUSED:
        async with database.transaction() as tx:
            paused = await Memories(tx).search_words(user_id, replace(wanted, superseded=False), text, k)
        return Recall([Recalled(each, 0.0) for each in paused], akin=frozenset(each.id for each in paused))
    narrowed = wanted.pinned is not None or wanted.changed is not None
    where = IndexFilter(
        user_id=user_id,
        session_id=wanted.session_id,
        kinds=frozenset([wanted.kind]) if wanted.kind else frozenset(),
        since=wanted.since,
        until=wanted.until,
    )
    found = await memory.search(RecallQuery(filter=where, text=text, k=MAX_K if narrowed else k))
    if not narrowed:
        return found
    async with database.transaction() as tx:
        passing = await Memories(tx).passing(user_id, [item.memory.id for item in found.items], wanted)
    return replace(found, items=[item for item in found.items if item.memory.id in passing][:k])
