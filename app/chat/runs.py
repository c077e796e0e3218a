"""Runs: a turn is a task of its own, that nobody's leaving stops.

A run is a row too. While its process lives it renews the row's heartbeat; when that stops, another process (or the same
one, started again) takes the run over and goes on from the last node that was finished.
"""

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial
from uuid import UUID

import structlog
from prometheus_client import Counter, Gauge, Histogram
from sqlalchemy.ext.asyncio import AsyncSession

from app.chat import branches
from app.chat.admission import admit
from app.chat.live import LiveRun
from app.chat.log import EventLog
from app.chat.owner import Owner
from app.chat.prices import Prices
from app.chat.recorder import RUN_TIMEOUT, TurnRecorder, usage_event
from app.chat.replay import replay
from app.chat.request import ChatRequest
from app.chat.retold import Retold
from app.chat.spending import Spending
from app.chat.turn import Conversation, Turns
from app.checkpoints import PooledSaver
from app.db.engine import Database
from app.db.errors import DatabaseUnavailable
from app.db.models import Run
from app.db.outlast import outlast
from app.db.runs import Runs as RunRows
from app.db.usage import Reserved
from app.errors import NotRunning, RunTakenOver, ShuttingDown, wait_of
from app.jobs.queue import JobQueue
from app.masking import Masking
from graphs.errors import MemochaError, Retryable

log = structlog.get_logger(__name__)

HEARTBEAT = 3.0
LEASE = 12.0
"""Seconds without a heartbeat after which a run's owner counts as gone."""
KEPT_AFTER_END = 60.0
"""Seconds for which an ended run's events can be had again as they were; after that they are made from the rows."""
KEPT_AT_MOST = 1_000
FAILURE_PATIENCE = 5.0
"""Seconds for which Postgres is waited for before a failure is told that is not stored yet."""
MAX_ATTEMPTS = 3
"""A run that was taken over this often is not begun again: it may be what kills its process."""
EVENT_IDS_PER_ATTEMPT = 1_000_000
"""Where the ids of an attempt's events begin, so that a follower who comes back sees the new ones as later."""

_runs = Counter("memocha_runs_total", "Runs by how they ended.", ["state"])
_live = Gauge("memocha_runs_live", "Runs going on in this process.")
_ttft = Histogram(
    "memocha_time_to_first_token_seconds",
    "From the request to the first token.",
    buckets=(0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60),
)


class Runs:
    """The runs of this process."""

    def __init__(
        self,
        *,
        database: Database,
        queue: JobQueue,
        turns: Turns,
        saver: PooledSaver,
        run_limit: float,
        prices: Prices,
        spending: Spending,
        masking: Masking,
    ) -> None:
        self._database = database
        self._queue = queue
        self._turns = turns
        self._saver = saver
        self._run_limit = run_limit
        self._prices = prices
        self._spending = spending
        self._masking = masking
        self._owner = Owner.this()
        self._runs: dict[UUID, LiveRun] = {}
        self._closing = False
        self._unstored: deque[tuple[TurnRecorder, str]] = deque()
        """Runs that have failed, by their recorders and codes, and whose rows do not tell so yet."""
        self._storing: set[asyncio.Task[None]] = set()

    def check(self, request: ChatRequest, retold: Retold | None = None) -> None:
        """Raise `InvalidRequest` for what this deployment does not take."""
        self._turns.check(request, retold)

    async def foresee(self, user_id: UUID, request: ChatRequest, retold: Retold | None = None) -> None:
        """Raise `BudgetSpent` or `TooManyRuns` where the turn's own words would be refused already; for doors whose
        answer has begun when a run does."""
        if self._spending.bounded:
            wanted = self._turns.least(request, retold, self._prices)
            async with self._database.transaction() as tx:
                await self._spending.admit(tx, user_id, wanted)

    async def start(self, user_id: UUID, request: ChatRequest, retold: Retold | None = None) -> LiveRun:
        """Store the question and begin to answer it. Raises what `admit` raises, `BudgetSpent`, `TooManyRuns`, and
        `ShuttingDown`; nothing is stored then."""
        received = time.perf_counter()
        if self._closing:
            raise ShuttingDown("no new run is begun")
        self.check(request, retold)
        request, retold = self._masking.request(request), self._masking.retold(retold)
        async with self._database.transaction() as tx:
            admitted = await admit(tx, user_id, request, str(self._owner), retold)
            if admitted.switched_branch:
                await branches.remember_shown(tx, self._queue, user_id, admitted.session.id)
            conversation = await self._turns.read(tx, user_id, admitted.session, admitted.question, admitted.run.params)
            await self._reserve(tx, admitted.run, conversation)
        run = self._adopt(admitted.run, admitted.session.title)
        run.received = received
        run.foreseen = partial(self._turns.most, run.params, conversation, self._prices)
        self._begin(run, conversation)
        return run

    async def events(self, user_id: UUID, run_id: UUID, after: int = 0) -> AsyncIterator[bytes]:
        """The run's events after that id, encoded, until it ends. Raises `RunNotFound`."""
        run = self._runs.get(run_id)
        if run is not None and run.user_id == user_id:
            return run.log.follow(after)
        async with self._database.transaction() as tx:
            await RunRows(tx).get(user_id, run_id)
        return replay(self._database, user_id, run_id, after)

    async def cancel(self, user_id: UUID, run_id: UUID) -> LiveRun:
        """Stop the run and keep what it has brought. Raises `RunNotFound` and `NotRunning`."""
        run = self._runs.get(run_id)
        if run is None or run.user_id != user_id:
            async with self._database.transaction() as tx:
                row = await RunRows(tx).get(user_id, run_id)
            raise NotRunning(f"run {run_id} is {row.state} and not in this process")
        if run.log.closed or run.task is None:
            raise NotRunning(f"run {run_id} has ended")
        await self._stop(run)
        return run

    async def stop_session(self, user_id: UUID, session_id: UUID) -> None:
        """Stop what the session is answering, before it is emptied or deleted."""
        for run in list(self._runs.values()):
            if run.session_id == session_id and run.user_id == user_id and not run.log.closed:
                await self._stop(run)

    async def stop_user(self, user_id: UUID) -> None:
        """Stop all that the user is being answered, and let go of the logs of what they were."""
        for run in list(self._runs.values()):
            if run.user_id == user_id:
                if not run.log.closed:
                    await self._stop(run)
                self._runs.pop(run.id, None)

    async def _stop(self, run: LiveRun) -> None:
        """Cancel the run's task, once: a second time would cut off the storing of what it has brought."""
        self.leave(run)
        await run.log.finished()

    def leave(self, run: LiveRun) -> None:
        """Have the run stopped, without waiting for it; what it has brought is kept."""
        if not run.log.closed and not run.stop_requested and run.task is not None:
            run.stop_requested = True
            run.task.cancel()

    def drop_logs(self, user_id: UUID, session_id: UUID) -> None:
        """Let go of the event logs of a session's ended runs: they hold its words and memories."""
        for run in list(self._runs.values()):
            if run.session_id == session_id and run.user_id == user_id and run.log.closed:
                del self._runs[run.id]

    async def keep_alive(self) -> None:
        """Renew the heartbeats and take over runs whose process is gone, until cancelled."""
        first = True
        while True:
            try:
                await self._renew()
                await self._store_ends()
                await self._take_over(everywhere=first)
                first = False
            except MemochaError as error:
                log.warning("could not renew runs; trying again", error=str(error))
            self._drop_old()
            await asyncio.sleep(HEARTBEAT)

    async def close(self, patience: float) -> None:
        """Take no new run, wait for the live ones, and leave to others what is not done in time (seconds)."""
        self._closing = True
        live = {run.task: run for run in self._runs.values() if run.task is not None and not run.task.done()}
        if not live:
            return
        _, pending = await asyncio.wait(live, timeout=patience)
        for task in pending:
            if not live[task].stop_requested:
                task.cancel()
        await asyncio.gather(*pending, return_exceptions=True)

    async def _reserve(self, tx: AsyncSession, row: Run, conversation: Conversation) -> None:
        if not self._spending.bounded:
            return
        wanted = self._turns.most(row.params, conversation, self._prices)
        # The run itself is a row already: it is not to wait for itself, and has reserved nothing yet.
        await self._spending.admit(tx, row.user_id, wanted, beside=row.id)
        row.reserved_prompt_tokens, row.reserved_completion_tokens = wanted.prompt_tokens, wanted.completion_tokens
        row.reserved_usd = wanted.usd

    def _adopt(self, row: Run, title: str) -> LiveRun:
        run = LiveRun(
            id=row.id,
            user_id=row.user_id,
            session_id=row.session_id,
            question_id=row.user_message_id,
            answer_id=row.message_id,
            title=title,
            params=row.params,
            reserved=Reserved(row.reserved_prompt_tokens, row.reserved_completion_tokens, row.reserved_usd),
            log=EventLog(first_id=(row.attempt - 1) * EVENT_IDS_PER_ATTEMPT + 1),
        )
        self._runs[run.id] = run
        return run

    def _begin(self, run: LiveRun, conversation: Conversation | None) -> None:
        """Begin to answer; with no conversation at hand, go on with what another process began."""
        run.begin()
        run.task = asyncio.create_task(self._drive(run, conversation), name=f"run {run.id}")

    async def _drive(self, run: LiveRun, conversation: Conversation | None) -> None:
        """See the run through to an end that is stored and told, whatever happens in it."""
        recorder = TurnRecorder(self._database, self._queue, run, str(self._owner), self._prices)
        taken_over = False
        _live.inc()
        try:
            try:
                async with asyncio.timeout(self._run_limit):
                    await self._answer(run, recorder, conversation)
                assert recorder.usage is not None, "the graph ends by recording the turn"
                run.done(recorder.usage, recorder.finish_reason)
                _runs.labels("done").inc()
            except asyncio.CancelledError:
                if not run.stop_requested:
                    # The process is stopping. The row stays as it is: whoever comes next goes on with it.
                    _runs.labels("left").inc()
                    raise
                await self._end_early(run, recorder)
            except TimeoutError:
                await self._fail(run, recorder, RUN_TIMEOUT, "The answer took too long.", retryable=True)
            except RunTakenOver as error:
                log.warning("run lost", run_id=str(run.id), error=str(error))
                run.fail(error.code, error.title, retryable=True)
                taken_over = True
            except MemochaError as error:
                log.warning("run failed", run_id=str(run.id), code=error.code, error=str(error))
                await self._fail(
                    run, recorder, error.code, error.title, retryable=isinstance(error, Retryable), after=wait_of(error)
                )
            except Exception:
                log.exception("run failed unexpectedly", run_id=str(run.id))
                await self._fail(run, recorder, MemochaError.code, MemochaError.title, retryable=True)
        finally:
            _live.dec()
            if run.ttft_ms is not None:
                _ttft.observe(run.ttft_ms / 1000)
            run.ended = time.monotonic()
            # It holds the conversation, and the log outlives the run.
            run.foreseen = None
            run.log.close()
        # A checkpoint is the state of a run. This one's turn is rows by now, which the next begins from; were the next
        # one on already and then killed, it would find less than it wrote, and begin anew.
        if not taken_over:
            await self._saver.drop(str(run.session_id))

    async def _answer(self, run: LiveRun, recorder: TurnRecorder, conversation: Conversation | None) -> None:
        """Have it answered. While Postgres is away it is waited for; then the run goes on from its last node."""
        again = False

        async def answer() -> None:
            nonlocal again
            if again and recorder.stored:
                return
            if again:
                run.begin()
            first, again = conversation is not None and not again, True
            await self._turns.answer(run, recorder, conversation if first else None, resume=not first)

        await outlast(answer)

    async def _end_early(self, run: LiveRun, recorder: TurnRecorder) -> None:
        try:
            await outlast(lambda: recorder.record_part("stopped"))
        except MemochaError as error:
            run.fail(error.code, error.title, retryable=isinstance(error, Retryable))
            return
        _runs.labels("stopped").inc()
        run.done(recorder.usage or usage_event(None, run.ttft_ms), "stopped")

    async def _fail(
        self,
        run: LiveRun,
        recorder: TurnRecorder,
        code: str,
        title: str,
        *,
        retryable: bool,
        after: float | None = None,
    ) -> None:
        _runs.labels("failed").inc()
        storing = asyncio.create_task(self._store_end(recorder, code), name=f"store the end of run {run.id}")
        self._storing.add(storing)
        storing.add_done_callback(self._storing.discard)
        # Not cancelled: a Postgres that is stopped would make that last longer than the wait itself.
        await asyncio.wait({storing}, timeout=FAILURE_PATIENCE)
        run.fail(code, title, retryable=retryable, retry_after=after)

    async def _store_end(self, recorder: TurnRecorder, code: str) -> None:
        try:
            await outlast(lambda: recorder.record_part("interrupted", error_code=code), patience=FAILURE_PATIENCE)
        except MemochaError as error:
            log.warning("a failed run could not be stored yet", run_id=str(recorder.run.id), error=str(error))
            self._unstored.append((recorder, code))

    async def _store_ends(self) -> None:
        """Store the failures that were told and could not be stored: or their runs would be taken over when the lease
        ends, and answered behind the back of a client that was told to try again."""
        while self._unstored:
            recorder, code = self._unstored[0]
            try:
                await recorder.record_part("interrupted", error_code=code)
            except DatabaseUnavailable:
                raise
            except MemochaError as error:
                log.warning("a failed run is not ours to store", run_id=str(recorder.run.id), error=str(error))
            self._unstored.popleft()

    async def _renew(self) -> None:
        live = [run.id for run in self._runs.values() if not run.log.closed]
        if live:
            async with self._database.transaction() as tx:
                await RunRows(tx).heartbeat(str(self._owner), live)

    async def _take_over(self, *, everywhere: bool) -> None:
        """Go on with runs whose lease has ended and, at the start, with those of dead processes of this host."""
        async with self._database.transaction() as tx:
            rows = await RunRows(tx).expired(timedelta(0) if everywhere else timedelta(seconds=LEASE))
        for row in rows:
            if row.id in self._runs and not self._runs[row.id].log.closed:
                continue
            if everywhere and not self._owner.knows_dead(row.owner):
                continue
            await self._take(row, timedelta(0) if everywhere else timedelta(seconds=LEASE))

    async def _take(self, row: Run, older_than: timedelta) -> None:
        async with self._database.transaction() as tx:
            adopted = await RunRows(tx).adopt(row.id, str(self._owner), older_than=older_than)
        if adopted is None:
            return
        log.info("run taken over", run_id=str(row.id), attempt=adopted.attempt)
        run = self._adopt(adopted, await self._turns.title(row.user_id, row.session_id))
        if adopted.attempt > MAX_ATTEMPTS:
            run.begin()
            recorder = TurnRecorder(self._database, self._queue, run, str(self._owner), self._prices)
            await self._fail(run, recorder, "interrupted", "The answer was interrupted. Try again.", retryable=True)
            run.ended = time.monotonic()
            run.log.close()
            return
        self._begin(run, None)

    def _drop_old(self) -> None:
        ended = sorted((run for run in self._runs.values() if run.ended is not None), key=lambda run: run.ended or 0)
        too_many = max(0, len(ended) - KEPT_AT_MOST)
        for position, run in enumerate(ended):
            if position < too_many or time.monotonic() - (run.ended or 0) > KEPT_AFTER_END:
                self._runs.pop(run.id, None)
