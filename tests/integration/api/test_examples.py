"""Each door's example, and the short programs of docs/clients.md, against a service that runs."""

import asyncio
import json
import re
from pathlib import Path

import pytest

from tests.support.examples import ROOT, printed
from tests.support.model_server import Behaviour, ModelServer
from tests.support.running import Client

# By example: what it tells, and what the model must be given when the example asks.
TELLING = {
    "openai_client.py": "My cello is called Olga.",
    "chat_openai.py": "I am training for the Lisbon marathon.",
    "remote_runnable.py": "My boat is called Petrel.",
}


def url_of(service: Client) -> str:
    return str(service.base_url).rstrip("/")


@pytest.mark.parametrize("name", TELLING)
async def test_what_one_conversation_tells_the_next_one_knows(
    service: Client, model_server: ModelServer, name: str
) -> None:
    told = TELLING[name]
    model_server.will(Behaviour(text="Noted."), Behaviour(text="As you told me."))
    out = await printed(name, MEMOCHA_URL=url_of(service))
    assert "As you told me." in out
    first, second = model_server.requests[-2:]
    assert told in first.prompt
    assert len([m for m in second.messages if m["role"] == "user"]) == 1, "a conversation of its own"
    assert told in second.prompt
    if name == "openai_client.py":
        assert told in out.partition("given:")[2]


PAGE = (ROOT / "docs" / "clients.md").read_text()
PROGRAMS = re.findall(r"^```python\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
# What each prints, in the page's order.
PRINTED = ("Noted.", "Noted.", "My dog is called Rex.", "I am allergic to walnuts.")


@pytest.mark.parametrize(("program", "prints"), list(zip(PROGRAMS, PRINTED, strict=True)), ids=range(len(PRINTED)))
async def test_the_programs_of_the_page(
    service: Client, model_server: ModelServer, tmp_path: Path, program: str, prints: str
) -> None:
    model_server.will(Behaviour(text="Noted."))
    path = tmp_path / "program.py"
    path.write_text(program.replace("http://127.0.0.1:8000", url_of(service)))
    assert prints in await printed(str(path))


async def test_the_memory_as_tools(service: Client) -> None:
    out = await printed("mcp_client.py", MEMOCHA_URL=url_of(service))
    assert "'search_memories'" in out
    assert "I live in the Rua das Flores." in out.partition("found:")[2]


async def test_a_turn_over_plain_http(service: Client, model_server: ModelServer) -> None:
    model_server.will(Behaviour(text="You fold paper cranes.", rate=50))
    await service.post("/api/memories", json={"text": "I fold paper cranes."})
    out = await printed("sse.py", MEMOCHA_URL=url_of(service))
    assert "I fold paper cranes." in out.splitlines()[0]
    assert out.splitlines()[1] == "You fold paper cranes."
    done = json.loads(out.splitlines()[2].removeprefix("done: "))
    assert done["finish_reason"] == "stop"


async def test_the_shell_commands(service: Client, model_server: ModelServer) -> None:
    """Those of the page, with this service's address in place of the usual one."""
    model_server.will(Behaviour(text="Porto, you said."))
    [commands] = re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
    script = "set -e\n" + commands.replace("http://127.0.0.1:8000", url_of(service)).replace("curl ", "curl -sSf ")
    process = await asyncio.create_subprocess_exec(
        "bash", "-c", script, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    out, err = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode == 0, err.decode()
    said = out.decode()
    assert "event: done" in said
    assert '"relevant":true' in said
    assert said.count("I moved to Porto") >= 2, "added, and found again"
