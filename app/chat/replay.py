"""A run's events made from its rows, for whoever asks after the run's own log is gone or was another process's."""

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID

from app import telling
from app.chat.events import DoneEvent, ErrorEvent, MemoriesEvent, RunEvent, TokenEvent
from app.chat.log import EventLog
from app.chat.recorder import usage_event
from app.db.engine import Database
from app.db.messages import Messages
from app.db.models import Run
from app.db.recalls import Recalls
from app.db.runs import Runs as RunRows
from app.db.sessions import Sessions
from app.db.usage import Usage
from app.errors import MessageNotFound

POLL = 0.5
"""Seconds between two looks at a run that another process is answering."""
ENDED = {
    "failed": "The answer broke off. Try again.",
    "interrupted": "The answer was interrupted. Try again.",
}


async def replay(database: Database, user_id: UUID, run_id: UUID, after: int) -> AsyncIterator[bytes]:
    """The whole run again, once it has ended, with ids above `after`. Its `run` event starts the answer over."""
    while True:
        async with database.transaction() as tx:
            run = await RunRows(tx).get(user_id, run_id)
        if run.state != "running":
            break
        await asyncio.sleep(POLL)
    log = await stored_events(database, run, after)
    async for piece in log.follow(after):
        yield piece


async def stored_events(database: Database, run: Run, after: int) -> EventLog:
    """What the rows tell of an ended run."""
    log = EventLog(first_id=after + 1)
    async with database.transaction() as tx:
        question = await Messages(tx).get(run.user_id, run.session_id, run.user_message_id)
        session = await Sessions(tx).get(run.user_id, run.session_id)
        try:
            answer = await Messages(tx).get(run.user_id, run.session_id, run.message_id)
        except MessageNotFound:
            answer = None
        recalled = (await Recalls(tx).of(run.user_id, [run.message_id])).get(run.message_id, [])
        given = await telling.given(tx, run.user_id, recalled)
        used = (await Usage(tx).of(run.user_id, [run.message_id])).get(run.message_id)
    log.append(
        RunEvent(
            run_id=run.id,
            session_id=run.session_id,
            user_message_id=run.user_message_id,
            message_id=run.message_id,
            title=session.title,
        )
    )
    log.append(
        MemoriesEvent(
            items=given,
            degraded=answer is not None and answer.degraded,
            forgotten=question.forgotten_count,
            took_ms=0.0,
        )
    )
    if answer is not None:
        log.append(TokenEvent(text=answer.content))
    if run.state in ENDED:
        log.append(ErrorEvent(code=run.error_code or run.state, title=ENDED[run.state], retryable=True))
    else:
        log.append(telling.usage_of(used) if used is not None else usage_event(None, None))
        finish = answer.finish_reason if answer is not None else "stopped"
        log.append(
            DoneEvent(
                message_id=run.message_id,
                finish_reason="stop" if finish is None or finish == "interrupted" else finish,
            )
        )
    log.close()
    return log
