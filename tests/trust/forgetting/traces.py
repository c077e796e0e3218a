"""People who leave their words in every place that takes one."""

import json
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import httpx2
from mcp import Client as McpClient
from mcp.client.streamable_http import streamable_http_client

from app.db.ids import new_id
from app.settings import Settings
from tests.support.accounts import execute, make_key
from tests.support.model_server import Behaviour, ModelServer
from tests.support.running import Client

NDJSON = {"content-type": "application/x-ndjson"}


@dataclass(eq=False)
class Person:
    """Who says the words, and how the service knows them."""

    id: UUID
    client: Client
    settings: Settings
    """As they lead to the instance's database."""
    model: ModelServer
    memories: list[str] = field(default_factory=list)
    """Of the words that were given by hand, by MCP and as a digest."""

    async def in_memories(self, word: str) -> None:
        """Where no message has it: in memories that are given, put differently, and of days."""
        made = (await self.client.post("/api/memories", json={"text": f"I keep a {word} at home."})).json()
        other = (await self.client.post("/api/memories", json={"text": f"I was given a {word} once."})).json()
        await self.client.patch(f"/api/memories/{other['id']}", json={"text": "I was given something once."})
        digest = new_id()
        await self._memory(digest, "digest", f"A day about {word}.")
        self.memories = [made["id"], other["id"], await self._by_mcp(f"I sold a {word} in May."), str(digest)]
        await self.client.remembered(f"I keep a {word} at home.")

    async def in_conversations(self, word: str) -> list[str]:
        """Said, edited, answered, failed, temporary, titled, and what is made of it; the sessions."""
        self.model.will(Behaviour(text=f"So it is called {word}."))
        turn = await self.client.say(f"My {word} is in the garden.")
        await self.client.remembered(f"My {word} is in the garden.")
        session = turn.session_id
        await self.client.patch(f"/api/sessions/{session}", json={"title": f"The {word}"})
        said, _ = await self.client.history(session)
        await self.client.say(f"My {word} is in the shed.", session_id=session, edit_of=said["id"])
        other = await self.client.say(f"Where is my {word}?")
        self.model.will(Behaviour(text=f"It is {word} and", cut_after=3))
        failed = await self.client.say(f"Break off at {word}.")
        asked = await self.client.say(f"Forget that my {word} is made of tin.")
        closed = await self.client.say(f"A secret {word}.", temporary=True)
        await self._as_jobs_leave_it(word, said["id"], session)
        return [turn.session_id, other.session_id, failed.session_id, asked.session_id, closed.session_id]

    async def in_all_else(self, word: str) -> None:
        """In settings, imports that are done and that wait, and what another program's door took in."""
        await self.client.patch(
            "/api/me", json={"about_me": f"Keeper of the {word}", "how_to_answer": f"As {word}s do"}
        )
        key = (await make_key(self.client))["key"]
        lines = [{"session": {"id": word, "title": f"An old {word}"}}]
        lines += [{"message": {"role": "user", "content": f"I had a {word} in {year}."}} for year in range(1990, 2000)]
        body = "\n".join(json.dumps(line) for line in lines)
        answer = await self.client.post("/api/import", content=body, headers=NDJSON)
        assert answer.status_code == 202, answer.text
        await self.client.remembered(f"I had a {word} in 1999.", 20.0)
        door = {"model": "memocha", "messages": [{"role": "user", "content": f"What is a {word}?"}]}
        answer = await self.client.post("/v1/chat/completions", json=door, headers={"authorization": f"Bearer {key}"})
        assert answer.status_code == 200, answer.text
        job = new_id()
        await self._execute(
            "INSERT INTO jobs (id, user_id, kind, state) VALUES (%s, %s, 'import', 'queued')", job, self.id
        )
        waiting = json.dumps({"message": {"role": "user", "content": word}})
        await self._execute("INSERT INTO import_lines (job_id, number, line) VALUES (%s, 1, %s)", job, waiting)

    async def _by_mcp(self, words: str) -> str:
        key = (await make_key(self.client))["key"]
        address = f"{str(self.client.base_url).rstrip('/')}/mcp"
        async with (
            httpx2.AsyncClient(headers={"authorization": f"Bearer {key}"}, trust_env=False) as http,
            McpClient(streamable_http_client(address, http_client=http)) as client,
        ):
            added = await client.call_tool("add_memory", {"text": words})
        assert added.structured_content is not None, added
        return str(added.structured_content["id"])

    async def _as_jobs_leave_it(self, word: str, message: str, session: str) -> None:
        """A fact and a digest that came from a message, and a run's checkpoint that was not pruned."""
        for kind in ("fact", "digest"):
            memory = new_id()
            await self._memory(memory, kind, f"They have a {word}, in a {kind}.")
            await self._execute(
                "INSERT INTO memory_sources (memory_id, message_id, quote) VALUES (%s, %s, %s)",
                *(memory, UUID(message), f"My {word} is in the garden" if kind == "fact" else None),
            )
        await self._execute(
            "INSERT INTO checkpoints (thread_id, checkpoint_ns, checkpoint_id, checkpoint) VALUES (%s, '', '1', %s)",
            *(session, json.dumps({"said": word})),
        )
        await self._execute(
            "INSERT INTO checkpoint_blobs (thread_id, checkpoint_ns, channel, version, type, blob) "
            "VALUES (%s, '', 'messages', '1', 'msgpack', %s)",
            *(session, word.encode()),
        )

    async def _memory(self, memory: UUID, kind: str, words: str) -> None:
        await self._execute(
            "INSERT INTO memories (id, user_id, kind, text, words, created_at) "
            "VALUES (%s, %s, %s, %s, to_tsvector('simple', %s), now())",
            *(memory, self.id, kind, words, words),
        )

    async def _execute(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        return await execute(self.settings, statement, *values)
