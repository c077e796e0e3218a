"""Follow-ups: whether what a question leans on is found (`evals/followups.yaml`). `python -m evals.followups`.

Each follow-up is asked in several ways: as if it stood by itself (`nothing`), with what the user said before it
(`context`, what a turn does), with what a model completes it to as well (`model`, what a turn does with
MEMOCHA_REWRITE=on), as that alone (`model alone`), and as a person would ask it by itself (`alone`).
"""

import argparse
import asyncio
import json
import sys
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import asdict, dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml
from langchain_core.messages import AIMessage, HumanMessage

from app.memory import open_embedder
from app.settings import Settings
from evals.answering import open_model
from evals.datasets import people
from evals.embedding import CachedEmbedder, cached
from evals.records import Conversation
from evals.report import RESULTS, machine, rounded
from evals.statistics import mean, percentile
from evals.systems.memocha import DEADLINE, InMemory
from graphs.memory.episodes import episodes
from graphs.memory.in_memory import InMemoryStore
from graphs.memory.index import IndexFilter
from graphs.memory.ports import RecallQuery
from graphs.memory.ranking.followup import context_of, leans
from graphs.memory.recall import MemoryService
from graphs.memory.records import Recalled
from graphs.memory.rewriting import ModelRewriting
from graphs.memory.second_look import InMemorySentences
from graphs.memory.writer import MemoryWriter

FILE = Path(__file__).with_name("followups.yaml")
AT = 5
"""Memories among which the evidence must be."""


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A question that leans on what stands before it."""

    person: str
    before: Sequence[tuple[str, str]]
    """Role and words, oldest first."""
    question: str
    alone: str
    evidence: frozenset[str]

    @property
    def context(self) -> str:
        """What a turn would give to memory of the messages before."""
        return context_of([text for role, text in self.before if role == "user"])


@dataclass(slots=True)
class Way:
    """One way to ask, and what came of it, by follow-up."""

    name: str
    texts: Sequence[str]
    added: Sequence[str] = ()
    """What is looked for with each beside the messages before it; none: not those either."""
    recall: list[float] = field(default_factory=list)
    given: list[float] = field(default_factory=list)
    """Recall of what passes the gate."""


def load(path: Path = FILE) -> tuple[list[FollowUp], dict[str, Conversation]]:
    """The follow-ups, and the people they are asked by. Raises `DataInvalid` and `DataMissing` for the people's."""
    raw: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    talks = {talk.id: talk for talk in people.load().conversations}
    for person in raw["people"]:
        numbered = [{"id": f"s{at:02d}", **session} for at, session in enumerate(person["sessions"], start=1)]
        talks[person["id"]] = people.conversation({**person, "sessions": numbered})
    return [_followup(one) for one in raw["followups"]], talks


def _followup(one: dict[str, Any]) -> FollowUp:
    before = [(role, text) for message in one["before"] for role, text in message.items()]
    return FollowUp(one["person"], before, one["question"], one["alone"], frozenset(one["evidence"]))


@dataclass(frozen=True, slots=True)
class Asked:
    """A person with a memory."""

    talk: Conversation
    service: MemoryService

    async def ask(self, text: str, context: str, evidence: frozenset[str]) -> tuple[float, float]:
        """Evidence recall@5, of all that is found and of what passes the gate."""
        now = max(message.created_at for message in self.talk.messages)
        query = RecallQuery(IndexFilter(self.talk.user_id), text, k=3 * AT, now=now, context=context)
        answer = await self.service.search(query)
        passed = [item for item in answer.items if item.memory.id in answer.relevant]
        return self._share(answer.items, evidence), self._share(passed, evidence)

    def _share(self, items: Sequence[Recalled], evidence: frozenset[str]) -> float:
        found = dict.fromkeys(self.talk.keys[item.memory.sources[0].message_id] for item in items)
        return len(evidence.intersection(list(found)[:AT])) / len(evidence)


async def open_person(talk: Conversation, embedder: CachedEmbedder, stack: AsyncExitStack) -> Asked:
    """The person's messages in an index in this process."""
    index = await stack.enter_async_context(InMemory().open())
    memories, sentences = [episode for message in talk.messages for episode in episodes(message)], InMemorySentences()
    await MemoryWriter(embedder, index, sentences).write(memories)
    store = InMemoryStore(memories)
    service = MemoryService(embedder=embedder, index=index, store=store, sentences=sentences, deadline=DEADLINE)
    return Asked(talk, service)


async def rewritten(followups: Sequence[FollowUp], model: str, settings: Settings) -> tuple[list[str], list[float]]:
    """Each follow-up as the model of that name completes it, and the milliseconds that took; itself where it fails."""
    texts, times = [], []
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="memocha-eval-")))
        rewriting = ModelRewriting(await stack.enter_async_context(open_model(model, settings, folder)), deadline=60)
        await rewriting.rewrite(followups[0].question, [])  # the prompt's beginning is read once, as in a service
        for one in followups:
            before = [(HumanMessage if role == "user" else AIMessage)(text) for role, text in one.before]
            started = time.perf_counter()
            text = await rewriting.rewrite(one.question, before) if leans(one.question) else None
            if text is not None:
                times.append((time.perf_counter() - started) * 1000)
            texts.append(text or one.question)
    return texts, times


async def run(settings: Settings, cache: Path, model: str | None) -> dict[str, Any]:
    """All figures."""
    followups, talks = load()
    async with AsyncExitStack() as stack:
        embedder = stack.enter_context(cached(await open_embedder(settings), cache))
        asked = {name: await open_person(talk, embedder, stack) for name, talk in talks.items()}
        written, times = await rewritten(followups, model, settings) if model else ([], [])
        questions = [one.question for one in followups]
        ways = [
            Way("nothing", questions),
            Way("context", questions, [""] * len(questions)),
            *([Way("model", questions, written), Way("model alone", written)] if model else []),
            Way("alone", [one.alone for one in followups]),
        ]
        for way in ways:
            for one, text, more in zip(followups, way.texts, way.added or way.texts, strict=True):
                context = f"{one.context}\n{more}".strip() if way.added else ""
                recall, given = await asked[one.person].ask(text, context, one.evidence)
                way.recall.append(recall)
                way.given.append(given)
        others = await _others(asked)
    return {
        "machine": machine(),
        "followups": len(followups),
        "told": sum(leans(one.question) for one in followups),
        "ways": {way.name: _figures(way, followups, talks) for way in ways},
        "other_questions": others,
        **({"rewriting": _rewriting(model, followups, written, times)} if model else {}),
    }


async def _others(asked: dict[str, Asked]) -> dict[str, Any]:
    """The people's own questions, which stand by themselves, each after another one that has nothing to do with it."""
    without, after, taken, count = [], [], 0, 0
    for person in asked.values():
        before = ""
        for question in person.talk.questions:
            taken += leans(question.text)
            count += 1
            if question.measures_recall and before:
                without.append((await person.ask(question.text, "", question.evidence))[0])
                after.append((await person.ask(question.text, before, question.evidence))[0])
            before = question.text
    return {
        "questions": count,
        "taken_for_followups": taken,
        "recall@5": asdict(mean(without)),
        "recall@5_after_another": asdict(mean(after)),
    }


def _rewriting(
    model: str, followups: Sequence[FollowUp], written: Sequence[str], times: Sequence[float]
) -> dict[str, Any]:
    return {
        "model": model,
        "completed": len(times),
        "p50_ms": percentile(times, 0.5),
        "p95_ms": percentile(times, 0.95),
        "within_1500_ms": sum(each <= 1500 for each in times),
        "questions": {one.question: text for one, text in zip(followups, written, strict=True)},
    }


def _figures(way: Way, followups: Sequence[FollowUp], talks: dict[str, Conversation]) -> dict[str, Any]:
    split = [talks[one.person].split for one in followups]
    return {
        f"recall@{AT}": asdict(mean(way.recall)),
        f"given@{AT}": asdict(mean(way.given)),
        **{
            side: asdict(mean([each for each, of in zip(way.recall, split, strict=True) if of == side]))
            for side in ("tuning", "held-out")
        },
    }


def main() -> int:
    """Measure, and keep the figures."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--cache", type=Path, default=Path(".memocha/eval"), help="where vectors are kept")
    parser.add_argument("--model", help="that completes questions: `local`, or as MEMOCHA_LLM names one")
    parser.add_argument("--out", type=Path, default=RESULTS / "followups.json")
    given = parser.parse_args()
    figures = asyncio.run(run(Settings(), given.cache, given.model))
    given.out.parent.mkdir(parents=True, exist_ok=True)
    given.out.write_text(json.dumps(rounded(figures), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
