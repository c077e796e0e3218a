"""Two installations, the second made of the first one's export: the same questions are answered from the same memories,
in the same order, with the same scores."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import numpy as np
import pytest
from sqlalchemy import select, text, update

from app.db.digests import Digests
from app.db.engine import Database
from app.db.facts import Facts
from app.db.forgetting import Forgetting
from app.db.ids import new_id
from app.db.jobs import Jobs
from app.db.memories import Memories, MemoryChange
from app.db.memory_store import PostgresMemoryStore
from app.db.models import DigestDay, MemoryRow, Message
from app.db.sentences import PostgresSentences
from app.db.users import Users
from app.jobs.digests import DigestTasks
from app.jobs.imports import Imports
from app.jobs.queue import JobQueue
from app.jobs.settle import Settler
from app.jobs.tasks import Tasks
from graphs.memory.digests.daily import digest_id
from graphs.memory.index import IndexFilter, Vector
from graphs.memory.minilm import MiniLM
from graphs.memory.ports import RecallQuery
from graphs.memory.recall import MemoryService
from graphs.memory.records import Memory, MemoryKind, MemoryState, Source
from graphs.memory.writer import MemoryWriter
from tests.integration.jobs.support import Service, TestIndex
from tests.integration.transfer.test_imports import out, put
from tests.support.embedded import minilm, new_database

MAY = datetime(2026, 5, 1, 9, tzinfo=UTC)
TALKS = {
    "garden": [
        "I planted tomatoes and basil on the balcony this morning.",
        "My neighbour Ada gave me two lemon trees.",
        "The slugs ate half of the lettuce, so I put copper tape round the beds.",
        "I water everything at six, before I go to work.",
    ],
    "work": [
        "I work as a bookbinder in a small shop in Porto.",
        "Next month we restore an atlas from 1702. The leather is torn, and the maps have to be washed. My boss Rui wants "
        "it done before the fair in June.",
        "I am allergic to the glue that we used to take.",
        "My colleague Inês moves to Lisbon in autumn.",
    ],
    "family": [
        "My sister Clara plays the cello in an orchestra.",
        "Her son Tom is seven, and collects beetles.",
        "My parents live in Graz, in the house with the red door.",
        "My father had his hip replaced in March.",
    ],
    "travel": [
        "In August I want to walk the coast from Lagos to Sagres.",
        "I bought new boots, they still pinch.",
        "My passport runs out in October.",
        "I never fly; I took the night train to Graz last time.",
    ],
    "health": [
        "The doctor says my iron is low, so I eat lentils now.",
        "I run five kilometres on Tuesdays and Fridays.",
        "I sleep badly when I drink coffee after three.",
        "My dentist is called Dr. Sousa, and I am afraid of her.",
    ],
    "home": [
        "My dog Biscuit is afraid of thunder.",
        "We painted the kitchen yellow.",
        "The spare key lies under the blue flower pot.",
        "My bicycle was stolen in April; the new one is green.",
    ],
}  # fmt: skip
QUESTIONS = [
    "What is my dog afraid of?", "Where is the spare key?", "What do I work as?", "What am I allergic to?",
    "Where do my parents live?", "Who plays the cello?", "How old is Tom?", "When does my passport run out?",
    "What did the doctor say?", "What colour is my bicycle?", "Where do I live?", "What do I grow on the balcony?",
    "Which trees did Ada give me?", "What do we restore?", "What happened in the first week of May?",
    "When do I run?", "Who is my dentist?", "Do I like flying?", "What do I eat?", "What did I say about my family?",
]  # fmt: skip


class OneByOne(MiniLM):
    """What is embedded beside a text changes its vector in the third decimal; here a text has one vector."""

    async def embed_documents(self, texts: Sequence[str]) -> Vector:
        """(n, dimensions) float32."""
        parts = [np.empty((0, self.dimensions), np.float32)]
        parts += [await super(OneByOne, self).embed_documents([each]) for each in texts]
        return np.concatenate(parts)


@asynccontextmanager
async def remembering(url: str, embedder: MiniLM, user: UUID) -> AsyncIterator[Service]:
    """A service with the real embedder, of which this is the user."""
    database, queue = Database(url, pool_size=6), JobQueue(url)
    await queue.open()
    index = TestIndex()
    settler = Settler(database, MemoryWriter(embedder, index, PostgresSentences(database)))
    tasks = Tasks(database, queue, settler)
    tasks.register()
    Imports(database, queue, settler).register()
    DigestTasks(database, queue).register()
    made = Service(database, queue, index, tasks, user)
    async with database.transaction() as tx:
        await Users(tx).create("me", user_id=user)
    try:
        yield made
    finally:
        await queue.close()
        await database.close()


@pytest.fixture
async def two(postgres_url: str, template: str) -> AsyncIterator[tuple[Service, Service, MiniLM]]:
    files, user = await minilm(), new_id()
    embedder = OneByOne(files.model, files.tokenizer)
    async with (
        new_database(postgres_url, template) as one,
        new_database(postgres_url, template) as other,
        remembering(one, embedder, user) as first,
        remembering(other, embedder, user) as second,
    ):
        yield first, second, embedder
    embedder.close()


def said() -> list[dict[str, Any]]:
    lines: list[dict[str, Any]] = []
    for day, (name, messages) in enumerate(TALKS.items()):
        lines.append({"session": {"id": name, "title": name}})
        for minute, content in enumerate(messages):
            at = (MAY + timedelta(days=day, minutes=minute)).isoformat()
            lines.append({"message": {"id": str(minute), "role": "user", "content": content, "created_at": at}})
    return lines


async def write_digests(service: Service) -> list[str]:
    """Those that are due whatever the time; the days."""
    async with service.database.transaction() as tx:
        due = update(DigestDay).where(DigestDay.due_at.is_not(None), ~DigestDay.off).values(due_at=MAY)
        due = due.returning(DigestDay.day)
        days = [str(day) for day in await tx.scalars(due)]
    for day in days:
        await DigestTasks(service.database, service.queue).write_digest(str(service.user), day)
    await service.drained()
    return sorted(days)


async def live(first: Service) -> None:
    """What somebody does with their memory in a year. Of what is forgotten at last the day is due to be written again."""
    user = first.user
    await put(first, said())
    await first.drained()
    assert len(await write_digests(first)) == 6
    async with first.database.transaction() as tx:
        rows = {row.text: row for row in await tx.scalars(select(MemoryRow))}
        messages = {row.content: row for row in await tx.scalars(select(Message))}
        memories = Memories(tx)
        episodes = {start: rows[next(t for t in rows if t.startswith(start))] for start in (
            "My dog", "We painted", "My bicycle", "I never fly", "I sleep badly", "I run five", "The slugs",
        )}  # fmt: skip
        await memories.change(
            user, episodes["My bicycle"].id, MemoryChange(text="My bicycle is a red one, with a bell.")
        )
        await memories.change(user, episodes["I never fly"].id, MemoryChange(pinned=True))
        await memories.change(user, episodes["I sleep badly"].id, MemoryChange(state=MemoryState.PAUSED))
        for times, start in ((9, "We painted"), (3, "I run five"), (1, "The slugs")):
            for _ in range(times):
                await memories.touch_recalled(user, [episodes[start].id])
        # Retention: it left, and is not made again.
        old = messages["My passport runs out in October."]
        await tx.execute(update(Message).where(Message.id == old.id).values(retired_at=MAY))
        await tx.execute(text("DELETE FROM memories WHERE text = :text"), {"text": old.content})
        # Digests: one in other words, one paused, one pinned, one deleted.
        days = [digest_id(user, (MAY + timedelta(days=n)).date()) for n in range(6)]
        await memories.change(user, days[0], MemoryChange(text="The first week of May was all about the balcony."))
        await memories.change(user, days[1], MemoryChange(state=MemoryState.PAUSED))
        await memories.change(user, days[2], MemoryChange(pinned=True))
        await memories.touch_recalled(user, [days[4]])
        await Digests(tx).end(user, [days[3]])
        forgotten = await Forgetting(tx).memories(user, [days[3]])
        await first.queue.forget(tx, user, forgotten)
        await first.queue.index_memories(tx, user, [episodes["My bicycle"].id, rows[old.content].id, days[0]])
        await facts(first, tx, messages)
        await Users(tx).change(user, {"retention_memories": 500, "retention_days": 3650, "about_me": "A bookbinder"})
        garden = messages["I water everything at six, before I go to work."]
        await Facts(tx).mark_read(user, [garden.id])
    await first.drained()
    async with first.database.transaction() as tx:
        dog = (await tx.scalars(select(MemoryRow.id).where(MemoryRow.text.startswith("The spare key")))).one()
        await first.queue.forget(tx, user, await Forgetting(tx).memories(user, [dog]))
    await first.drained()


async def facts(first: Service, tx: Any, messages: dict[str, Message]) -> None:
    """Facts of messages and by hand, used and confirmed; of two the newer one, by which the other is superseded, has the
    older date."""
    made: dict[str, Memory] = {}
    for day, (content, words) in enumerate({
        "My parents live in Graz, in the house with the red door.": "Lives in Graz",
        "I work as a bookbinder in a small shop in Porto.": "Lives in Porto",
        "I am allergic to the glue that we used to take.": "Is allergic to bone glue",
        "My sister Clara plays the cello in an orchestra.": "Has a sister Clara who is a cellist",
    }.items()):  # fmt: skip
        row = messages[content]
        source = Source(row.session_id, row.id, row.created_at)
        made[words] = Memory(
            new_id(), first.user, MemoryKind.FACT, words, MAY - timedelta(days=day), row.session_id, seq=row.seq,
            sources=(source,), valid_from=MAY - timedelta(days=day),
        )  # fmt: skip
    typed = Memory(new_id(), first.user, MemoryKind.FACT, "Eats no nuts", MAY, pinned=True)
    await Memories(tx).add_many(first.user, [*made.values(), typed])
    old, new = made["Lives in Graz"].id, made["Lives in Porto"].id
    await tx.execute(update(MemoryRow).where(MemoryRow.id == old).values(superseded_by=new, valid_to=MAY))
    glue = update(MemoryRow).where(MemoryRow.id == made["Is allergic to bone glue"].id)
    await tx.execute(glue.values(confirmed_count=4, recalled_count=6, last_recalled_at=MAY))
    await first.queue.index_memories(tx, first.user, [*(memory.id for memory in made.values()), typed.id])


async def answers(service: Service, embedder: MiniLM) -> dict[str, list[tuple[Any, ...]]]:
    memory = MemoryService(
        embedder=embedder, index=service.index, store=PostgresMemoryStore(service.database),
        sentences=PostgresSentences(service.database), deadline=30.0,
    )  # fmt: skip
    now = datetime(2026, 11, 1, tzinfo=UTC)
    return {
        question: [
            (item.memory.kind, item.memory.text, round(item.score, 5), item.memory.recalled, item.memory.confirmed)
            for item in (await memory.search(RecallQuery(IndexFilter(service.user), question, k=10, now=now))).items
        ]
        for question in QUESTIONS
    }


async def test_the_same_is_recalled_elsewhere(two: tuple[Service, Service, MiniLM]) -> None:
    first, second, embedder = two
    await live(first)
    written = await out(first)
    before = await answers(first, embedder)
    assert any(kind is MemoryKind.DIGEST for found in before.values() for kind, *_ in found)
    await put(second, written)
    await second.drained()
    assert await out(second) == written, "all of it arrived, under the same names"
    after = await answers(second, embedder)
    assert after == before
    # Only what was to be written there is to be written here: the day of which something was forgotten.
    assert await write_digests(second) == await write_digests(first) == [str(MAY.date() + timedelta(days=5))]
    assert await answers(second, embedder) == await answers(first, embedder)
    async with second.database.transaction() as tx:
        user = await Users(tx).get(second.user)
        off = list(await tx.scalars(select(DigestDay.day).where(DigestDay.off)))
    assert (user.retention_memories, user.retention_days) == (500, 3650)
    assert off == [MAY.date() + timedelta(days=3)]


async def test_a_digest_of_a_day_that_goes_on_here_is_written_again(two: tuple[Service, Service, MiniLM]) -> None:
    first, second, _ = two
    await put(first, said()[:5])
    await first.drained()
    await write_digests(first)
    written = await out(first)
    assert [line["memory"]["kind"] for line in written if "memory" in line] == ["digest"]
    own = {"message": {"role": "user", "content": "The cat has kittens.", "created_at": MAY.isoformat()}}
    await put(second, [{"session": {"id": "own"}}, own])
    await second.drained()
    async with second.database.transaction() as tx:
        await tx.execute(update(DigestDay).values(due_at=None))
    await put(second, written)
    await second.drained()
    assert await write_digests(second) == [str(MAY.date())]
    assert "kittens" in next(text for text in (await second.rows()).values() if "\n" in text or "kittens" in text)


async def test_a_digest_is_not_taken_where_it_is_not_to_be(two: tuple[Service, Service, MiniLM]) -> None:
    """Its user deleted it here, or something that it was made of is not to be remembered."""
    first, second, _ = two
    await put(first, said()[:5])
    await first.drained()
    await write_digests(first)
    written = await out(first)
    [digest] = [line["memory"]["text"] for line in written if "memory" in line]
    await put(second, written)
    await second.drained()
    async with second.database.transaction() as tx:
        await second.queue.forget(
            tx, second.user, await Forgetting(tx).memories(second.user, [digest_id(second.user, MAY.date())])
        )
    await second.drained()
    await put(second, written)
    await second.drained()
    assert digest not in (await second.rows()).values()
    written[1]["message"]["remember"] = False
    async with second.database.transaction() as tx:
        third = (await Users(tx).create("third")).id
    row = await put(second, written, third)
    await second.drained()
    async with second.database.transaction() as tx:
        ended = await Jobs(tx).get(third, row.id)
    assert (ended.total, ended.imported, ended.skipped) == (6, 5, {"memories": 1})
