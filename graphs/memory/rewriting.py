"""Having a model complete a follow-up before memory is asked: "and his sister?" becomes a question that stands alone.

Optional, and never waited for beyond its deadline: without the model's answer a follow-up is looked for together with
what stands before it, as it is where there is no rewriting. What the model writes goes to memory's search and nowhere
else: it is not stored, and the model that answers does not see it.
"""

import asyncio
import time
from collections.abc import Sequence
from contextlib import aclosing
from contextvars import copy_context
from typing import Protocol

import structlog
from langchain_core.messages import BaseMessage, HumanMessage, SystemMessage
from langchain_core.runnables.config import var_child_runnable_config

import prompts
from graphs.errors import MemochaError, ModelResting
from graphs.memory.metrics import REWRITE_SECONDS, REWRITES
from graphs.models.chat import Model
from graphs.models.config import Parameters
from graphs.policies import verdicts
from graphs.policies.breaker import Breaker

log = structlog.get_logger(__name__)

BEFORE = 3
"""Messages before the question that the model reads."""
SHOWN = 400
"""Characters of each."""
LONGEST = 300
"""Characters of a completed question: a longer one is an answer, or a retelling."""
PARAMETERS = Parameters(temperature=0.0, max_tokens=40)


class Rewriting(Protocol):
    """Completes follow-ups."""

    async def rewrite(self, question: str, before: Sequence[BaseMessage]) -> str | None:
        """The question as it would be asked without the messages before it, oldest first; None: do without."""


def rewriting_breaker(model: str) -> Breaker:
    """For completing questions by the model of that name: apart from its answers, which may be slow where these are
    late."""
    return Breaker("rewriting", judge=verdicts.of_model, refusal=lambda again_in: ModelResting(model, again_in))


class ModelRewriting:
    """`Rewriting` by a chat model, within a deadline. Each question is counted by how it went; when the model begins or
    ceases to fail, that is logged once. Once it failed several times in a row it is not waited for."""

    def __init__(self, model: Model, *, deadline: float = 1.5) -> None:
        """`deadline`: seconds."""
        self._model = model
        self._deadline = deadline
        self.breaker = rewriting_breaker(model.name)
        self._failing = False

    async def rewrite(self, question: str, before: Sequence[BaseMessage]) -> str | None:
        started = time.perf_counter()
        try:
            with self.breaker.calling():
                text = await self._in_time(question, before)
        except (MemochaError, TimeoutError) as error:
            self._note(_outcome(error), f"{type(error).__name__}: {error}")
            return None
        REWRITE_SECONDS.observe(time.perf_counter() - started)
        completed = completed_question(text)
        self._note("ok" if completed else "useless", "")
        return completed

    async def _in_time(self, question: str, before: Sequence[BaseMessage]) -> str:
        # In a context of its own: whoever streams the graph's events would be shown these tokens as the answer's.
        context = copy_context()
        context.run(var_child_runnable_config.set, None)
        written = asyncio.create_task(self._written(question, before), context=context)
        async with asyncio.timeout(self._deadline):
            return await written

    async def _written(self, question: str, before: Sequence[BaseMessage]) -> str:
        messages = [SystemMessage(prompts.load("rewrite").substitute()), HumanMessage(material(question, before))]
        text = ""
        async with aclosing(self._model.stream(messages, PARAMETERS)) as chunks:
            async for chunk in chunks:
                text += str(chunk.text)
                if "\n" in text.lstrip():  # A small model goes on with the next example; some refuse stop words.
                    break
        return text

    def _note(self, outcome: str, reason: str) -> None:
        REWRITES.labels(outcome).inc()
        failing = outcome in ("late", "unavailable", "open")
        if failing != self._failing:
            self._failing = failing
            if failing:
                log.warning("rewriting_left_out", model=self._model.name, reason=reason[:300])
            else:
                log.info("rewriting_back", model=self._model.name)


def _outcome(error: Exception) -> str:
    if isinstance(error, ModelResting):
        return "open"
    return "late" if isinstance(error, TimeoutError) else "unavailable"


def material(question: str, before: Sequence[BaseMessage]) -> str:
    """What the model reads: each message on a line, cut short, and the question."""
    lines = [
        f"{'I' if isinstance(message, HumanMessage) else 'You'}: {_on_a_line(str(message.text))}"
        for message in before[-BEFORE:]
    ]
    return "\n".join(["Conversation:", *lines, f"Question: {_on_a_line(question)}", "Completed:"])


def completed_question(text: str) -> str | None:
    """The question in what a model wrote; None where that is no single short line."""
    lines = [line for line in text.strip().splitlines() if line.strip()]
    if not lines:
        return None
    found = lines[0].strip().removeprefix("Completed:").removeprefix("Question:").strip().strip("\"'“”„«»").strip()
    return found if found and len(found) <= LONGEST else None


def _on_a_line(text: str) -> str:
    return " ".join(text.split())[:SHOWN]
