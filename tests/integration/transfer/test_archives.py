"""Archives of other chats as jobs: branches as the app keeps them, the same again, a newer one, broken off, broken."""

import json
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any

import pytest

from app.db.models import JobRow
from app.db.sessions import Sessions
from app.errors import InvalidArchive
from app.jobs import imports as importing
from app.jobs.imports import Imports
from app.transfer.sources import reader_for
from app.transfer.staging import receive
from tests.integration.jobs.support import Service
from tests.integration.jobs.test_tasks import Killed, agrees, kill
from tests.integration.transfer.test_imports import branch, count, imports, job, out
from tests.unit.transfer.archives.support import NOBODY, ROOT, chatgpt, claude, node, told, zipped

__all__ = ["imports"]

FIRST = [node("q", ROOT, "Where do otters sleep?", at=10), node("a1", "q", "In trees", "assistant", at=20)]
LATER = [
    *FIRST,
    node("a2", "q", "On the water, hand in hand", "assistant", at=30),
    node("q2", "a2", "How lovely", at=40),
]


async def put(parts: Service, body: bytes) -> JobRow:
    async def arriving() -> AsyncIterator[bytes]:
        yield body

    skipped: Counter[str] = Counter()
    read = reader_for("application/zip", skipped, 1024 * 1024)
    return await receive(parts.database, parts.queue, parts.user, read(arriving()), skipped)


async def take_in(parts: Service, conversations: list[Any]) -> JobRow:
    row = await put(parts, zipped({"conversations.json": conversations}))
    await parts.drained()
    row = await job(parts, row.id)
    assert (row.state, row.processed, row.error) == ("succeeded", row.total, None)
    return row


async def test_branches_become_siblings(parts: Service, imports: Imports) -> None:
    row = await take_in(parts, [chatgpt("otters", LATER, "q2")])
    assert (row.total, row.skipped) == (5, {})
    shown = await branch(parts, "otters")
    assert [message.external_id for message in shown] == ["q", "a2", "q2"]
    stored = {line["message"]["id"]: line["message"] for line in await out(parts) if "message" in line}
    assert {name: (line["parent"], line.get("shown", True)) for name, line in stored.items()} == {
        "q": (None, True), "a1": ("q", False), "a2": ("q", True), "q2": ("a2", True),
    }  # fmt: skip
    assert sorted((await parts.rows()).values()) == sorted(message.content for message in shown)
    await agrees(parts)


async def test_the_same_archive_again_changes_nothing(parts: Service, imports: Imports) -> None:
    talks = [
        chatgpt("otters", LATER, "q2"),
        claude("rain", [told("q", "Rain?", parent_message_uuid=NOBODY), told("a", "No", "assistant")]),
    ]
    await take_in(parts, talks)
    before, rows = await out(parts), await parts.rows()
    await take_in(parts, talks)
    assert (await out(parts), await parts.rows()) == (before, rows)
    await agrees(parts)


async def test_a_newer_archive_shows_its_branch_and_what_was_left_is_recalled_no_more(
    parts: Service, imports: Imports
) -> None:
    await take_in(parts, [chatgpt("otters", FIRST, "a1")])
    assert parts.remembers("In trees")
    await take_in(parts, [chatgpt("otters", LATER, "q2")])
    assert [message.external_id for message in await branch(parts, "otters")] == ["q", "a2", "q2"]
    assert "In trees" not in (await parts.rows()).values()
    await agrees(parts)


async def test_an_own_export_of_a_later_state_does_so_too(parts: Service, imports: Imports) -> None:
    await take_in(parts, [chatgpt("otters", LATER, "q2")])
    later = await out(parts)
    async with parts.database.transaction() as tx:
        row = await Sessions(tx).by_external_id(parts.user, "otters")
        assert row is not None
        await Sessions(tx).delete(parts.user, row.id)
        await parts.queue.forget_session(tx, parts.user, row.id)
    await parts.drained()
    await take_in(parts, [chatgpt("otters", FIRST, "a1")])
    row_of = await put_lines(parts, later)
    await parts.drained()
    assert (await job(parts, row_of.id)).state == "succeeded"
    assert [message.external_id for message in await branch(parts, "otters")] == ["q", "a2", "q2"]
    assert await out(parts) == later
    await agrees(parts)


async def put_lines(parts: Service, lines: list[dict[str, Any]]) -> JobRow:
    async def arriving() -> AsyncIterator[bytes]:
        for line in lines:
            yield json.dumps(line).encode() + b"\n"

    read = reader_for("application/x-ndjson", Counter(), 1024 * 1024)
    return await receive(parts.database, parts.queue, parts.user, read(arriving()))


async def test_what_was_said_here_meanwhile_stays_before_what_is_new(parts: Service, imports: Imports) -> None:
    await take_in(parts, [chatgpt("otters", FIRST, "a1")])
    last = (await branch(parts, "otters"))[-1]
    await parts.say(last.session_id, "Said here", parent=last.id)
    await take_in(parts, [chatgpt("otters", [*FIRST, node("q3", "a1", "And by day?", at=50)], "q3")])
    contents = [message.content for message in await branch(parts, "otters")]
    assert contents == ["Where do otters sleep?", "In trees", "Said here", "And by day?"]


async def test_what_was_left_out_is_told(parts: Service, imports: Imports) -> None:
    nodes = [
        node("q", ROOT, "Draw it", metadata={"attachments": [{"id": "file"}]}),
        node("call", "q", '{"prompt": "otter"}', "assistant", recipient="dalle.text2im"),
        node("a", "call", "Here it is", "assistant"),
    ]
    row = await take_in(parts, [chatgpt("otters", nodes, "a"), {"broken": True}])
    assert row.skipped == {"attachments": 1, "tools": 1, "conversations": 1}


async def test_killed_in_the_middle_it_goes_on_and_doubles_nothing(
    parts: Service, imports: Imports, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "LINES", 10)
    talks = [
        chatgpt(f"t{n}", [node(f"m{at}", f"m{at - 1}" if at else ROOT, f"{n}: {at}") for at in range(12)], "m11")
        for n in range(4)
    ]
    row = await put(parts, zipped({"conversations-000.json": talks[:2], "conversations-001.json": talks[2:]}))
    parts.index.after_write = kill
    with pytest.raises(Killed):
        await imports.import_lines(str(parts.user), str(row.id))
    parts.index.after_write = None
    await imports.import_lines(str(parts.user), str(row.id))
    assert (await job(parts, row.id)).state == "succeeded"
    assert [await count(parts, table) for table in ("sessions", "messages", "memories")] == [4, 48, 48]
    await agrees(parts)


@pytest.mark.parametrize("flush", [3, 1000])
async def test_a_file_that_is_broken_in_the_middle_leaves_nothing(
    parts: Service, imports: Imports, monkeypatch: pytest.MonkeyPatch, flush: int
) -> None:
    monkeypatch.setattr("app.transfer.staging.FLUSH_LINES", flush)
    text = json.dumps([chatgpt(f"t{n}", FIRST, "a1") for n in range(20)])
    broken = text[: len(text) // 2] + "\x01" + text[len(text) // 2 :]
    with pytest.raises(InvalidArchive):
        await put(parts, zipped({"conversations-000.json": text, "conversations-001.json": broken}))
    await parts.drained()
    assert [await count(parts, table) for table in ("jobs", "import_lines", "sessions")] == [0, 0, 0]
