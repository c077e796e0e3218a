"""The outbox: what is stored with a transaction, and that two wishes for the same are one job without losing either."""

import asyncio

import pytest
from sqlalchemy import text

from app.db.errors import DatabaseUnavailable
from app.db.ids import new_id
from app.db.sessions import Sessions
from app.jobs.queue import BATCH, JobQueue
from app.jobs.retry import GIVE_UP_AFTER, LONGEST_WAIT, Backoff, wait
from graphs.errors import IndexUnavailable
from tests.integration.jobs.support import Service


async def test_one_that_waits_serves_for_both(parts: Service) -> None:
    session = await parts.new_session()
    for _ in range(3):
        async with parts.database.transaction() as tx:
            await parts.queue.reconcile_session(tx, parts.user, session)
            await parts.queue.reconcile_session(tx, parts.user, session)
    assert await parts.jobs("todo") == ["reconcile_session"]
    other = await parts.new_session()
    async with parts.database.transaction() as tx:
        await parts.queue.reconcile_session(tx, parts.user, other)
        await parts.queue.forget_session(tx, parts.user, session)
    assert sorted(await parts.jobs("todo")) == ["forget_session", "reconcile_session", "reconcile_session"]


async def test_a_job_that_serves_for_both_waits_for_both(parts: Service) -> None:
    """Else it could run between the second wish and its commit, and what the second one changed were never seen."""
    session = await parts.new_session()
    first, old = await parts.say(session, "first", "old branch")
    await parts.drained()
    async with parts.database.transaction() as tx:
        await parts.queue.reconcile_session(tx, parts.user, session)
    async with parts.database.transaction() as tx:
        await Sessions(tx).set_head(parts.user, session, first)
        await parts.queue.reconcile_session(tx, parts.user, session)
        assert await parts.queue.app.job_manager.fetch_job(None, await worker_id(parts)) is None
    await parts.drained()
    assert list((await parts.rows()).values()) == ["first"]
    assert old not in await parts.rows()


async def worker_id(parts: Service) -> int:
    return await parts.queue.app.job_manager.register_worker()


async def test_many_who_want_the_same_at_once(parts: Service) -> None:
    session = await parts.new_session()

    async def want() -> None:
        async with parts.database.transaction() as tx:
            await parts.queue.reconcile_session(tx, parts.user, session)
            await asyncio.sleep(0.02)

    await asyncio.gather(*(want() for _ in range(6)))
    assert await parts.jobs("todo") == ["reconcile_session"]


async def test_a_transaction_goes_on_after_a_job_that_was_there(parts: Service) -> None:
    session = await parts.new_session()
    async with parts.database.transaction() as tx:
        await parts.queue.reconcile_session(tx, parts.user, session)
    async with parts.database.transaction() as tx:
        await parts.queue.reconcile_session(tx, parts.user, session)
        await Sessions(tx).set_title_if_empty(parts.user, session, "stored")
    async with parts.database.transaction() as tx:
        assert (await Sessions(tx).get(parts.user, session)).title == "stored"


async def test_many_ids_are_many_jobs(parts: Service) -> None:
    async with parts.database.transaction() as tx:
        await parts.queue.forget(tx, parts.user, [new_id() for _ in range(BATCH * 2 + 1)])
        await parts.queue.forget(tx, parts.user, [])
    assert await parts.jobs("todo") == ["index_memories"] * 3


async def test_another_users_messages_make_no_job(parts: Service) -> None:
    session = await parts.new_session()
    said = await parts.say(session, "mine", remember=False)
    async with parts.database.transaction() as tx:
        await parts.queue.index_messages(tx, new_id(), said)
    assert await parts.jobs() == []


async def test_postgres_away() -> None:
    queue = JobQueue("postgresql://nobody:nothing@127.0.0.1:1/none", timeout=0.5)
    with pytest.raises(DatabaseUnavailable):
        await queue.open()
    await queue.close()


async def test_a_connection_that_breaks_while_a_job_is_stored(parts: Service) -> None:
    session = await parts.new_session()
    with pytest.raises(DatabaseUnavailable):  # noqa: PT012
        async with parts.database.transaction() as tx:
            pid = await tx.scalar(text("SELECT pg_backend_pid()"))
            async with parts.database.transaction() as other:
                await other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
            await parts.queue.reconcile_session(tx, parts.user, session)
    assert await parts.jobs() == []


def test_pauses_double_up_to_a_bound() -> None:
    pauses = [wait(attempts) for attempts in range(50)]
    assert 0.7 < pauses[0] < 1.3
    assert 6 < pauses[3] < 10
    assert max(pauses) <= LONGEST_WAIT * 1.25


async def test_what_is_away_is_tried_for_ever_and_what_is_broken_is_not(parts: Service) -> None:
    session = await parts.new_session()
    await parts.say(session, "one")
    (job,) = await parts.queue.app.job_manager.list_jobs_async(task="index_messages")
    late = job.evolve(attempts=GIVE_UP_AFTER)
    assert Backoff().get_retry_decision(exception=IndexUnavailable("away"), job=late.evolve(attempts=10_000))
    assert Backoff().get_retry_decision(exception=ValueError("broken"), job=job)
    assert Backoff().get_retry_decision(exception=ValueError("broken"), job=late) is None
    assert Backoff().get_retry_decision(exception=asyncio.CancelledError(), job=late)


@pytest.mark.parametrize("name", ["reconcile_session", "forget_session", "forget_user"])
async def test_a_failed_job_gives_way_to_one_of_its_name_that_waits(
    parts: Service, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = await parts.new_session()
    task = parts.queue.app.tasks[name]
    do, done = task.func, 0

    async def want() -> None:
        async with parts.database.transaction() as tx:
            about = (parts.user,) if name == "forget_user" else (parts.user, session)
            await getattr(parts.queue, name)(tx, *about)

    async def fail_once(**ids: str) -> None:
        nonlocal done
        done += 1
        if done == 1:
            await want()
            raise IndexUnavailable("away, as the test wants it")
        await do(**ids)

    monkeypatch.setattr(task, "func", fail_once)
    await want()
    # One job at a time: the second waits while the first is done.
    await parts.queue.app.run_worker_async(wait=False, install_signal_handlers=False, concurrency=1)
    assert done == 2
    assert await parts.jobs("doing") == []
    assert await parts.jobs("todo") == []
    assert await parts.jobs("failed") == []
