"""The typed client of the HTTP interface, over a real socket, and the example of its documentation."""

import asyncio
import os
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from uuid import UUID

import pytest

from app.chat.events import DoneEvent, MemoriesEvent, RunEvent, TokenEvent
from app.schemas import Job
from graphs.memory.records import MemoryKind
from memocha import Client as Memocha
from memocha.client import JobFailed, Refused, SaidMessage, Unreachable
from tests.support.model_server import Behaviour, ModelServer, unauthorized
from tests.support.running import Client

ROOT = Path(__file__).parents[3]


@pytest.fixture
async def memocha(service: Client) -> Memocha:
    return Memocha(str(service.base_url))


async def test_the_example_of_the_documentation(service: Client, model_server: ModelServer) -> None:
    model_server.will(Behaviour(text="Walnuts."))
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(ROOT / "docs" / "examples" / "client.py"),
        env={**os.environ, "MEMOCHA_URL": str(service.base_url), "PYTHONPATH": str(ROOT)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await asyncio.wait_for(process.communicate(), 120)
    assert process.returncode == 0, err.decode()
    first, facts, second = out.decode().splitlines()
    assert first == "found: I'm allergic to walnuts, and my daughter is too."
    assert facts == "facts: ['I cook for four on Fridays.']"
    assert second.endswith(" memories: Walnuts.")
    assert int(second.split()[2]) >= 1


async def test_a_turn_as_it_happens(memocha: Memocha, model_server: ModelServer) -> None:
    model_server.will(Behaviour(text="one two three", rate=50))
    async with memocha:
        events = [event async for event in memocha.chat("Count, please.", temperature=0.5)]
    assert isinstance(events[0], RunEvent)
    assert isinstance(events[1], MemoriesEvent)
    assert isinstance(events[-1], DoneEvent)
    assert "".join(event.text for event in events if isinstance(event, TokenEvent)) == "one two three"
    assert model_server.requests[-1].body["temperature"] == 0.5


async def test_a_conversation_goes_on_and_is_listed_and_deleted(memocha: Memocha) -> None:
    async with memocha:
        first = await memocha.ask("I fold paper cranes.")
        again = await memocha.ask("A thousand of them.", first.session_id)
        assert again.session_id == first.session_id
        said = [message.content async for message in memocha.sessions.messages(first.session_id)]
        assert said[::2] == ["I fold paper cranes.", "A thousand of them."]
        assert [s.id async for s in memocha.sessions.all(search="paper cranes")] == [first.session_id]
        receipt = await memocha.sessions.delete(first.session_id)
        assert (receipt.sessions, receipt.messages) == (1, 4)
        with pytest.raises(Refused) as gone:
            await memocha.sessions.get(first.session_id)
    assert (gone.value.status, gone.value.code) == (404, "session_not_found")


async def test_memories_are_added_narrowed_changed_and_deleted(memocha: Memocha) -> None:
    async with memocha:
        said = [{"role": "user", "content": "My hammock hangs between two birches.", "id": "m-1"}]
        job = await memocha.memories.add(said, session="garden")  # type: ignore[arg-type]
        assert job.state == "succeeded"
        await memocha.memories.add(said, session="garden")  # type: ignore[arg-type]
        found = await memocha.memories.search("Where does my hammock hang?", kind=MemoryKind.EPISODE)
        hits = [item for item in found.items if "birches" in item.text]
        assert [source.external_id for hit in hits for source in hit.sources] == ["m-1"]
        fact = await memocha.memories.add("I nap in the hammock at noon.")
        fact = await memocha.memories.change(fact.id, text="I nap in the hammock at one.", pinned=True)
        assert [memory.id async for memory in memocha.memories.all(pinned=True)] == [fact.id]
        assert (await memocha.memories.get(fact.id)).history[0].old_text == "I nap in the hammock at noon."
        assert (await memocha.memories.delete(fact.id)).memories == 1


async def test_a_conversation_is_added_to_and_searched_by_an_id_of_ones_own(memocha: Memocha) -> None:
    async with memocha:
        for session, plant in (("balcony-1", "basil"), ("balcony-2", "thyme")):
            said: list[SaidMessage] = [{"role": "user", "content": f"The pot on my balcony holds {plant}."}]
            await memocha.memories.add(said, session=session)
            found = await memocha.memories.search("What is in the pot?", session=session)
            assert [item.text for item in found.items] == [f"The pot on my balcony holds {plant}."]
        assert [item.text async for item in memocha.memories.all(session="balcony-1")] == [
            "The pot on my balcony holds basil."
        ]
        [of_first] = [each async for each in memocha.sessions.all(search="holds basil")]
        await memocha.memories.add([{"role": "user", "content": "The pot cracked in the frost."}], session=of_first.id)
        by_name = await memocha.memories.search("the pot", session="balcony-1")
        by_id = await memocha.memories.search("the pot", session=str(of_first.id))
        assert len(by_name.items) == 2
        assert [item.id for item in by_name.items] == [item.id for item in by_id.items]
        assert (await memocha.memories.search("the pot", session="balcony-3")).items == []
        with pytest.raises(Refused, match="session and session_id are the same thing"):
            await memocha.memories.search("the pot", session="balcony-1", session_id=of_first.id)


async def test_no_message_is_nothing_to_remember(memocha: Memocha) -> None:
    async with memocha:
        before = [session.id async for session in memocha.sessions.all()]
        with pytest.raises(ValueError, match="nothing to remember"):
            await memocha.memories.add([], session="nobody said a thing")
        assert [session.id async for session in memocha.sessions.all()] == before


async def test_what_is_added_is_found_when_it_is_answered(memocha: Memocha) -> None:
    async with memocha:
        for number in range(5):
            fact = await memocha.memories.add(f"My locker at the pool is number {number}.")
            said: SaidMessage = {"role": "user", "content": f"I swam {number} lanes on my way home."}
            await memocha.memories.add([said], session=f"pool-{number}")
            found = await memocha.memories.search(f"Which locker at the pool: {number}?", k=20)
            assert fact.id in [item.id for item in found.items]
            found = await memocha.memories.search(f"How many lanes did I swim: {number}?", k=20)
            assert said["content"] in [item.text for item in found.items]


async def test_everything_is_written_to_a_file(memocha: Memocha, tmp_path: Path) -> None:
    async with memocha:
        await memocha.ask("I press wild flowers.")
        path = tmp_path / "all.jsonl"
        assert await memocha.export(path) == path.stat().st_size
    assert '"I press wild flowers."' in path.read_text()
    assert [each.name for each in tmp_path.iterdir()] == ["all.jsonl"]


async def test_what_is_exported_is_imported_by_its_first_bytes(memocha: Memocha, tmp_path: Path) -> None:
    lines = b'{"session": {"id": "i-1"}}\n' + b"".join(
        b'{"message": {"role": "user", "content": "I mend clock %d."}}\n' % number for number in range(300)
    )

    async def in_pieces() -> AsyncIterator[bytes]:
        for start in range(0, len(lines), 1_000):
            yield lines[start : start + 1_000]

    gone: list[int] = []
    seen: list[Job] = []
    async with memocha:
        job = await memocha.import_(in_pieces(), sent=gone.append, progress=seen.append)
        assert (job.state, job.processed, job.total) == ("succeeded", 301, 301)
        assert gone == sorted(gone)
        assert gone[-1] == len(lines)
        assert seen[-1] == job
        path = tmp_path / "lines.zip"  # a name that means nothing
        path.write_bytes(lines)
        taken = await memocha.import_(path, wait=False)
        assert [step async for step in memocha.jobs.follow(taken.id)][-1].state == "succeeded"
        assert b"".join([piece async for piece in memocha.exported()]).count(b"I mend clock 299.") == 1
        path.write_bytes(b"PK\x03\x04 and nothing more")
        with pytest.raises((Refused, JobFailed)) as broken:
            await memocha.import_(path)
        assert "line" not in str(broken.value), "it was not sent as lines"
        for nothing in (b"", b"GIF89a"):
            path.write_bytes(nothing)
            with pytest.raises(Refused) as broken:
                await memocha.import_(path)
            assert broken.value.code == "invalid_archive", "what it begins with is neither's: the name counts"
        path.write_bytes(b'{"mesage": 1}\n')
        with pytest.raises(Refused) as refused:
            await memocha.import_(path)
    assert (refused.value.code, refused.value.problem["line"]) == ("invalid_line", 1)


async def test_a_conversation_longer_than_a_page_is_renamed_and_read_in_order(memocha: Memocha) -> None:
    texts = [f"Step {number}." for number in range(230)]
    said = [{"role": ("user", "assistant")[number % 2], "content": text} for number, text in enumerate(texts)]
    async with memocha:
        await memocha.memories.add(said, session="steps", title="Steps")  # type: ignore[arg-type]
        [found] = [each async for each in memocha.sessions.all(search="Step 229.")]
        assert [message.content for message in await memocha.sessions.history(found.id)] == texts
        assert (await memocha.sessions.change(found.id, title="Stairs", archived=True)).title == "Stairs"
        assert found.id not in [each.id async for each in memocha.sessions.all()]
        assert found.id in [each.id async for each in memocha.sessions.all(archived="any")]
        assert [each.id async for each in memocha.sessions.all(archived=True)] == [found.id]


async def test_the_user_is_changed(memocha: Memocha) -> None:
    async with memocha:
        assert (await memocha.me.change({"about_me": "I keep bees."})).about_me == "I keep bees."
        assert (await memocha.me.change({"about_me": None})).about_me == ""
        assert (await memocha.me.get()).memory_enabled


async def test_refusals_are_told_by_their_code(memocha: Memocha, model_server: ModelServer) -> None:
    async with memocha:
        with pytest.raises(Refused) as unknown:
            await memocha.ask("Hello.", UUID(int=7))
        assert unknown.value.code == "session_not_found"
        with pytest.raises(Refused) as invalid:
            await memocha.ask("Hello.", tempreture=1)
        assert invalid.value.status == 422
        model_server.will(unauthorized())
        with pytest.raises(Refused, match=r"since: .*timezone"):
            await memocha.memories.search("tea", since=datetime(2026, 1, 1))  # noqa: DTZ001
        with pytest.raises(Refused) as failed:
            await memocha.ask("Hello.")
        assert failed.value.code == "model_credential"


async def test_nothing_at_the_address() -> None:
    async with Memocha("http://127.0.0.1:9") as memocha:
        with pytest.raises(Unreachable):
            await memocha.ask("Is anybody there?")
        with pytest.raises(Unreachable):
            await memocha.memories.search("Is anybody there?")


async def test_a_lost_connection_is_taken_up_again(service: Client, model_server: ModelServer) -> None:
    model_server.will(Behaviour(text=" ".join(map(str, range(40))), rate=20))
    async with Cutting(service) as url, Memocha(url) as memocha:
        answer = await memocha.ask("Count to forty.")
    assert answer.text == " ".join(map(str, range(40)))


class Cutting:
    """A way to the service that breaks its first connection after 1,500 bytes of answer."""

    def __init__(self, service: Client) -> None:
        self._port = service.base_url.port
        self._connections = 0

    async def __aenter__(self) -> str:
        listener = socket.create_server(("127.0.0.1", 0))
        self._server = await asyncio.start_server(self._pass_on, sock=listener)
        return f"http://127.0.0.1:{listener.getsockname()[1]}"

    async def __aexit__(self, *_: object) -> None:
        self._server.close()

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._connections += 1
        left = 1_500 if self._connections == 1 else 10**9
        there, back = await asyncio.open_connection("127.0.0.1", self._port)

        async def up() -> None:
            while piece := await reader.read(65_536):
                back.write(piece)

        sending = asyncio.create_task(up())
        with suppress(ConnectionError):
            while left > 0 and (piece := await there.read(min(left, 65_536))):
                writer.write(piece)
                await writer.drain()
                left -= len(piece)
        sending.cancel()
        for each in (writer, back):
            each.transport.abort()
