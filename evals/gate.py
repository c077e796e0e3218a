"""What the gate lets through and what it keeps back, by where it stands: `python -m evals.gate`, results/gate.json.

Two sides of one bound. Questions about the world (`evals/world.yaml`), which no memory answers: how many are given some
memory all the same. Questions that memory answers: how much of the evidence is among the memories that a turn is given.
"""

import argparse
import asyncio
import json
import sys
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import asdict
from pathlib import Path
from typing import Any

import yaml

from app.memory import open_embedder
from app.settings import Settings
from evals.datasets import locomo, people
from evals.embedding import CachedEmbedder, cached
from evals.records import Conversation, Dataset, Question
from evals.report import RESULTS, machine, rounded
from evals.statistics import mean
from evals.systems.base import Found
from evals.systems.memocha import InMemory, Memocha

WORLD = Path(__file__).with_name("world.yaml")
K = 8
"""Memories that a turn is given at the most, by default."""
BOUNDS = (0.0, 0.8, 1.0, 1.2, 1.4)
"""Where the gate stands, in the embedder's own bound of relevance; 0: nowhere."""


async def run(settings: Settings, cache: Path) -> dict[str, Any]:
    """All figures. LoCoMo takes part where MEMOCHA_EVAL_DATA says where it is."""
    datasets = [people.load(), *([locomo.load(settings.eval_data)] if settings.eval_data else [])]
    world: list[str] = yaml.safe_load(WORLD.read_text(encoding="utf-8"))
    with cached(await open_embedder(settings), cache) as embedder:
        own = embedder.relevant_from
        bounds = {}
        for bound in BOUNDS:
            embedder.relevant_from = bound * own
            bounds[f"{bound * own:.2f}"] = {each.name: await _measure(each, embedder, world) for each in datasets}
    return {"machine": machine(), "embedder": embedder.name, "bound": own, "world": len(world), "by_bound": bounds}


async def _measure(dataset: Dataset, embedder: CachedEmbedder, world: Sequence[str]) -> dict[str, Any]:
    given: list[float] = []
    kept: list[float] = []
    async with AsyncExitStack() as stack:
        for talk in dataset.conversations:
            asker = await stack.enter_async_context(Memocha(embedder, InMemory()).open(talk))
            now = max(message.created_at for message in talk.messages)
            for text in world:
                found = await asker.ask(Question(text, text, "world", now, frozenset(), answerable=False), K)
                given.append(float(bool(_passed(found, talk))))
            for question in talk.questions:
                if question.measures_recall:
                    there = question.evidence & _passed(await asker.ask(question, K), talk)
                    kept.append(len(there) / len(question.evidence))
    return {"world_given": asdict(mean(given)), f"evidence@{K}": asdict(mean(kept))}


def _passed(found: Found, talk: Conversation) -> set[str]:
    """What the memories that pass the gate came from."""
    passed = (item.memory for item in found.items if found.relevant is None or item.memory.id in found.relevant)
    return {talk.keys[source.message_id] for memory in passed for source in memory.sources}


def main() -> int:
    """Measure, and keep the figures."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--cache", type=Path, default=Path(".memocha/eval"), help="where vectors are kept")
    parser.add_argument("--out", type=Path, default=RESULTS / "gate.json")
    given = parser.parse_args()
    figures = asyncio.run(run(Settings(), given.cache))
    given.out.parent.mkdir(parents=True, exist_ok=True)
    given.out.write_text(json.dumps(rounded(figures), indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
