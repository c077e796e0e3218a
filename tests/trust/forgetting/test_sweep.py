"""Forgotten means gone: words said in every place that takes one, deleted at every level, and looked for in every byte
that an instance has: its tables as a dump writes them, what the planner knows of them, Postgres' files and log, the
index's files and log, the logs of all parts, the data folder, the folder for temporary files.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.settings import Settings
from tests.support.accounts import browser, execute, make_account
from tests.support.command import Command
from tests.support.embedded import scratch
from tests.support.instance import Instance, running_instance
from tests.support.running import Client
from tests.trust.forgetting.looking import files_with, tables_with
from tests.trust.forgetting.traces import Person

WITHIN = 30.0
"""Seconds, on busy cores, for the jobs that follow a deletion and for the index to write its files anew."""


@dataclass
class Installation:
    """A Memocha with accounts, as `memocha up` starts it, and where it leaves things."""

    instance: Instance
    settings: Settings
    temporary: Path
    stack: AsyncExitStack
    command: Command

    async def person(self, login: str, *, admin: bool = False) -> Person:
        """Somebody new, signed in."""
        user = await make_account(self.settings, login, role="admin" if admin else "member")
        visitor = Client(base_url=f"http://127.0.0.1:{self.instance.port}", trust_env=False)
        client = await self.stack.enter_async_context(browser(visitor, login))
        return Person(user, client, self.settings, self.instance.model)

    async def with_word(self, *words: str) -> dict[str, set[str]]:
        """By word, where it is: tables and files."""
        url = self.instance.environment["MEMOCHA_DATABASE_URL"]
        found = await tables_with(url, words)
        for word in words:
            found[word] |= await asyncio.to_thread(files_with, word, self.instance.data_dir, self.temporary)
        return found

    async def counts(self, person: Person) -> dict[str, int]:
        """How many rows of theirs there are, as a receipt names the stores."""
        of_theirs = {
            "sessions": "sessions WHERE",
            "messages": "messages WHERE",
            "memories": "memories WHERE",
            "facts": "memories WHERE kind = 'fact' AND",
            "digests": "memories WHERE kind = 'digest' AND",
            "vectors": "memories WHERE indexed_at IS NOT NULL AND",
            "runs": "runs WHERE",
            "usage": "usage WHERE",
        }
        counted = {}
        for store, where in of_theirs.items():
            [(counted[store],)] = await execute(self.settings, f"SELECT count(*) FROM {where} user_id = %s", person.id)
        threads = (
            "SELECT count(*) FROM checkpoints WHERE thread_id IN (SELECT id::text FROM sessions WHERE user_id = %s)"
        )
        [(counted["checkpoints"],)] = await execute(self.settings, threads, person.id)
        return counted

    async def gone(self, *words: str) -> None:
        """Wait until the words are nowhere."""
        left = await self.with_word(*words)
        try:
            async with asyncio.timeout(WITHIN):
                while any(left.values()):
                    await asyncio.sleep(0.2)
                    left = await self.with_word(*words)
        except TimeoutError:
            raise AssertionError(f"still there: {left}") from None

    async def rest(self) -> None:
        """Wait until no job is left that follows from what was asked for."""
        waiting = (
            "SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing') "
            "AND task_name IN ('index_messages', 'index_memories', 'forget_session', 'forget_user', 'import_lines')"
        )
        async with asyncio.timeout(WITHIN):
            while (await execute(self.settings, waiting))[0][0]:
                await asyncio.sleep(0.1)


@pytest.fixture(scope="module")
async def installation(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Installation]:
    with scratch() as temporary:
        async with (
            running_instance(MEMOCHA_AUTH="accounts", TMPDIR=str(temporary)) as instance,
            AsyncExitStack() as stack,
        ):
            settings = Settings(_env_file=None, database_url=instance.environment["MEMOCHA_DATABASE_URL"])  # type: ignore[call-arg,arg-type]
            command = Command(tmp_path_factory.mktemp("cli"), {"MEMOCHA_DATA_DIR": str(instance.data_dir)})
            yield Installation(instance, settings, temporary, stack, command)


async def test_no_byte_is_left(installation: Installation) -> None:
    """Four people, four levels: some memories, all conversations, all that is kept of me, the account."""
    admin = await installation.person("admin", admin=True)
    some, talker, eraser, leaver = [
        await installation.person(login) for login in ("some", "talker", "eraser", "leaver")
    ]
    words = {some: "zqmemorblax", talker: "zqchatbląx", eraser: "zqpersonblax", leaver: "zqaccountblax"}
    await some.in_memories(words[some])
    sessions = await talker.in_conversations(words[talker])
    for person in (eraser, leaver):
        await person.in_memories(words[person])
        await person.in_conversations(words[person])
        await person.in_all_else(words[person])
    await installation.rest()
    await installation.rest()
    await execute(installation.settings, "ANALYZE")
    await execute(installation.settings, "CHECKPOINT")
    before = await installation.with_word(*words.values())
    for word in words.values():
        assert {"memories", "pg_stats"} <= before[word], before
        assert any("/pg_wal/" in place for place in before[word]), before
        assert any("/base/" in place for place in before[word]), before
        assert any("/milvus/" in place for place in before[word]), before
    everywhere = {"users", "sessions", "messages", "memories", "memory_events", "import_lines", "checkpoint_blobs"}
    assert everywhere <= before[words[eraser]]

    held = {person: await installation.counts(person) for person in words}
    deleted = [await some.client.delete(f"/api/memories/{memory}") for memory in some.memories]
    deleted += [await talker.client.delete(f"/api/sessions/{session}") for session in sessions]
    deleted.append(await eraser.client.delete("/api/me/data"))
    # The index is away when the account goes, and the service is killed before it is back.
    receipts = [answer.json() for answer in deleted]
    assert all(receipt["verified"] for receipt in receipts), receipts
    await installation.instance.kill("milvus")
    deleted.append(await admin.client.delete(f"/api/users/{leaver.id}"))
    await installation.instance.kill("service")
    assert [answer.status_code for answer in deleted] == [200] * len(deleted)
    assert not deleted[-1].json()["verified"], "the index is away: who asked is told"
    of = {some: receipts[:4], talker: receipts[4:-1], eraser: receipts[-1:], leaver: [deleted[-1].json()]}
    for person, given in of.items():
        stays = {some: {"sessions", "runs"}, talker: {"usage"}}.get(person, set())
        wanted = {store: number for store, number in held[person].items() if store not in stays}
        assert {store: sum(each[store] for each in given) for store in wanted} == wanted
    await installation.instance.wait_ready()
    await installation.rest()

    assert (await execute(installation.settings, "SELECT count(*) > 0 FROM unswept"))[0][0], "a sweep is to come"
    swept = await installation.command("sweep", "--json")
    assert swept.code == 0, swept.err
    assert swept.document["whole"] is True
    await installation.gone(*words.values())

    # Nothing is learned again from what stayed.
    assert (await installation.command("reindex")).code == 0
    await installation.rest()
    await installation.gone(*words.values())
