"""Vectors to search among, the exact answers, and how near a search comes to them."""

import statistics
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from graphs.memory.index import Vector

WANTED = 24
QUESTIONS = 100
WARM_UP = 10


@dataclass(frozen=True)
class Data:
    """Vectors around real ones, shared out among users in turns: row `n` is of user `n % users`, and user 0 asks."""

    users: int
    vectors: Vector
    """(rows, dimensions) float32, of length 1."""
    questions: Vector
    """(QUESTIONS + WARM_UP, dimensions) float32, of length 1."""

    @classmethod
    def make(cls, real: Vector, rows: int, users: int) -> "Data":
        """So many around these, moved by noise of half their length: neighbours, and none twice."""
        dice = np.random.default_rng(7)
        return cls(users, _near(dice, real, rows), _near(dice, real, QUESTIONS + WARM_UP))

    def save(self, path: Path) -> None:
        np.savez(path, users=self.users, vectors=self.vectors, questions=self.questions)

    @classmethod
    def load(cls, path: Path) -> "Data":
        held = np.load(path)
        return cls(int(held["users"]), held["vectors"], held["questions"])

    def owner(self, row: int) -> int:
        return row % self.users

    def answers(self) -> list[set[int]]:
        """By question, the rows of user 0 that are nearest."""
        mine = np.arange(0, len(self.vectors), self.users)
        scores: NDArray[np.float32] = self.questions @ self.vectors[mine].T
        return [set(mine[np.argpartition(-row, WANTED)[:WANTED]].tolist()) for row in scores]


async def search_all(
    data: Data, answers: Sequence[set[int]], ask: Callable[[Vector], Awaitable[set[int]]]
) -> dict[str, Any]:
    """Share of the exact answer that was found, p50 and p95 in milliseconds, one question at a time."""
    found, taken = [], []
    for question, answer in zip(data.questions, answers, strict=True):
        start = time.perf_counter()
        rows = await ask(question)
        taken.append((time.perf_counter() - start) * 1000)
        found.append(len(rows & answer) / WANTED)
    taken = taken[WARM_UP:]
    return {
        "recall@24": round(statistics.mean(found), 3),
        "p50_ms": round(statistics.median(taken), 1),
        "p95_ms": round(statistics.quantiles(taken, n=20, method="inclusive")[-1], 1),
    }


def _near(dice: np.random.Generator, real: Vector, count: int) -> Vector:
    picked = real[dice.integers(0, len(real), count)]
    noise = dice.standard_normal(picked.shape, dtype=np.float32) * np.float32(0.5 / real.shape[1] ** 0.5)
    moved = picked + noise
    unit: Vector = (moved / np.linalg.norm(moved, axis=1, keepdims=True)).astype(np.float32)
    return unit
