"""With memory off nothing that is said becomes an episode, a fact or part of a digest, then or later."""

import json
from datetime import timedelta
from uuid import UUID

import pytest

from app.db.sessions import SessionChange, Sessions
from app.db.users import Users
from app.jobs.digests import DigestTasks
from app.jobs.facts import FactTasks
from app.jobs.reader import Pace
from app.known_facts import KnownFacts
from graphs.memory.facts.asking import Form, Reply
from tests.integration.jobs.support import Service, WordEmbedder
from tests.integration.jobs.test_digests import write
from tests.integration.jobs.test_facts import tell

BEFORE, DURING, AFTER = "I keep bees in Porto", "I have a secret boat in Oslo", "I play the cello in Rome"


class Listener:
    """Reads, and finds no fact."""

    def __init__(self) -> None:
        self.read: list[str] = []

    async def ask(self, form: Form, instructions: str, material: str) -> Reply:
        del instructions
        if form.name != "facts":
            return Reply({"decisions": []}, 1)
        lines = [json.loads(line) for line in material.splitlines()]
        self.read += [line["text"] for line in lines]
        return Reply({"facts": []}, 1)


async def turn(parts: Service, whose: str, session: UUID, *, on: bool) -> None:
    async with parts.database.transaction() as tx:
        if whose == "user":
            await Users(tx).change(parts.user, {"memory_enabled": on})
        else:
            await Sessions(tx).change(parts.user, session, SessionChange(memory_enabled=on))


@pytest.mark.parametrize("whose", ["user", "session"])
async def test_what_is_said_meanwhile_is_never_read(parts: Service, whose: str) -> None:
    asker = Listener()
    known = KnownFacts(parts.database, WordEmbedder(), parts.index)
    facts = FactTasks(parts.database, parts.queue, known, asker, Pace(pause=timedelta(0)))
    digests = DigestTasks(parts.database, parts.queue)
    digests.register()
    session = await parts.new_session()
    await tell(parts, session, BEFORE)
    await parts.drained()
    await turn(parts, whose, session, on=False)
    await tell(parts, session, DURING)
    await facts.extract_facts(str(parts.user), str(session))
    assert asker.read == [], "nothing is read while it is off"
    assert await write(parts, digests) == {}, "nor written up"

    await turn(parts, whose, session, on=True)
    await tell(parts, session, AFTER)
    await facts.extract_facts(str(parts.user), str(session))
    assert set(asker.read) == {BEFORE, AFTER}
    [digest] = (await write(parts, digests)).values()
    assert "Rome" in digest.text
    assert "Oslo" not in digest.text
    texts = set((await parts.rows()).values())
    assert AFTER in texts
    assert not any("Oslo" in each for each in texts)
    assert not parts.remembers("Oslo")


async def test_a_day_waits_until_memory_is_on_again(parts: Service) -> None:
    digests = DigestTasks(parts.database, parts.queue)
    digests.register()
    session = await parts.new_session()
    await tell(parts, session, BEFORE, AFTER)
    await parts.drained()
    await turn(parts, "user", session, on=False)
    assert await write(parts, digests) == {}
    await turn(parts, "user", session, on=True)
    [digest] = (await write(parts, digests)).values()
    assert "Rome" in digest.text or "Porto" in digest.text
