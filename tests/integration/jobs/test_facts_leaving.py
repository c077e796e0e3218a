"""What becomes of facts when what they came from goes, and of reading that is broken off."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from app.chat import branches
from app.db.facts import Facts
from app.db.forgetting import Forgetting
from app.db.ids import new_id
from app.db.messages import Messages
from app.db.models import Message
from app.db.recallable import Recallable
from app.db.runs import Runs
from app.db.sessions import Sessions
from app.jobs.facts import FactTasks
from tests.integration.jobs.support import Service
from tests.integration.jobs.test_facts import THEN, facts, model, model_server, moved, read, tasks, tell
from tests.support.fact_model import FactModel
from tests.support.model_server import Behaviour

__all__ = ["model", "model_server", "tasks"]


async def test_a_deleted_session_takes_its_facts_and_others_are_read_again(
    parts: Service, tasks: FactTasks, model: FactModel
) -> None:
    model.finds = {"I live in Porto": [{"fact": "I live in Porto"}], "I like tea": [{"fact": "I like tea"}]}
    first, second = await parts.new_session(), await parts.new_session()
    await tell(parts, first, "I live in Porto", "I like tea")
    await read(parts, tasks)
    await tell(parts, second, "As I said, I live in Porto.", at=THEN + timedelta(days=1))
    await read(parts, tasks)
    async with parts.database.transaction() as tx:
        gone = await Facts(tx).leave(parts.user, Message.session_id == first)
        await Sessions(tx).delete(parts.user, first)
        await parts.queue.forget(tx, parts.user, gone)
    assert await facts(parts) == {}
    await read(parts, tasks)
    now = await facts(parts)
    assert list(now) == ["I live in Porto"], "what another session says too is known from there"
    assert now["I live in Porto"].session_id == second


async def test_a_branch_that_is_left_takes_its_facts(parts: Service, tasks: FactTasks, model: FactModel) -> None:
    model.finds = {"I live in Berlin": [{"fact": "I live in Berlin"}], "I live in Porto": [{"fact": "I live in Porto"}]}
    session = await parts.new_session()
    [said] = await tell(parts, session, "I live in Berlin")
    await read(parts, tasks)
    async with parts.database.transaction() as tx:
        row, _ = await Messages(tx).add(parts.user, session, "user", "I live in Porto", parent_id=None)
        await branches.remember_shown(tx, parts.queue, parts.user, session)
    assert await facts(parts) == {}
    await read(parts, tasks)
    assert list(await facts(parts)) == ["I live in Porto"]
    async with parts.database.transaction() as tx:
        await Sessions(tx).set_head(parts.user, session, said)
        await branches.remember_shown(tx, parts.queue, parts.user, session)
    await parts.drained()
    await read(parts, tasks)
    assert list(await facts(parts)) == ["I live in Berlin"], f"not {row.id}"


async def test_other_facts_of_a_message_stay(parts: Service, tasks: FactTasks, model: FactModel) -> None:
    model.finds = {
        "My sister is called Anika": [{"fact": "My sister is called Anika"}],
        "I work at a bank": [{"fact": "I work at a bank"}],
    }
    await tell(parts, await parts.new_session(), "My sister is called Anika. I work at a bank.")
    await read(parts, tasks)
    async with parts.database.transaction() as tx:
        sister = (await facts(parts))["My sister is called Anika"]
        gone = await Forgetting(tx).memories(parts.user, [sister.id])
    assert list(await facts(parts)) == ["I work at a bank"]
    assert len(gone) == 2, "the fact and the episode that holds its words"
    await read(parts, tasks)
    assert list(await facts(parts)) == ["I work at a bank"]


async def test_in_a_chain_the_next_one_takes_the_place(parts: Service, tasks: FactTasks, model: FactModel) -> None:
    old, middle = await moved(parts, tasks, model)
    model.finds["I left for Rome"] = [{"fact": "I left for Rome"}]
    model.compares["I left for Rome"] = ("contradicts", "I live in Porto")
    await tell(parts, await parts.new_session(), "I left for Rome", at=THEN + timedelta(days=60))
    await read(parts, tasks)
    async with parts.database.transaction() as tx:
        await Forgetting(tx).memories(parts.user, [middle])
    now = await facts(parts)
    assert now["I live in Berlin"].id == old
    assert now["I live in Berlin"].superseded_by == now["I left for Rome"].id
    assert now["I live in Berlin"].valid_to == THEN + timedelta(days=60)


async def test_of_a_stranger_nothing_is_compared_or_closed(parts: Service, tasks: FactTasks, model: FactModel) -> None:
    _, new = await moved(parts, tasks, model)
    async with parts.database.transaction() as tx:
        await tx.execute(text("INSERT INTO users (id, name) VALUES (:id, 'other')"), {"id": (other := new_id())})
    stranger = replace(parts, user=other)
    model.compares["I live in Berlin"] = ("contradicts", "I live in Porto")
    await tell(stranger, await stranger.new_session(), "I live in Berlin", at=THEN + timedelta(days=90))
    await read(stranger, tasks)
    assert (await facts(stranger))["I live in Berlin"].superseded_by is None
    assert (await facts(parts))["I live in Porto"].superseded_by is None
    async with parts.database.transaction() as tx:
        assert await Recallable(tx).get(other, [new]) == []


async def test_a_fact_whose_time_is_over_is_kept_and_not_recalled(
    parts: Service, tasks: FactTasks, model: FactModel
) -> None:
    said = "I am in Lisbon until April 2026"
    model.finds[said] = [{"fact": said, "lasting": False}]
    await tell(parts, await parts.new_session(), said)
    await read(parts, tasks)
    (fact,) = (await facts(parts)).values()
    assert f"{fact.valid_to:%Y-%m}" == "2026-05"
    async with parts.database.transaction() as tx:
        for moment, count in (("2999-01-01", 1), ("2026-03-02", 0)):
            await tx.execute(text("UPDATE memories SET valid_to = CAST(:at AS timestamptz)"), {"at": moment})
            assert len(await Recallable(tx).get(parts.user, [fact.id])) == count


# --- broken off


async def test_forgotten_while_it_is_read_brings_nothing(parts: Service, tasks: FactTasks, model: FactModel) -> None:
    session = await parts.new_session()
    said = await tell(parts, session, "I live in Porto")
    model.finds["I live in Porto"] = [{"fact": "I live in Porto"}]
    slow = Behaviour(text='{"facts": [{"message": 1, "quote": "I live in Porto", "fact": "I live in Porto", '
                          '"topic": "home", "since": null, "until": null, "lasting": true}]}', think=0.5)  # fmt: skip
    model.will(slow)
    reading = asyncio.create_task(tasks.extract_facts(str(parts.user), str(session)))
    while not model.requests:
        await asyncio.sleep(0.01)
    async with parts.database.transaction() as tx:
        await Messages(tx).forget(parts.user, said)
    await reading
    assert await facts(parts) == {}


async def test_a_reading_that_is_cancelled_is_done_again(parts: Service, tasks: FactTasks, model: FactModel) -> None:
    session = await parts.new_session()
    await tell(parts, session, "I live in Porto")
    model.finds["I live in Porto"] = [{"fact": "I live in Porto"}]
    model.will(Behaviour(text="{}", think=30))
    reading = asyncio.create_task(tasks.extract_facts(str(parts.user), str(session)))
    while not model.requests:
        await asyncio.sleep(0.01)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    await read(parts, tasks)
    assert list(await facts(parts)) == ["I live in Porto"]


async def test_a_local_model_stops_reading_when_somebody_talks(
    parts: Service, tasks: FactTasks, model: FactModel
) -> None:
    local = replace(tasks, pace=replace(tasks.pace, only_when_quiet=True))
    session = await parts.new_session()
    [said] = await tell(parts, session, "I live in Porto")
    model.finds["I live in Porto"] = [{"fact": "I live in Porto"}]
    model.will(Behaviour(text="{}", think=60))
    reading = asyncio.create_task(local.extract_facts(str(parts.user), str(session)))
    while not model.requests:
        await asyncio.sleep(0.01)
    async with parts.database.transaction() as tx:
        run = await Runs(tx).start(parts.user, session, said, owner="a process")
    async with asyncio.timeout(10):
        await reading
    assert model.requests[-1].disconnected or not model.requests[-1].finished
    assert await facts(parts) == {}
    async with parts.database.transaction() as tx:
        await Runs(tx).finish(run.id, "a process", "done")
    await local.extract_facts(str(parts.user), str(session))
    assert list(await facts(parts)) == ["I live in Porto"]
