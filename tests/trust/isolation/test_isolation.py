"""Yours alone: many users do everything there is to do, with each other's ids, cursors and words; nobody reads or changes
anything of another's.

MEMOCHA_ISOLATION_OPERATIONS says how many operations (10,000 by `make trust-isolation`), MEMOCHA_ISOLATION_SEED repeats a
run; both are printed (pytest -s).
"""

import os
import random
import secrets
from collections import Counter
from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
from sqlalchemy import text

from app.db.errors import StatementRefused
from graphs.errors import Permanent
from graphs.memory.index import IndexFilter, IndexQuery
from graphs.memory.managed import ManagedIndex
from graphs.memory.milvus import MilvusIndex
from graphs.memory.milvus_store import MilvusConfig
from graphs.memory.pgvector import PgvectorIndex
from graphs.memory.pgvector_store import PgvectorConfig
from tests.integration.jobs.world import Letters
from tests.trust.isolation.reading import READING
from tests.trust.isolation.world import CANARY, Person, World, world
from tests.trust.isolation.writing import SELDOM, WRITING

PEOPLE = 50
OPERATIONS = int(os.environ.get("MEMOCHA_ISOLATION_OPERATIONS", "250"))
SEED = int(os.environ.get("MEMOCHA_ISOLATION_SEED") or secrets.randbelow(10**6))
SETTLE_EVERY = 40
SELDOM_EVERY = 150
MIXED = "SELECT count(*) FROM {} WHERE a.user_id <> b.user_id"
JOINS = (
    "messages a JOIN sessions b ON b.id = a.session_id",
    "messages a JOIN messages b ON b.id = a.parent_id",
    "memories a JOIN sessions b ON b.id = a.session_id",
    "memories a JOIN memory_sources s ON s.memory_id = a.id JOIN messages b ON b.id = s.message_id",
    "memories a JOIN memories b ON b.id = a.superseded_by",
    "memories a JOIN recalls r ON r.memory_id = a.id JOIN messages b ON b.id = r.message_id",
    "runs a JOIN sessions b ON b.id = a.session_id",
)


@pytest.fixture(params=["milvus", "pgvector"])
async def full(request: pytest.FixtureRequest, migrated_url: str, milvus_uri: str) -> AsyncIterator[World]:
    """Fifty users."""
    embedder, name = Letters("letters", 0), f"isolation_{uuid4().hex[:8]}"
    index: ManagedIndex
    if request.param == "milvus":
        index = MilvusIndex(MilvusConfig(uri=milvus_uri, alias=name), embedder=embedder.name, dimensions=26)
    else:
        index = PgvectorIndex(PgvectorConfig(url=migrated_url, schema=name), embedder=embedder.name, dimensions=26)
    async with world(migrated_url, index, embedder, SEED) as made:
        await made.settle(PEOPLE)
        yield made


def plan(rng: random.Random) -> list[str]:
    """The names of the operations, in their order; each that there is comes three times at least."""
    table = {operation.__name__: weight for operation, weight in (READING | WRITING).items() if weight}
    begun = 3 * list(table)
    rng.shuffle(begun)
    chosen = rng.choices(list(table), list(table.values()), k=max(OPERATIONS - len(begun), 0))
    # Those that come for certain come last, when there is something to read and to break.
    return (chosen + begun)[-OPERATIONS:]


async def one(world: World, name: str, me: Person, other: Person) -> tuple[str, str]:
    """Do it: what came of it, and what is amiss."""
    operation = next(each for each in (READING | WRITING) if each.__name__ == name)
    before = await world.state(other)
    try:
        result = await operation(world, me, other)
        came = "done"
    except (Permanent, StatementRefused) as error:
        result, came = str(error), "refused"
        # What was asked for may be named again.
        result = " ".join(CANARY.findall(result))
    found = world.foreign(me, result)
    if found:
        return came, f"{name} gave {found}"
    if await world.state(other) != before:
        return came, f"{name} changed what is another's"
    return came, ""


@pytest.mark.timeout(7200)
async def test_nobody_reads_or_changes_what_is_anothers(full: World) -> None:
    print(f"MEMOCHA_ISOLATION_SEED={SEED} MEMOCHA_ISOLATION_OPERATIONS={OPERATIONS}")
    rng, counts, amiss = full.rng, Counter[str](), list[str]()
    for number, chosen in enumerate(plan(rng), 1):
        me = rng.choice(full.people)
        name = rng.choice(SELDOM).__name__ if number % SELDOM_EVERY == 0 else chosen
        came, wrong = await one(full, name, me, full.other(me))
        counts[f"{name} {came}"] += 1
        amiss += [f"{number}: {wrong}"] if wrong else []
        await full.look(me)
        if number % SETTLE_EVERY == 0:
            await full.drained()
    await full.drained()
    amiss += [wrong for person in full.people if (wrong := await wrong_at_the_end(full, person))]
    amiss += await mixed_rows(full)
    print(f"{sum(counts.values())} operations of {PEOPLE} users, {len(amiss)} cross-reads or changes", dict(counts))
    print("\n".join(amiss))
    assert amiss == []
    for name in ("recall done", "say done", "bring_in done", "open_theirs refused", "export_all done"):
        assert counts[name] > 0, counts


async def wrong_at_the_end(world: World, person: Person) -> str:
    """All rows and all of the index of one user: nothing of others, and all of their own."""
    await world.look(person)
    async with world.database.reading() as tx:
        for table, owner in (
            ("sessions", "user_id"),
            ("messages", "user_id"),
            ("memories", "user_id"),
            ("users", "id"),
        ):
            rows = await tx.scalars(text(f"SELECT t::text FROM {table} t WHERE {owner} = :user"), {"user": person.id})
            if found := world.foreign(person, list(rows)):
                return f"{table} of {person.id} hold {found}"
    if await world.index.count(person.id) != len(person.memories):
        return f"the index holds {await world.index.count(person.id)} of {len(person.memories)}"
    found = await world.index.search(IndexQuery(IndexFilter(person.id), None, person.canary, 1000))
    own = {one.id for one in found}
    if not own <= set(person.memories):
        return "the index gives what is not theirs"
    async with world.database.reading() as tx:
        said = await tx.scalar(
            text("SELECT count(*) FROM memories WHERE user_id = :user AND text LIKE :word"),
            {"user": person.id, "word": f"%{person.canary}%"},
        )
    return "" if len(own) == min(said or 0, 1000) else f"{len(own)} of {said} found by their own word"


async def mixed_rows(world: World) -> list[str]:
    """Rows that belong to another user than what they hang on."""
    async with world.database.reading() as tx:
        return [joined for joined in JOINS if await tx.scalar(text(MIXED.format(joined)))]
