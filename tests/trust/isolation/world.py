"""Many users on one database and one index, and what tells whose a thing is."""

import dataclasses
import random
import re
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import inspect, text

from app.chat.models import Models, configs
from app.chat.prices import Prices
from app.chat.runs import Runs
from app.chat.spending import Spending
from app.chat.turn import Turns
from app.checkpoints import open_saver
from app.db.engine import Database
from app.db.memory_store import PostgresMemoryStore
from app.db.models import Base
from app.db.sentences import PostgresSentences
from app.db.users import Users
from app.forgetting import Forgetter
from app.jobs.imports import Imports
from app.jobs.queue import JobQueue
from app.jobs.settle import Settler
from app.jobs.tasks import Tasks
from app.masking import Masking
from app.settings import Settings
from graphs.chat import build_chat_graph
from graphs.memory.in_memory import InMemoryIndex
from graphs.memory.managed import ManagedIndex
from graphs.memory.recall import MemoryService
from graphs.memory.writer import MemoryWriter
from graphs.state import Budgets
from tests.integration.jobs.world import Letters
from tests.trust.isolation.hostile import HOSTILE

SUBJECTS = ("garden", "cellar", "bicycle", "dentist", "piano", "harbour", "blanket", "lantern", "orchard", "kettle")
"""Everybody speaks of the same things, so that whoever searches for one comes near to what others said."""
CANARY = re.compile(r"zq[b-df-hj-np-tv-xz]{6}zq")
ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
ROWS = {
    "users": "id",
    "sessions": "user_id",
    "messages": "user_id",
    "memories": "user_id",
    "runs": "user_id",
    "jobs": "user_id",
}
LEFT_TO_JOBS = ("words", "indexed_at", "revision", "stored_at")
"""Columns that say nothing that a user put there."""


@dataclass
class Person:
    """A user, a word that nobody else says, and what there is of theirs."""

    id: UUID
    canary: str
    sessions: list[UUID] = field(default_factory=list)
    messages: list[tuple[UUID, UUID]] = field(default_factory=list)
    """With their sessions."""
    memories: list[UUID] = field(default_factory=list)
    runs: list[UUID] = field(default_factory=list)
    jobs: list[UUID] = field(default_factory=list)
    cursors: list[str] = field(default_factory=list)
    """That lists gave them."""
    named: set[str] = field(default_factory=set)
    """Ids of others that they gave to what they brought in: they may read those again."""


@dataclass
class World:
    """The parts below HTTP, where the user is a parameter."""

    database: Database
    queue: JobQueue
    index: ManagedIndex
    embedder: Letters
    memory: MemoryService
    store: PostgresMemoryStore
    sentences: PostgresSentences
    forgetter: Forgetter
    rng: random.Random
    people: list[Person] = field(default_factory=list)
    owners: dict[str, Person] = field(default_factory=dict)
    """By any id that there ever was, and by canary."""
    imports: int = 0

    async def settle(self, count: int) -> None:
        """That many people, nothing said yet."""
        for number in range(count):
            canary = "zq" + "".join(self.rng.choices("bcdfghjklmnpqrstvwxz", k=6)) + "zq"
            async with self.database.transaction() as tx:
                user = await Users(tx).create(f"{canary} {HOSTILE[number % len(HOSTILE)]}"[:200])
            person = Person(user.id, canary)
            self.people.append(person)
            self.owners |= {canary: person, str(user.id): person}

    def words(self, person: Person) -> str:
        """Something for the person to say: of what others speak of too, in their own word, with what breaks out."""
        return f"My {self.rng.choice(SUBJECTS)} is called {person.canary} {self.rng.choice(HOSTILE)}"

    def other(self, person: Person) -> Person:
        """Somebody else."""
        return self.rng.choice([one for one in self.people if one is not person])

    async def look(self, person: Person) -> None:
        """Take note of the ids of what there is of theirs."""
        async with self.database.reading() as tx:
            found: dict[str, list[Any]] = {}
            for table in ("sessions", "messages", "memories", "runs", "jobs"):
                columns = "id, session_id" if table == "messages" else "id"
                rows = await tx.execute(
                    text(f"SELECT {columns} FROM {table} WHERE user_id = :user ORDER BY id"),
                    {"user": person.id},
                )
                found[table] = [tuple(row) for row in rows]
        person.messages = found.pop("messages")
        for table, rows in found.items():
            setattr(person, table, [row[0] for row in rows])
        ids = [*person.sessions, *person.memories, *person.runs, *person.jobs, *(key for key, _ in person.messages)]
        for key in ids:
            self.owners.setdefault(str(key), person)

    async def state(self, person: Person) -> str:
        """What changes when anything of theirs does, less what jobs write."""
        less = " - ".join(["to_jsonb(t)", *(f"'{column}'" for column in LEFT_TO_JOBS)])
        parts = [
            f"SELECT md5(string_agg(({less})::text, '' ORDER BY id)) FROM {table} AS t WHERE {column} = :user"
            for table, column in ROWS.items()
        ]
        async with self.database.reading() as tx:
            return repr(list(await tx.scalars(text(" UNION ALL ".join(parts)), {"user": person.id})))

    def foreign(self, person: Person, value: Any) -> set[str]:
        """The canaries and ids of others in it."""
        told = flat(value)
        named = {*CANARY.findall(told), *ID.findall(told)} - person.named
        return {name for name in named if (owner := self.owners.get(name)) is not None and owner is not person}

    async def drained(self) -> None:
        """Do all jobs that are due, and those that they bring on."""
        due = text("SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo' AND scheduled_at IS NULL")
        while True:
            await self.queue.app.run_worker_async(wait=False, install_signal_handlers=False, concurrency=4)
            async with self.database.reading() as tx:
                if not await tx.scalar(due):
                    return


def flat(value: Any) -> str:
    """All that a value holds, as text."""
    if isinstance(value, bytes):
        return value.decode()
    if isinstance(value, Base):
        loaded = inspect(value).dict
        return " ".join(flat(part) for key, part in loaded.items() if not key.startswith("_"))
    if dataclasses.is_dataclass(value):
        return " ".join(flat(getattr(value, each.name)) for each in dataclasses.fields(value))
    if isinstance(value, Mapping):
        return " ".join(f"{flat(key)} {flat(part)}" for key, part in value.items())
    if isinstance(value, Iterable) and not isinstance(value, str):
        return " ".join(map(flat, value))
    return str(value)


@asynccontextmanager
async def world(url: str, index: ManagedIndex, embedder: Letters, seed: int) -> AsyncIterator[World]:
    """A world without people, its jobs done when it is told to."""
    settings = Settings(_env_file=None, llm="openai:none", llm_base_url="http://127.0.0.1:9/v1")  # type: ignore[call-arg]
    database, queue = Database(url, pool_size=6), JobQueue(url)
    sentences, store = PostgresSentences(database), PostgresMemoryStore(database)
    settler = Settler(database, MemoryWriter(embedder, index, sentences))
    # Long enough for a busy machine: what is searched is the index.
    memory = MemoryService(embedder=embedder, index=index, store=store, sentences=sentences, deadline=60)
    models = Models(configs(settings))
    await queue.open()
    try:
        Tasks(database, queue, settler).register()
        Imports(database, queue, settler).register()
        await index.prepare()
        async with open_saver(url, 2) as saver:
            turns = Turns(
                database=database,
                graph=build_chat_graph(saver),
                models=models,
                memory=memory,
                budgets=Budgets(),
                recall_k=5,
                message_limit=10_000,
            )
            runs = Runs(
                database=database,
                queue=queue,
                turns=turns,
                saver=saver,
                run_limit=60,
                prices=Prices(settings.prices),
                spending=Spending(),
                masking=Masking(),
            )
            # Its receipts wait for the index, which no worker empties here: it is made even with the rows at the end.
            waits_for = InMemoryIndex()
            forgetter = Forgetter(database=database, queue=queue, runs=runs, saver=saver, index=waits_for)
            rng = random.Random(seed)
            yield World(database, queue, index, embedder, memory, store, sentences, forgetter, rng)
    finally:
        await models.close()
        await index.close()
        await queue.close()
        await database.close()
