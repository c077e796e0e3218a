"""`memocha reindex`: the memory index made again from the rows, beside the old one, and swapped in."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from app.db.engine import Database
from app.db.indexing import Indexing
from app.db.users import Users
from app.embedded.environment import with_embedded
from app.memory import open_embedder, open_index
from app.settings import Settings
from graphs.errors import MemochaError
from graphs.memory.managed import ManagedIndex
from graphs.memory.ports import Embedder
from graphs.memory.writer import MemoryWriter

BATCH = 200
SLACK = timedelta(minutes=1)
"""How far the clocks of this machine and of the database may be apart."""


def reindex(settings: Settings) -> int:
    """Index every memory again; the command's exit status. The service may go on meanwhile."""
    console = Console(stderr=True)
    settings = with_embedded(settings)
    if settings.database_url is None or (settings.index == "milvus" and settings.milvus_uri is None):
        console.print("Nothing is running here. Start it with [bold]memocha up[/bold], and run this beside it.")
        return 2
    try:
        count = asyncio.run(_reindex(settings, settings.database_url.get_secret_value(), console))
    except MemochaError as error:
        console.print(f"[red]The index was left as it was:[/red] {error}")
        return 1
    console.print(f"{count} memories are indexed.")
    return 0


async def _reindex(settings: Settings, database_url: str, console: Console) -> int:
    database = Database(database_url, 2)
    columns = (TextColumn("Indexing"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    try:
        embedder = await open_embedder(settings)
        async with open_index(settings, embedder) as index:
            with Progress(*columns, console=console) as progress:
                return await Reindex(database, progress).run(index, embedder)
    finally:
        await database.close()


class Reindex:
    """One rebuild. What is said, changed or forgotten while it goes on is put right when it ends."""

    def __init__(self, database: Database, progress: Progress) -> None:
        self._database = database
        self._progress = progress
        self._copied: dict[UUID, set[UUID]] = {}
        """By user, the memories that were copied."""

    async def run(self, index: ManagedIndex, embedder: Embedder) -> int:
        """Fill a fresh index, swap it in; how many memories it took."""
        await index.prepare()
        began = datetime.now(UTC) - SLACK
        async with self._database.transaction() as tx:
            users = await Users(tx).all_ids()
            bar = self._progress.add_task("", total=await Indexing(tx).count())
        async with index.rebuild() as fresh:
            for user_id in users:
                await self._copy(user_id, MemoryWriter(embedder, fresh), bar)
        # The workers' sweep brings what the old index took meanwhile; what was forgotten meanwhile goes at once.
        async with self._database.transaction() as tx:
            await Indexing(tx).expect_since(began)
        for user_id, copied in self._copied.items():
            async with self._database.transaction() as tx:
                there = await Indexing(tx).revisions(user_id, list(copied))
            await index.delete(user_id, [memory_id for memory_id in copied if memory_id not in there])
        return sum(map(len, self._copied.values()))

    async def _copy(self, user_id: UUID, writer: MemoryWriter, bar: TaskID) -> None:
        after: UUID | None = None
        while True:
            async with self._database.transaction() as tx:
                ids = await Indexing(tx).page_of_user(user_id, after, BATCH)
                rows = await Indexing(tx).read(user_id, ids)
            if not ids:
                return
            await writer.write([memory for memory, _ in rows])
            self._copied.setdefault(user_id, set()).update(memory.id for memory, _ in rows)
            after = ids[-1]
            self._progress.advance(bar, len(ids))
