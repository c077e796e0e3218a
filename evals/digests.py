"""What digests bring and cost in recall: `python -m evals.digests [DATASET ...]`; bench/results/digests.json.

Each day of a data set that has enough gets its extractive digest in the index, beside the episodes. Where the evidence
is a message, a digest counts as a place in the ranking that holds none: what it costs. Where it is a day (MemoryBank),
its digest counts as that day.
"""

import argparse
import asyncio
import json
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any

from app.memory import open_embedder
from app.settings import Settings
from evals.datasets import load
from evals.embedding import CachedEmbedder, cached
from evals.records import Conversation, Dataset
from evals.run import ask_all
from evals.summary import ALL, SIDES, Group, Summary, summarise
from evals.systems.base import Asker, System
from evals.systems.memocha import DEADLINE, CountedIndex, MemochaAsker, TimedIndex
from graphs.memory.digests.daily import Spoken, day_of, digest_memory, enough
from graphs.memory.digests.extractive import extractive
from graphs.memory.episodes import SourceMessage, episodes
from graphs.memory.in_memory import InMemoryStore
from graphs.memory.index import IndexFilter
from graphs.memory.recall import MemoryService
from graphs.memory.records import Memory, MemoryKind, Source
from graphs.memory.second_look import InMemorySentences
from graphs.memory.writer import MemoryWriter

RESULTS = Path("bench/results/digests.json")
CACHE = Path("~/.cache/memocha/evals").expanduser()
DATASETS = ("people", "memorybank-en")
TOLD = ("recall@5", "recall@10", "recall@1000t", "gated@10")
KINDS: Mapping[str, frozenset[MemoryKind]] = {
    "episodes": frozenset({MemoryKind.EPISODE}),
    "episodes and digests": frozenset({MemoryKind.EPISODE, MemoryKind.DIGEST}),
    "digests alone": frozenset({MemoryKind.DIGEST}),
}


@dataclass(frozen=True, slots=True)
class WithDigests:
    """`System`: Memocha asked for memories of some kinds, where the index holds both."""

    name: str
    kinds: frozenset[MemoryKind]
    embedder: CachedEmbedder

    @asynccontextmanager
    async def open(self, conversation: Conversation) -> AsyncIterator[Asker]:
        """`System.open`"""
        said = [episode for message in conversation.messages for episode in episodes(message)]
        memories = [memory for memory in [*said, *digests(conversation)] if memory.kind in self.kinds]
        index, sentences = CountedIndex(), InMemorySentences()
        await MemoryWriter(self.embedder, index, sentences).write(memories)
        timed = TimedIndex(index)
        service = MemoryService(
            embedder=self.embedder,
            index=timed,
            store=InMemoryStore(memories),
            sentences=sentences,
            deadline=DEADLINE,
        )
        yield _AnyKind(service, timed, self.embedder, conversation)


class _AnyKind(MemochaAsker):
    def __init__(
        self, service: MemoryService, index: TimedIndex, embedder: CachedEmbedder, conversation: Conversation
    ) -> None:
        super().__init__(service, index, embedder, conversation.user_id)
        self._filter = IndexFilter(conversation.user_id)


def digests(conversation: Conversation) -> list[Memory]:
    """The digests of the conversation's days. Each has a place of its own in a ranking: it counts as one message, of
    its day where evidence is days, else as one that is evidence for nothing."""
    made = []
    for day, messages in by_day(conversation.messages):
        spoken = [_spoken(message) for message in messages]
        if not enough(spoken) or (digest := extractive(spoken)) is None:
            continue
        memory = digest_memory(conversation.user_id, day, digest, spoken, pinned=False)
        conversation.keys[memory.id] = day.isoformat() if conversation.unit == "day" else f"digest of {day}"
        source = Source(messages[0].session_id, memory.id, memory.created_at)
        made.append(replace(memory, sources=(source,)))
    return made


def by_day(messages: Sequence[SourceMessage]) -> list[tuple[date, list[SourceMessage]]]:
    """The messages by the day they were said on, oldest first."""
    in_order = sorted(messages, key=lambda message: message.created_at)
    return [(day, list(some)) for day, some in groupby(in_order, key=lambda message: day_of(message.created_at))]


def _spoken(message: SourceMessage) -> Spoken:
    return Spoken(message.id, message.session_id, message.role, message.content, message.created_at, message.speaker)


async def measure(names: Sequence[str], settings: Settings) -> dict[str, Any]:
    """By data set and kinds of memories, the figures."""
    results: dict[str, Any] = {}
    with cached(await open_embedder(settings), CACHE) as embedder:
        for name in names:
            dataset = load(name, settings.eval_data)
            systems: list[System] = [WithDigests(kinds, KINDS[kinds], embedder) for kinds in KINDS]
            summaries = summarise(await ask_all(dataset, systems))
            results[f"{name} ({settings.embeddings})"] = {
                "days": _counted(dataset),
                **{summary.system: _figures(summary) for summary in summaries},
            }
    return results


def _counted(dataset: Dataset) -> dict[str, float]:
    made = [digest for conversation in dataset.conversations for digest in digests(conversation)]
    days = sum(len(by_day(conversation.messages)) for conversation in dataset.conversations)
    words = [len(digest.text.split()) for digest in made]
    return {"days": days, "digests": len(made), "words": round(sum(words) / max(len(words), 1), 1)}


def _figures(summary: Summary) -> dict[str, Any]:
    return {
        "tokens": summary.tokens,
        **{group: _group(summary.groups[group]) for group in (ALL, *SIDES) if group in summary.groups},
    }


def _group(group: Group) -> dict[str, Any]:
    told: dict[str, Any] = {"questions": group.count}
    for name in TOLD:
        if name in group.metrics:
            figure = group.metrics[name]
            told[name] = [round(each, 3) for each in (figure.value, figure.low, figure.high)]
    if group.abstention is not None:
        told["abstention"] = round(group.abstention.value, 3)
    return told


def main() -> None:
    """Measure, print and keep the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("datasets", nargs="*", default=list(DATASETS))
    parser.add_argument("--embedder", default="minilm", choices=("minilm", "e5"))
    given = parser.parse_args()
    settings = Settings().model_copy(update={"embeddings": given.embedder})
    results = asyncio.run(measure(given.datasets, settings))
    kept = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    RESULTS.write_text(json.dumps({**kept, **results}, indent=2) + "\n")
    sys.stdout.write(json.dumps(results, indent=2) + "\n")


if __name__ == "__main__":
    main()
