"""One cell of the matrix, run: turns of several sessions before, during and after a fault, and what became of them."""

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

import httpx

from app.chat.runs import FAILURE_PATIENCE, LEASE
from tests.chaos.cells import Cell
from tests.chaos.faults import Fault
from tests.chaos.ledger import in_step, run_ended
from tests.chaos.model import answer_to
from tests.chaos.stage import SETTINGS, Stage
from tests.chaos.words import Words
from tests.support.instance import Refused, Turn, until

RUN_LIMIT = float(SETTINGS["MEMOCHA_RUN_LIMIT"])
MARGIN = 5.0
"""Seconds for a busy machine."""
CANCELLING = 10.0
"""Seconds that psycopg gives a server to end a statement that is given up."""
TURN_BOUND = RUN_LIMIT + CANCELLING + FAILURE_PATIENCE + MARGIN
"""Seconds within which a turn ends, by `done`, `error` or a refusal."""
OWNER_BOUND = TURN_BOUND + LEASE + RUN_LIMIT
"""The same where its process is lost or asleep, and another goes on with it."""
READY_BOUND = 5.0
"""Seconds within which /ready answers, whatever is away."""
IDLE = 3.0
"""Seconds that a fault between turns lasts."""
FULL_ROUNDS = 10
"""Turns that a conversation tries on full disks at the most."""
HEALED = 60.0
"""Seconds after a fault within which turns are answered, /ready says ok and the index is whole."""

Verdict = Literal["lost", "doubled", "hung", "wrong", "unhealed", "unanswered"]


@dataclass
class Outcome:
    """What became of a cell. Failures say all that is needed to see them again, beside the seed."""

    cell: str
    turns: int = 0
    ended: Counter[str] = field(default_factory=Counter)
    """How turns ended: done, or by the code of their error or refusal."""
    failures: list[tuple[Verdict, str]] = field(default_factory=list)
    marks: dict[str, float] = field(default_factory=dict)
    """Seconds from the fault's end (of a kill: from the kill) until things were well again."""
    slowest: float = 0.0
    """Seconds that the slowest turn in the fault took."""
    took: float = 0.0

    def fail(self, verdict: Verdict, what: str) -> None:
        self.failures.append((verdict, what))

    def told(self) -> dict[str, Any]:
        shown = ("cell", "turns", "ended", "failures", "marks", "slowest", "took")
        return {name: getattr(self, name) for name in shown} | {"passed": not self.failures}


@dataclass
class Conversation:
    """One session, as its client knows it."""

    stage: Stage
    words: Words
    outcome: Outcome
    turns: list[Turn] = field(default_factory=list)
    began: float = 0.0
    """When the last turn began, by the clock of `time.monotonic`."""
    counted: bool = True
    """Whether it is noted how the last turn ended."""

    @property
    def session_id(self) -> str | None:
        return next((turn.session_id for turn in self.turns if turn.acknowledged), None)

    @property
    def last(self) -> Turn:
        return self.turns[-1]

    def say(self) -> Turn:
        turn = self.stage.say(f"{self.words.question()} {self.words.answer(40)}", self.session_id)
        return self._began(turn)

    def again(self) -> Turn:
        """What a client does after a turn that failed: have its message answered anew, or send another."""
        last = self.last
        if not last.acknowledged:
            return self.say()
        turn = self.stage.regenerate(last.run["user_message_id"], last.session_id)
        turn.body["message"] = last.message
        return self._began(turn)

    def _began(self, turn: Turn) -> Turn:
        self.turns.append(turn)
        self.outcome.turns += 1
        self.counted, self.began = False, time.monotonic()
        return turn

    async def over(self, bound: float) -> bool:
        """Wait for the end of the last turn. False where it hangs."""
        turn = self.last
        try:
            await turn.ended(bound)
        except AssertionError:
            await turn.leave()
            self.outcome.fail("hung", f"{turn.message!r} has not ended after {bound:.0f} s; {turn.events[-1:]}")
        self.outcome.slowest = max(self.outcome.slowest, round(time.monotonic() - self.began, 1))
        self.outcome.ended[how_ended(turn)] += 1
        self.counted = True
        return turn.end is not None or turn.refused is not None

    async def answered(self) -> bool:
        """A turn that is answered, as often as it takes. False where none is in time."""
        deadline = time.monotonic() + HEALED
        self.say()
        while await self.over(OWNER_BOUND) and not self.last.done:
            if time.monotonic() > deadline:
                self.outcome.fail("unhealed", f"no answer {HEALED:.0f} s after the fault: {how_ended(self.last)}")
                return False
            await asyncio.sleep(0.3)
            self.again()
        return self.last.done


def how_ended(turn: Turn) -> str:
    """`done`, `hung`, or the code of the error or refusal."""
    if turn.refused is not None:
        return f"{turn.refused.status} {turn.refused.body.get('code')}"
    if turn.end is None:
        return "hung"
    return "done" if turn.done else str(turn.end.data["code"])


async def drill(stage: Stage, cell: Cell, fault: Fault, sessions: int, words: Words) -> Outcome:
    """Run the cell. What is amiss is in the outcome; nothing is raised for it."""
    outcome, began = Outcome(cell.name), time.monotonic()
    conversations = [Conversation(stage, words, outcome) for _ in range(sessions)]
    try:
        await fault.prepare()
        await asyncio.gather(*(each.answered() for each in conversations))
        outcome.slowest = 0.0
        fell = await _through(fault, conversations, outcome)
        await _after(stage, conversations, outcome, fell)
    except AssertionError as error:
        outcome.fail("unhealed", str(error))
    finally:
        await fault.clear()
    outcome.took = round(time.monotonic() - began, 1)
    return outcome


async def _through(fault: Fault, conversations: list[Conversation], outcome: Outcome) -> float:
    """The turns in the fault; when it ended (of a kill: when it struck), by the clock of `time.monotonic`."""
    cell, lasts = fault.cell, fault.lasts
    bound = OWNER_BOUND if cell.target in ("service", "all") else TURN_BOUND
    if cell.phase != "idle":
        for each in conversations:
            each.say()
        await _reached(fault, conversations[0].last)
    struck = time.monotonic()
    await fault.strike()
    if cell.target not in ("service", "all"):
        await _looks(fault.stage, outcome)
    if cell.kind == "full":
        await _until_refused(conversations, bound)
    elif lasts is not None or cell.phase == "idle":
        await asyncio.sleep(IDLE if lasts is None else lasts)
    else:
        await _all_over(conversations, bound)
    ended = struck if cell.kind == "kill" else time.monotonic()
    await fault.lift()
    await _all_over([each for each in conversations if not each.counted], bound)
    for each in conversations if cell.answers else ():
        if not each.last.done:
            outcome.fail("unanswered", f"{each.last.message!r} ended by {how_ended(each.last)}")
    return ended


async def _all_over(conversations: list[Conversation], bound: float) -> None:
    await asyncio.gather(*(each.over(bound) for each in conversations))


async def _until_refused(conversations: list[Conversation], bound: float) -> None:
    """Turn after turn, as long as there is room in what was allocated before."""
    await _all_over([each for each in conversations if not each.counted], bound)
    for _ in range(FULL_ROUNDS):
        if not all(each.last.done for each in conversations):
            break
        for each in conversations:
            each.say()
        await _all_over(conversations, bound)


async def _reached(fault: Fault, turn: Turn) -> None:
    """Wait for the phase, or for the end of a turn that has overtaken it."""

    def over() -> bool:
        return turn.end is not None or turn.refused is not None

    tokens = fault.dice.randrange(2, 16)
    waits: dict[str, Callable[[], bool]] = {
        "stored": lambda: turn.acknowledged,
        "first": lambda: any(event.name == "memories" for event in turn.events),
        "mid": lambda: turn.tokens >= tokens,
        "done": lambda: turn.done,
    }
    if fault.cell.phase in waits:
        await until(lambda: over() or waits[fault.cell.phase](), fault.cell.phase, TURN_BOUND, 0.002)
    if fault.cell.phase in ("before", "done"):
        await asyncio.sleep(fault.dice.uniform(0.0, 0.05))


async def _looks(stage: Stage, outcome: Outcome) -> None:
    """The service says how it is, whatever is away."""
    for path, bound in (("/health", 2.0), ("/ready", READY_BOUND)):
        began = time.monotonic()
        try:
            async with asyncio.timeout(bound + 10):
                await stage.http.get(path)
        except (httpx.TransportError, TimeoutError) as error:
            outcome.fail("hung", f"{path}: {type(error).__name__} after {time.monotonic() - began:.1f} s")
            continue
        if (took := time.monotonic() - began) > bound:
            outcome.fail("hung", f"{path} answered after {took:.1f} s")


async def _after(stage: Stage, conversations: list[Conversation], outcome: Outcome, fell: float) -> None:
    """Heals by itself, and everything that is owed is there."""

    async def marked(what: str, work: Awaitable[Any]) -> None:
        try:
            await work
        except AssertionError as error:
            outcome.fail("unhealed", str(error))
        outcome.marks[what] = round(time.monotonic() - fell, 1)

    first = asyncio.create_task(marked("ready", until(lambda: _well(stage), "/ready says ok", HEALED, 0.1)))
    slowest = outcome.slowest
    answering = [asyncio.create_task(each.answered()) for each in conversations]
    await asyncio.wait(answering, return_when=asyncio.FIRST_COMPLETED)
    outcome.marks["first answer"] = round(time.monotonic() - fell, 1)
    await marked("all answered", asyncio.gather(*answering))
    await first
    outcome.slowest = slowest
    await asyncio.gather(*(_owed(stage, each, outcome) for each in conversations))
    await marked(
        "index whole", until(lambda: in_step(stage, aloud=False), "the index holds just the rows", HEALED, 0.5)
    )


async def _well(stage: Stage) -> bool:
    try:
        answer = await stage.http.get("/ready")
    except httpx.TransportError:
        return False
    return answer.status_code == httpx.codes.OK and bool(answer.json()["status"] == "ok")


async def _owed(stage: Stage, conversation: Conversation, outcome: Outcome) -> None:
    """All that was acknowledged is there, once, as it was said; so are its memories, in time."""
    session_id = conversation.session_id
    if session_id is None:
        return
    try:
        for turn in conversation.turns:
            if turn.done:
                await run_ended(stage, turn)
                assert [event.id for event in turn.events] == sorted({event.id for event in turn.events}), "ids go up"
        messages = await stage.all_of(f"/api/sessions/{session_id}/messages", limit=200)
        for verdict, what in amiss(messages, conversation.turns):
            outcome.fail(verdict, f"session {session_id}: {what}")
        wanted = {message["id"] for message in messages}
        await until(lambda: _remembered(stage, session_id, wanted, outcome), "each message has its memory", HEALED, 0.3)
    except (AssertionError, Refused) as error:
        outcome.fail("unhealed", f"session {session_id}: {error}")


async def _remembered(stage: Stage, session_id: str, wanted: set[str], outcome: Outcome) -> bool:
    memories = await stage.all_of("/api/memories", session_id=session_id, limit=200)
    ids = Counter(memory["id"] for memory in memories)
    sources = Counter(source["message_id"] for memory in memories for source in memory["sources"])
    for each, times in (ids + sources).items():
        if times > 1:
            outcome.fail("doubled", f"session {session_id}: {each} is {times} memories")
            return True
    return sources.keys() == wanted


def amiss(messages: list[dict[str, Any]], turns: list[Turn]) -> Iterator[tuple[Verdict, str]]:
    """What of a session's messages, as they are listed, is not as its client was told."""
    for what in ("id", "content"):
        for each, times in Counter(message[what] for message in messages).items():
            if times > 1:
                yield "doubled", f"{what} {each!r} is there {times} times"
    by_id = {message["id"]: message for message in messages}
    acknowledged = [turn for turn in turns if turn.acknowledged]
    last_answers = {turn.run["user_message_id"]: turn for turn in acknowledged if turn.done}
    for turn in acknowledged:
        question = by_id.get(turn.run["user_message_id"])
        if question is None:
            yield "lost", f"{turn.message!r} was acknowledged"
        elif question["content"] != turn.message:
            yield "wrong", f"{turn.message!r} is {question['content']!r}"
    for turn in last_answers.values():
        yield from _answer_amiss(by_id.get(turn.run["message_id"]), turn)
    said = {turn.message for turn in turns}
    for message in messages:
        if message["role"] == "user" and message["content"] not in said:
            yield "wrong", f"nobody said {message['content']!r}"


def _answer_amiss(answer: dict[str, Any] | None, turn: Turn) -> Iterator[tuple[Verdict, str]]:
    if answer is None:
        yield "lost", f"the answer to {turn.message!r} was acknowledged"
    elif not answer["content"] == turn.text == answer_to(turn.message):
        yield "wrong", f"the answer to {turn.message!r} was streamed as {turn.text!r}, is {answer['content']!r}"
    elif answer["parent_id"] != turn.run["user_message_id"]:
        yield "wrong", f"the answer to {turn.message!r} follows another message"
