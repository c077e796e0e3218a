"""The typed client of the HTTP interface, over a real socket, and the example of its documentation."""

import asyncio
import os
import socket
import sys
from contextlib import suppress
from pathlib import Path
from uuid import UUID

import pytest

from app.chat.events import DoneEvent, MemoriesEvent, RunEvent, TokenEvent
from graphs.memory.records import MemoryKind
from memocha import Client as Memocha
from memocha.client import Refused, Unreachable
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


async def test_everything_is_written_to_a_file(memocha: Memocha, tmp_path: Path) -> None:
    async with memocha:
        await memocha.ask("I press wild flowers.")
        path = tmp_path / "all.jsonl"
        assert await memocha.export(path) == path.stat().st_size
    assert '"I press wild flowers."' in path.read_text()
    assert [each.name for each in tmp_path.iterdir()] == ["all.jsonl"]


async def test_refusals_are_told_by_their_code(memocha: Memocha, model_server: ModelServer) -> None:
    async with memocha:
        with pytest.raises(Refused) as unknown:
            await memocha.ask("Hello.", UUID(int=7))
        assert unknown.value.code == "session_not_found"
        with pytest.raises(Refused) as invalid:
            await memocha.ask("Hello.", tempreture=1)
        assert invalid.value.status == 422
        model_server.will(unauthorized())
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
