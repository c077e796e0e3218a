"""What is stored of a turn when it ends: the answer, what it was given, what it took, and the job that remembers it.

All in one transaction, and once: doing it again for the same answer changes nothing.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal

from langchain_core.messages.ai import UsageMetadata
from sqlalchemy.ext.asyncio import AsyncSession

from app.chat import branches
from app.chat.events import UsageEvent
from app.chat.live import LiveRun
from app.chat.prices import Price, Prices
from app.chat.retold import READS_ONLY
from app.db.engine import Database
from app.db.memories import Memories
from app.db.messages import Messages
from app.db.models import FinishReason, Session
from app.db.notices import Notices
from app.db.outlast import outlast
from app.db.recalls import Recalls
from app.db.runs import FinalState
from app.db.runs import Runs as RunRows
from app.db.sessions import Sessions
from app.db.usage import Cost, Usage
from app.errors import RunTakenOver, SessionNotFound
from app.jobs.queue import JobQueue
from app.jobs.titles import AFTER, titled_by_model
from graphs.memory.records import Recalled
from graphs.models.estimate import estimate
from graphs.prompting import text_of
from graphs.state import Turn

OUTCOME: dict[FinishReason, FinalState] = {
    "stop": "done",
    "length": "done",
    "stopped": "stopped",
    "interrupted": "failed",
}


RUN_TIMEOUT = "run_timeout"
"""The code of a run that took too long."""


@dataclass(slots=True)
class TurnRecorder:
    """The recorder of one run; the graph's remember node hands it the finished turn."""

    database: Database
    queue: JobQueue
    run: LiveRun
    owner: str
    prices: Prices
    usage: UsageEvent | None = None
    """What the answer took, once it was recorded."""
    finish_reason: FinishReason = "stop"
    stored: bool = False
    """Whether the turn's end is in the rows."""

    async def record(self, turn: Turn) -> None:
        """Store a whole answer. A restart of Postgres is waited for: the answer is there and would be lost."""
        finish = turn.answer.response_metadata.get("finish_reason")
        await outlast(
            lambda: self.store(
                text_of(turn.answer),
                finish_reason="length" if finish == "length" else "stop",
                model=str(turn.answer.response_metadata.get("model_name", "")),
                tokens=turn.answer.usage_metadata,
                price=self.prices.of_answer(turn.answer.response_metadata),
                recalled=turn.recalled,
                window_start=turn.window_start,
            )
        )

    async def record_part(self, finish_reason: FinishReason, error_code: str | None = None) -> None:
        """Store what there is of an answer that was stopped or broke off; with none, only that the run ended."""
        await self.store(
            self.run.text,
            finish_reason=finish_reason,
            model=str(self.run.params.get("model") or ""),
            tokens=None,
            recalled=self.run.recalled,
            window_start=None,
            error_code=error_code,
        )

    async def store(
        self,
        text: str,
        *,
        finish_reason: FinishReason,
        model: str,
        tokens: UsageMetadata | None,
        recalled: Sequence[Recalled],
        window_start: int | None,
        price: Price | None = None,
        error_code: str | None = None,
    ) -> None:
        run = self.run
        self.finish_reason = finish_reason
        self.usage = usage_event(tokens, run.ttft_ms, price)
        if READS_ONLY in run.params:
            await self._keep_cost_alone(model, error_code)
            return
        async with self.database.transaction() as tx:
            sessions = Sessions(tx)
            session = await sessions.lock(run.user_id, run.session_id)
            spoken = [run.question_id]
            if text:
                await Messages(tx).add(
                    run.user_id,
                    run.session_id,
                    "assistant",
                    text.replace("\x00", ""),
                    parent_id=run.question_id,
                    message_id=run.answer_id,
                    finish_reason=finish_reason,
                    model=model or None,
                    degraded=run.degraded,
                    numbered_to=max((item.number for item in recalled if item.number is not None), default=None),
                )
                if run.unremembered:
                    await Messages(tx).forget(run.user_id, [run.answer_id])
                await Recalls(tx).set(run.user_id, run.answer_id, recalled)
                fresh = [item.memory.id for item in recalled if not item.in_view]
                await Memories(tx).touch_recalled(run.user_id, fresh)
                await self._add_cost(tx, model)
                spoken.append(run.answer_id)
            else:
                await self._show_what_was(tx)
                if self._was_read(error_code):
                    await self._add_cost(tx, model)
            if window_start is not None:
                await sessions.set_window_start(run.user_id, run.session_id, window_start)
            await sessions.touch(run.user_id, run.session_id)
            if not await RunRows(tx).finish(run.id, self.owner, OUTCOME[finish_reason], error_code=error_code):
                await self._still_mine(tx)
            await self.queue.index_messages(tx, run.user_id, spoken)
            if run.corrects:
                await self.queue.extract_facts(tx, run.user_id, run.session_id)
            if not session.temporary:
                await Notices(tx).session(run.user_id, run.session_id)
                if OUTCOME[finish_reason] == "done" and await self._titling(tx, session):
                    await self.queue.title_session(tx, run.user_id, run.session_id)
        self.stored = True

    async def _keep_cost_alone(self, model: str, error_code: str | None) -> None:
        """Of a turn that leaves nothing behind: its session goes with its end. Done before, nothing is left to do."""
        run = self.run
        async with self.database.transaction() as tx:
            if run.text or self._was_read(error_code):
                await self._add_cost(tx, model)
            with suppress(SessionNotFound):
                await Sessions(tx).delete(run.user_id, run.session_id)
        self.stored = True

    async def _add_cost(self, tx: AsyncSession, model: str) -> None:
        run, usage = self.run, self.usage
        assert usage is not None
        if usage.prompt_tokens is None:
            cost = self._estimated(model)
        else:
            cost = Cost(
                model=model,
                prompt_tokens=usage.prompt_tokens,
                cached_tokens=usage.cached_tokens or 0,
                completion_tokens=usage.completion_tokens or 0,
                cost_usd=None if usage.cost_usd is None else Decimal(str(usage.cost_usd)),
                ttft_ms=run.ttft_ms,
            )
        await Usage(tx).add(run.user_id, run.session_id, run.answer_id, cost, run_id=run.id)

    def _was_read(self, error_code: str | None) -> bool:
        """Whether a turn without a word costs its prompt: the model was at it when it was stopped. One that failed is
        not billed."""
        return self.run.asked and (self.finish_reason == "stopped" or error_code == RUN_TIMEOUT)

    def _estimated(self, model: str) -> Cost:
        """Of an answer whose model told nothing: it was stopped, broke off, or is of a server that counts nothing. Its
        prompt is what may have been in it, so that nobody talks for nothing who stops each answer."""
        run = self.run
        reserved = run.reserved if run.foreseen is None or run.reserved.tokens else run.foreseen()
        written = estimate(run.text)
        price = self.prices.get(model)
        return Cost(
            model=model,
            prompt_tokens=reserved.prompt_tokens,
            completion_tokens=written,
            cost_usd=price.of(reserved.prompt_tokens, written) if price is not None else None,
            ttft_ms=run.ttft_ms,
            estimated=True,
        )

    async def _titling(self, tx: AsyncSession, session: Session) -> bool:
        """Whether the session is to be titled now."""
        return titled_by_model(session) and await Messages(tx).answers(session.user_id, session.id) in AFTER

    async def _show_what_was(self, tx: AsyncSession) -> None:
        """Without an answer the question's earlier one, if it has one, is shown again and remembered."""
        run = self.run
        leaf = await Messages(tx).leaf(run.user_id, run.session_id, run.question_id)
        if leaf != run.question_id:
            await Sessions(tx).set_head(run.user_id, run.session_id, leaf)
            await branches.remember_shown(tx, self.queue, run.user_id, run.session_id)

    async def _still_mine(self, tx: AsyncSession) -> None:
        """An end that was noted before was ours, and is fine. Raises `RunTakenOver` where another has the run."""
        row = await RunRows(tx).get(self.run.user_id, self.run.id)
        if row.owner != self.owner:
            raise RunTakenOver(f"run {row.id} is with {row.owner} now")


def usage_event(tokens: UsageMetadata | None, ttft_ms: float | None, price: Price | None = None) -> UsageEvent:
    """What the model said that the answer took; None for what it did not say. `price`: its model's, where known."""
    if tokens is None:
        return UsageEvent(prompt_tokens=None, cached_tokens=None, completion_tokens=None, ttft_ms=ttft_ms)
    cached = tokens.get("input_token_details", {}).get("cache_read")
    return UsageEvent(
        prompt_tokens=tokens["input_tokens"],
        cached_tokens=cached or 0,
        completion_tokens=tokens["output_tokens"],
        cost_usd=None if price is None else float(price.of(tokens["input_tokens"], tokens["output_tokens"])),
        ttft_ms=ttft_ms,
    )
