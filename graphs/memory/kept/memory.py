"""A memory that outlasts the process."""

from collections.abc import Callable, Sequence
from uuid import UUID

from langgraph.store.base import BaseStore, PutOp
from langgraph.store.memory import InMemoryStore

from graphs.errors import InvalidMemoryQuery
from graphs.memory.in_memory import InMemoryIndex
from graphs.memory.index import MemoryIndex
from graphs.memory.kept.items import MemoryItems
from graphs.memory.kept.records import Kept, KeptRecords, placed, puts, takes
from graphs.memory.local import episodes_of
from graphs.memory.ports import Embedder, Recall, RecallQuery
from graphs.memory.recall import MemoryService
from graphs.memory.writer import MemoryWriter
from graphs.state import Turn

BATCH = 256
"""Records or memories in one go."""


class KeptMemory:
    """Recalls, records turns, and gives each user a LangGraph store, all over the same memories.

    What is remembered is kept in any of LangGraph's stores (`AsyncPostgresStore`, `InMemoryStore`, ...), which is the
    truth; the index finds it and can be filled anew from there. One of these serves all users.
    """

    def __init__(
        self,
        embedder: Embedder,
        items: BaseStore | None = None,
        index: MemoryIndex | None = None,
        deadline: float = 2.0,
    ) -> None:
        """`items`: where it is kept; `index`: such as `MilvusIndex`, prepared. None: in this process. Neither is closed
        here. `deadline`: seconds that a question waits for the index; then words alone are searched."""
        self._records = KeptRecords(items if items is not None else InMemoryStore())
        self._writer = MemoryWriter(embedder, index := index if index is not None else InMemoryIndex())
        self._service = MemoryService(embedder=embedder, index=index, store=self._records, deadline=deadline)

    async def recall(self, query: RecallQuery) -> Recall:
        """`graphs.memory.ports.MemoryPort`: what bears on the question, of turns and of items."""
        return await self._service.recall(query)

    async def record(self, turn: Turn) -> None:
        """`graphs.state.Recorder`: both messages become episodes, at once. Raises `IndexUnavailable`; the turn is kept
        then, and found after `reindex`."""
        made = episodes_of(turn)
        await self._records.items.abatch([*puts(Kept(memory) for memory in made), *placed(made)])
        await self._writer.write(made)

    def store(self, user: UUID | Callable[[], UUID], fields: Sequence[str] | None = None) -> MemoryItems:
        """One user's memory as a LangGraph store, to compile a graph with.

        `user`: whose it is, or a function that says who asks. It is called with each operation, in the context of the
        node or tool that asks, and must tell what the program knows of its caller (such as
        `get_runtime(Context).context.user_id`), never what a message or a namespace says. `fields`: the paths of a
        value that it is found by; None: all of it.
        """
        return MemoryItems(self._records, self._writer, self._service, user, fields)

    async def forget(self, user_id: UUID, ids: Sequence[UUID]) -> None:
        """Remove these memories, and the whole of an item that one of them is part of. Raises `IndexUnavailable`."""
        kept = await self._records.kept(user_id, ids)
        items = {one.item for one in kept.values() if one.item is not None}
        await self.store(user_id).abatch([PutOp(namespace, key, None) for namespace, key in items])
        said = [key for key, one in kept.items() if one.item is None]
        await self._writer.forget(user_id, said)
        await self._records.items.abatch(takes(user_id, said))

    async def forget_user(self, user_id: UUID) -> None:
        """Remove all of a user. Raises `IndexUnavailable`."""
        _checked(user_id)
        await self._writer.forget_user(user_id)
        while found := await self._records.items.asearch((str(user_id),), limit=BATCH):
            await self._records.items.abatch([PutOp(item.namespace, item.key, None) for item in found])

    async def reindex(self, user_id: UUID) -> int:
        """Fill the index from what is kept of a user: after it was lost, or for another embedder. How many memories.
        Raises `IndexUnavailable`."""
        _checked(user_id)
        await self._writer.forget_user(user_id)
        done = 0
        while page := await self._records.page(user_id, done, BATCH):
            await self._writer.write(page)
            done += len(page)
        return done


def _checked(user_id: UUID) -> None:
    if not isinstance(user_id, UUID):
        raise InvalidMemoryQuery(f"a memory needs a user's UUID, not {user_id!r}")
