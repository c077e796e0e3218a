"""Imports as jobs: done once, twice, broken off in the middle, against what is said meanwhile, and out again."""

import asyncio
import json
import tracemalloc
from collections.abc import AsyncIterator, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from prometheus_client import REGISTRY
from sqlalchemy import text, update

from app.db.forgetting import Forgetting
from app.db.ids import new_id
from app.db.jobs import Jobs
from app.db.memories import Memories, MemoryFilter
from app.db.messages import Messages
from app.db.models import JobRow, Message
from app.db.runs import Runs
from app.db.sessions import SessionChange, Sessions
from app.db.users import Users
from app.errors import InvalidLine, InvalidRequest, JobNotFound
from app.jobs import imports as importing
from app.jobs.imports import Imports
from app.transfer.export import export
from app.transfer.sources import read_ndjson
from app.transfer.staging import receive
from graphs.memory.records import Memory, MemoryKind, MemoryState
from tests.integration.jobs.support import Service
from tests.integration.jobs.test_tasks import Killed, agrees, due, kill

THEN = datetime(2023, 5, 8, 13, 56, tzinfo=UTC)


def session(**fields: Any) -> dict[str, Any]:
    return {"session": fields}


def said(content: str, role: str = "user", **fields: Any) -> dict[str, Any]:
    return {"message": {"role": role, "content": content, **fields}}


TALK = [
    session(id="talk", title="Dogs", created_at="2023-05-08T13:56:00Z"),
    said("My dog is called Biscuit", id="D1:1", name="Caroline", created_at="2023-05-08T13:56:00Z"),
    said("What a lovely name", "assistant", id="D1:2", name="Melanie", created_at="2023-05-08T13:57:00Z"),
    said("He likes the beach", id="D1:3", name="Caroline", created_at="2023-05-08T13:58:00Z"),
    session(id="other", title="Cats"),
    said("My cat is called Mog", id="D1:1"),
    {"memory": {"id": "f1", "text": "Is allergic to nuts", "pinned": True, "created_at": "2024-01-01T00:00:00Z"}},
    {"memory": {"text": "Lives in Lisbon", "state": "paused"}},
]


@pytest.fixture
async def imports(parts: Service) -> Imports:
    made = Imports(parts.database, parts.queue, parts.tasks.settler)
    made.register()
    return made


async def body(lines: Iterable[dict[str, Any]]) -> AsyncIterator[bytes]:
    for line in lines:
        yield json.dumps(line).encode() + b"\n"


async def put(parts: Service, lines: Iterable[dict[str, Any]], user: UUID | None = None) -> JobRow:
    """Have the lines imported, up to the job."""
    return await receive(parts.database, parts.queue, user or parts.user, read_ndjson(body(lines)))


async def job(parts: Service, job_id: UUID) -> JobRow:
    async with parts.database.transaction() as tx:
        return await Jobs(tx).get(parts.user, job_id)


async def take_in(parts: Service, lines: Iterable[dict[str, Any]]) -> JobRow:
    """Have the lines imported, to the end."""
    row = await put(parts, lines)
    await parts.drained()
    row = await job(parts, row.id)
    assert (row.state, row.processed, row.error) == ("succeeded", row.total, None)
    return row


async def out(parts: Service, user: UUID | None = None) -> list[dict[str, Any]]:
    """All that an export writes."""
    written = b"".join([line async for line in export(parts.database, user or parts.user)])
    return [json.loads(line) for line in written.splitlines()]


async def branch(parts: Service, external_id: str) -> list[Message]:
    """The messages of the branch that an imported session shows."""
    async with parts.database.transaction() as tx:
        row = await Sessions(tx).by_external_id(parts.user, external_id)
        assert row is not None
        return await Messages(tx).branch(parts.user, row.id, row.head_id)


async def count(parts: Service, table: str) -> int:
    async with parts.database.transaction() as tx:
        return int((await tx.execute(text(f"SELECT count(*) FROM {table}"))).scalar_one())


async def test_what_was_imported_is_a_conversation_and_remembered(parts: Service, imports: Imports) -> None:
    row = await take_in(parts, TALK)
    assert (row.kind, row.total) == ("import", 8)
    messages = await branch(parts, "talk")
    assert [m.external_id for m in messages] == ["D1:1", "D1:2", "D1:3"]
    assert [m.parent_id for m in messages] == [None, messages[0].id, messages[1].id]
    assert [(m.seq, m.role, m.speaker) for m in messages] == [
        (0, "user", "Caroline"), (1, "assistant", "Melanie"), (2, "user", "Caroline"),
    ]  # fmt: skip
    assert messages[0].created_at == THEN
    assert [m.content for m in await branch(parts, "other")] == ["My cat is called Mog"]
    assert parts.remembers("dog called Biscuit")
    assert parts.remembers("allergic to nuts")
    await agrees(parts)
    async with parts.database.transaction() as tx:
        listed = (await Memories(tx).list(parts.user)).items
        sessions = (await Sessions(tx).list(parts.user)).items
    [dog] = [memory for memory in listed if "Biscuit" in memory.text]
    assert (dog.speaker, dog.created_at, dog.sources[0].external_id) == ("Caroline", THEN, "D1:1")
    assert {m.text: (m.pinned, m.state) for m in listed if not m.sources} == {
        "Is allergic to nuts": (True, MemoryState.ACTIVE), "Lives in Lisbon": (False, MemoryState.PAUSED),
    }  # fmt: skip
    talk = next(each for each in sessions if each.external_id == "talk")
    assert (talk.title, talk.created_at, talk.updated_at) == ("Dogs", THEN, THEN + timedelta(minutes=2))
    assert await count(parts, "import_lines") == 0


async def test_the_same_again_changes_nothing(parts: Service, imports: Imports) -> None:
    lines = [*TALK, session(), said("ok"), said("ok"), session(title="Notes"), said("a note")]
    await take_in(parts, lines)
    before, rows = await out(parts), await parts.rows()
    for again in (lines, before):
        await take_in(parts, again)
        assert await out(parts) == before
        assert await parts.rows() == rows
    assert sum("message" in line for line in before) == 7, "two that are equal and have no id are two"
    await agrees(parts)


async def test_it_is_told_how_much_was_new(parts: Service, imports: Imports) -> None:
    me = {"me": {"about_me": "A potter"}}
    lines = [me, *TALK]
    assert [(await take_in(parts, each)).imported for each in (TALK[:3], lines, lines)] == [3, 6, 0]
    async with parts.database.transaction() as tx:
        await Forgetting(tx).everything(parts.user)
        await parts.queue.forget_user(tx, parts.user)
    await parts.drained()
    assert (await take_in(parts, lines)).imported == 6, "messages that are remembered again, and memories"
    async with parts.database.transaction() as tx:
        await Users(tx).set_memory_enabled(parts.user, False)
    row = await take_in(parts, [{"memory": {"text": "Passed over"}}])
    assert (row.imported, row.skipped) == (0, {"memories": 1})


async def test_a_longer_file_adds_what_is_new_at_the_end(parts: Service, imports: Imports) -> None:
    await take_in(parts, TALK[:3])
    said_here = (await branch(parts, "talk"))[-1].session_id
    await parts.say(said_here, "Said in between", parent=(await branch(parts, "talk"))[-1].id)
    await take_in(parts, TALK)
    contents = [m.content for m in await branch(parts, "talk")]
    assert contents == ["My dog is called Biscuit", "What a lovely name", "Said in between", "He likes the beach"]
    await agrees(parts)


async def test_an_export_makes_the_same_elsewhere(parts: Service, imports: Imports) -> None:
    await take_in(parts, TALK)
    own = await parts.new_session()
    asked, answered = await parts.say(own, "What is the capital?", "Paris")
    [other] = await parts.say(own, "Lyon", parent=asked)
    async with parts.database.transaction() as tx:
        await Sessions(tx).change(parts.user, own, SessionChange(title="Capitals", archived=True))
        await Sessions(tx).set_head(parts.user, own, answered)
        await Messages(tx).forget(parts.user, [asked])
        await tx.execute(update(Message).where(Message.id == other).values(finish_reason="stopped", model="m"))
    await parts.drained()
    written = await out(parts)
    async with parts.database.transaction() as tx:
        second = (await Users(tx).create("second")).id
    await put(parts, written, second)
    await parts.drained()
    again = await out(parts, second)
    # Ids of memories are the row's own, which is another user's here.
    for line in (*written, *again):
        line.get("memory", {}).pop("id", None)
    assert again == written
    async with parts.database.transaction() as tx:
        there = await Sessions(tx).by_external_id(second, str(own))
        assert there is not None
        assert there.archived_at is not None
        shown = [m.content for m in await Messages(tx).branch(second, there.id, there.head_id)]
        texts = {memory.text for memory in (await Memories(tx).list(second)).items}
    assert shown == ["What is the capital?", "Paris"]
    assert "Paris" in texts
    assert not {"What is the capital?", "Lyon"} & texts, "neither what was forgotten nor what is not shown"


@pytest.mark.parametrize("bad", [0, 1, 7, 40])
async def test_a_bad_line_leaves_nothing_behind(
    parts: Service, imports: Imports, monkeypatch: pytest.MonkeyPatch, bad: int
) -> None:
    monkeypatch.setattr("app.transfer.staging.FLUSH_LINES", 5)
    lines = [session(id="s"), *(said(f"number {n}", id=f"m{n}") for n in range(50))]
    lines[bad] = {"message": {"role": "nobody", "content": "x"}}
    with pytest.raises(InvalidLine, match=f"line {bad + 1}: message.role"):
        await put(parts, lines)
    await parts.drained()
    assert [await count(parts, table) for table in ("jobs", "import_lines", "sessions", "messages")] == [0, 0, 0, 0]


@pytest.mark.parametrize("hook", ["before_write", "after_write"])
@pytest.mark.parametrize("at", [1, 3])
async def test_killed_in_the_middle_it_goes_on_and_doubles_nothing(
    parts: Service, imports: Imports, monkeypatch: pytest.MonkeyPatch, hook: str, at: int
) -> None:
    monkeypatch.setattr(importing, "LINES", 10)
    writes = 0

    async def later() -> None:
        nonlocal writes
        writes += 1
        if writes == at:
            await kill()
        setattr(parts.index, hook, later)

    setattr(parts.index, hook, later)
    lines = [session(id="s"), *(said(f"This is number {n}", **({"id": f"m{n}"} if n % 2 else {})) for n in range(45))]
    lines.insert(3, {"memory": {"text": "Of nothing", "sources": [{"session": "s", "message": "nowhere"}]}})
    row = await put(parts, lines)
    with pytest.raises(Killed):
        await imports.import_lines(str(parts.user), str(row.id))
    stopped = await job(parts, row.id)
    assert (stopped.state, stopped.processed) == ("running", 10 * (at - 1))
    setattr(parts.index, hook, None)
    await imports.import_lines(str(parts.user), str(row.id))
    ended = await job(parts, row.id)
    assert (ended.state, ended.imported, ended.skipped) == ("succeeded", ended.total - 1, {"memories": 1})
    assert [m.content for m in await branch(parts, "s")] == [f"This is number {n}" for n in range(45)]
    assert sorted((await parts.rows()).values()) == sorted(f"This is number {n}" for n in range(45))
    await agrees(parts)


async def test_a_long_import_makes_room_and_goes_on(
    parts: Service, imports: Imports, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "LINES", 10)
    monkeypatch.setattr(importing, "SLICE", 0.0)
    row = await put(parts, [session(id="s"), *(said(f"This is number {n}") for n in range(25))])
    await imports.import_lines(str(parts.user), str(row.id))
    assert (await job(parts, row.id)).processed <= 10
    await parts.drained()
    assert (await job(parts, row.id)).state == "succeeded"
    assert len(await branch(parts, "s")) == 25
    await agrees(parts)


async def test_without_the_index_it_waits(parts: Service, imports: Imports) -> None:
    parts.index.away = True
    row = await put(parts, TALK)
    await parts.drained()
    assert (await job(parts, row.id)).state == "running", "not all of it can be found"
    parts.index.away = False
    await due(parts)
    await parts.drained()
    assert (await job(parts, row.id)).state == "succeeded"
    await agrees(parts)


async def test_what_breaks_for_good_is_told(parts: Service, imports: Imports, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_: object) -> None:
        raise RuntimeError("canary")

    row = await put(parts, TALK)
    before = REGISTRY.get_sample_value("memocha_imports_failed_total") or 0
    monkeypatch.setattr(importing, "store_part", broken)
    await imports.import_lines(str(parts.user), str(row.id))
    failed = await job(parts, row.id)
    assert failed.state == "failed"
    assert (REGISTRY.get_sample_value("memocha_imports_failed_total") or 0) == before + 1
    assert failed.error is not None
    assert "canary" not in failed.error
    assert await count(parts, "import_lines") == 0


async def test_with_memory_off_it_is_kept_and_not_remembered(parts: Service, imports: Imports) -> None:
    async with parts.database.transaction() as tx:
        await Users(tx).set_memory_enabled(parts.user, False)
    await take_in(parts, TALK)
    assert len(await branch(parts, "talk")) == 3
    assert await parts.rows() == {}
    async with parts.database.transaction() as tx:
        await Users(tx).set_memory_enabled(parts.user, True)
        row = await Sessions(tx).by_external_id(parts.user, "talk")
        assert row is not None
        await parts.queue.reconcile_session(tx, parts.user, row.id)
    await parts.drained()
    assert await parts.rows() == {}, "turning it on later does not reach back"


async def test_a_session_that_is_not_to_be_remembered(parts: Service, imports: Imports) -> None:
    await take_in(parts, [session(id="s", memory_enabled=False), said("psst", id="1")])
    assert await parts.rows() == {}
    assert (await out(parts))[0]["session"]["memory_enabled"] is False


async def test_what_was_deleted_may_be_imported_again(parts: Service, imports: Imports) -> None:
    await take_in(parts, TALK)
    before = await parts.rows()
    async with parts.database.transaction() as tx:
        await Forgetting(tx).everything(parts.user)
        await parts.queue.forget_user(tx, parts.user)
        other = await Sessions(tx).by_external_id(parts.user, "other")
        assert other is not None
        await Sessions(tx).delete(parts.user, other.id)
    await parts.drained()
    assert await parts.rows() == {}
    await take_in(parts, TALK)
    assert sorted((await parts.rows()).values()) == sorted(before.values())
    await agrees(parts)


async def test_what_is_forgotten_during_an_import_stays_forgotten(
    parts: Service, imports: Imports, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts.index.before_write = kill
    row = await put(parts, TALK)
    with pytest.raises(Killed):
        await imports.import_lines(str(parts.user), str(row.id))
    [dog] = [key for key, said in (await parts.rows()).items() if "Biscuit" in said]
    async with parts.database.transaction() as tx:
        await parts.queue.forget(tx, parts.user, await Forgetting(tx).memories(parts.user, [dog]))
    await parts.drained()
    assert (await job(parts, row.id)).state == "succeeded"
    assert not any("Biscuit" in said for said in (await parts.rows()).values())
    assert not parts.remembers("Biscuit")
    await agrees(parts)


async def test_a_session_that_is_deleted_during_an_import_does_not_come_back(
    parts: Service, imports: Imports, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "LINES", 5)
    row = await put(parts, [session(id="s"), *(said(f"This is number {n}") for n in range(20)), *TALK])
    parts.index.after_write = kill
    with pytest.raises(Killed):
        await imports.import_lines(str(parts.user), str(row.id))
    async with parts.database.transaction() as tx:
        await Jobs(tx).advance(parts.user, row.id, 5)
    async with parts.database.transaction() as tx:
        there = await Sessions(tx).by_external_id(parts.user, "s")
        assert there is not None
        await Sessions(tx).delete(parts.user, there.id)
        await parts.queue.forget_session(tx, parts.user, there.id)
    await parts.drained()
    assert (await job(parts, row.id)).state == "succeeded"
    async with parts.database.transaction() as tx:
        assert await Sessions(tx).by_external_id(parts.user, "s") is None
    assert len(await branch(parts, "talk")) == 3
    await agrees(parts)


async def test_it_waits_for_an_answer_that_is_being_given(parts: Service, imports: Imports) -> None:
    await take_in(parts, TALK[:3])
    last = (await branch(parts, "talk"))[-1]
    [asked] = await parts.say(last.session_id, "And what does he like?", parent=last.id)
    async with parts.database.transaction() as tx:
        run = await Runs(tx).start(parts.user, last.session_id, asked, owner="a test")
    row = await put(parts, TALK)
    await parts.drained()
    assert (await job(parts, row.id)).state == "running"
    async with parts.database.transaction() as tx:
        await Messages(tx).add(parts.user, last.session_id, "assistant", "The beach", parent_id=asked)
        await Runs(tx).finish(run.id, "a test", "done")
    await due(parts)
    await parts.drained()
    contents = [m.content for m in await branch(parts, "talk")]
    assert contents[2:] == ["And what does he like?", "The beach", "He likes the beach"]


async def test_nothing_reaches_into_what_is_anothers(parts: Service, imports: Imports) -> None:
    await take_in(parts, TALK)
    mine = await out(parts)
    async with parts.database.transaction() as tx:
        second = (await Users(tx).create("second")).id
        [talk] = [s for s in (await Sessions(tx).list(parts.user)).items if s.external_id == "talk"]
        fact = next(m for m in (await Memories(tx).list(parts.user)).items if not m.sources)
    row = await put(
        parts,
        [session(id=str(talk.id)), said("canary"), {"memory": {"id": str(fact.id), "text": "canary"}}],
        second,
    )
    await parts.drained()
    assert await out(parts) == mine
    assert (
        sum("canary" in json.dumps(line.get("message") or line.get("memory")) for line in await out(parts, second)) == 2
    )
    with pytest.raises(JobNotFound):
        await job(parts, row.id)


async def test_a_file_that_is_sent_twice_at_once_is_stored_once(parts: Service, imports: Imports) -> None:
    rows = [await put(parts, TALK) for _ in range(2)]
    await asyncio.gather(*(imports.import_lines(str(parts.user), str(row.id)) for row in rows))
    assert [(await job(parts, row.id)).state for row in rows] == ["succeeded", "succeeded"]
    assert [await count(parts, table) for table in ("sessions", "messages", "memories")] == [2, 4, 6]
    await agrees(parts)


async def test_as_many_memories_as_a_long_message_makes(parts: Service) -> None:
    made = [Memory(new_id(), parts.user, MemoryKind.FACT, str(n), THEN) for n in range(4_500)]
    async with parts.database.transaction() as tx:
        assert await Memories(tx).add_many(parts.user, made) == [memory.id for memory in made]
    assert len(await parts.rows()) == 4_500


async def test_a_large_body_takes_little_memory(parts: Service, imports: Imports) -> None:
    content = "word " * 400
    size = 0

    async def large() -> AsyncIterator[bytes]:
        nonlocal size
        for line in (session(id="s"), *(said(content, id=f"m{n}") for n in range(10_000)), {"oops": 1}):
            piece = json.dumps(line).encode() + b"\n"
            size += len(piece)
            yield piece

    tracemalloc.start()
    try:
        with pytest.raises(InvalidLine, match="line 10002"):
            await receive(parts.database, parts.queue, parts.user, read_ndjson(large()))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert size > 20_000_000
    assert peak < 12_000_000
    assert await count(parts, "import_lines") == 0


async def test_nothing_is_imported_for_somebody_who_has_left(parts: Service, imports: Imports) -> None:
    async def left() -> bool:
        return True

    with pytest.raises(InvalidRequest, match="closed before the answer"):
        await receive(parts.database, parts.queue, parts.user, read_ndjson(body(TALK)), left=left)
    assert [await count(parts, table) for table in ("jobs", "import_lines")] == [0, 0]


async def test_times_that_no_line_may_name_go_out_as_the_nearest(parts: Service, imports: Imports) -> None:
    """Rows may hold them from before there were bounds."""
    await take_in(parts, TALK)
    async with parts.database.transaction() as tx:
        await tx.execute(text("UPDATE messages SET created_at = '0044-03-15Z' WHERE external_id = 'D1:1'"))
        await tx.execute(text("UPDATE sessions SET created_at = '9999-12-31Z' WHERE external_id = 'other'"))
        await tx.execute(
            text(
                "UPDATE memories SET valid_from = '0001-01-01Z', valid_to = '2200-01-01Z', last_recalled_at = '3000-01-01Z'"
            )
        )
    written = await out(parts)
    async with parts.database.transaction() as tx:
        second = (await Users(tx).create("second")).id
    await put(parts, written, second)
    await parts.drained()
    assert {line["memory"]["valid_from"] for line in written if "memory" in line} == {"1900-01-01T00:00:00Z"}
    assert {line["memory"]["valid_to"] for line in written if "memory" in line} == {"2199-12-31T23:59:59.999000Z"}
    async with parts.database.transaction() as tx:
        assert len((await Memories(tx).list(second)).items) == 6


async def test_a_fact_of_more_sources_than_a_line_may_name_can_be_imported(parts: Service, imports: Imports) -> None:
    await take_in(parts, [session(id="s"), *(said(f"I live in Porto, {n}", id=f"m{n}") for n in range(1_010))])
    fact = new_id()
    async with parts.database.transaction() as tx:
        await Memories(tx).add_many(parts.user, [Memory(fact, parts.user, MemoryKind.FACT, "Lives in Porto", THEN)])
        await tx.execute(
            text("INSERT INTO memory_sources (memory_id, message_id) SELECT :fact, id FROM messages"), {"fact": fact}
        )
        await tx.execute(text("UPDATE memories SET confirmed_count = 1009 WHERE id = :fact"), {"fact": fact})
    written = await out(parts)
    async with parts.database.transaction() as tx:
        second = (await Users(tx).create("second")).id
    await put(parts, written, second)
    await parts.drained()
    async with parts.database.transaction() as tx:
        [there] = (await Memories(tx).list(second, MemoryFilter(kind=MemoryKind.FACT))).items
    assert (there.confirmed, len(there.sources)) == (1_009, 1_000)


async def test_what_broke_off_while_it_arrived_is_removed(parts: Service, imports: Imports) -> None:
    ended = (await take_in(parts, TALK)).id
    async with parts.database.transaction() as tx:
        stale, fresh = [(await Jobs(tx).receive(parts.user, "import")).id for _ in range(2)]
        await tx.execute(update(JobRow).where(JobRow.id == stale).values(updated_at=THEN))
    await imports.expire_imports(0)
    assert await count(parts, "jobs") == 2
    with pytest.raises(JobNotFound):
        await job(parts, fresh)  # nobody knows of it yet
    async with parts.database.transaction() as tx:
        await tx.execute(update(JobRow).where(JobRow.id == ended).values(updated_at=THEN))
    await imports.expire_imports(0)
    assert await count(parts, "jobs") == 1
