"""Reading question and memory together, for a better order than their vectors give: optional, and never waited for."""

import asyncio
import time
from collections.abc import Sequence
from typing import Protocol

import numpy as np
import structlog

from graphs.errors import RerankerResting, RerankerUnavailable
from graphs.memory.index import Vector
from graphs.memory.metrics import RERANK_SECONDS, RERANKS
from graphs.policies import verdicts
from graphs.policies.breaker import Breaker

log = structlog.get_logger(__name__)

QUESTION_LONGEST = 1_000
"""Characters of a question that count: the text must have room beside it."""


class Reranker(Protocol):
    """Says how well texts answer a question."""

    name: str

    async def score(self, question: str, texts: Sequence[str]) -> Vector:
        """(n,) float32 from 0 to 1, higher is better. Raises `RerankerUnavailable`."""

    async def close(self) -> None:
        """Let go of threads and connections."""


def reranker_breaker() -> Breaker:
    """For the reranker."""
    return Breaker("reranker", judge=verdicts.of_reranker, refusal=RerankerResting)


class Reranking:
    """A reranker that is waited for no longer than its deadline. Without its answer the order stays as it was: the
    change is logged once, each such question is counted. Once it failed several times in a row it is not waited for."""

    def __init__(self, reranker: Reranker, *, deadline: float = 0.3) -> None:
        """`deadline`: seconds."""
        self.name = reranker.name
        self._reranker = reranker
        self._deadline = deadline
        self.breaker = reranker_breaker()
        self._failing = False

    async def scores(self, question: str, texts: Sequence[str]) -> Vector | None:
        """(n,) float32 from 0 to 1, higher is better; None: do without."""
        started = time.perf_counter()
        try:
            with self.breaker.calling():
                async with asyncio.timeout(self._deadline):
                    found = await self._reranker.score(question, texts)
        except (RerankerUnavailable, TimeoutError) as error:
            self._note(_outcome(error), f"{type(error).__name__}: {error}")
            return None
        RERANK_SECONDS.observe(time.perf_counter() - started)
        self._note("ok", "")
        return found

    async def close(self) -> None:
        """Let go of the reranker."""
        await self._reranker.close()

    def _note(self, outcome: str, reason: str) -> None:
        RERANKS.labels(outcome).inc()
        failing = outcome != "ok"
        if failing != self._failing:
            self._failing = failing
            if failing:
                log.warning("reranker_left_out", reranker=self.name, reason=reason[:300])
            else:
                log.info("reranker_back", reranker=self.name)


def _outcome(error: Exception) -> str:
    if isinstance(error, RerankerResting):
        return "open"
    return "late" if isinstance(error, TimeoutError) else "unavailable"


def chance(logits: Vector) -> Vector:
    """Scores without bounds as chances."""
    found: Vector = (1 / (1 + np.exp(-logits.astype(np.float64)))).astype(np.float32)
    return found
