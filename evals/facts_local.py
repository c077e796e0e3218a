"""What a local model takes for facts: precision and recall on messages with ground truth, by the product's own path.

The messages: the 20 that the data set names as telling something lasting, with what, the 20 that it names as telling
nothing, and those in which something changes or contradicts. A fact is **false** when it came from a message that tells
nothing, or when a reader of the message would not say that it states this of the person as something that holds for
some weeks (`facts_judged.json`, judged by hand, one line a fact). Recall: of the 20, those from which a right fact came
that is about what the data set names.
"""

import asyncio
import json
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import zip_longest
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import structlog
from pydantic import SecretStr

from app.embedded import weights
from app.embedded.llama import BACKGROUND_SLOT, LlamaPart
from evals.facts_data import Persona, load
from graphs.memory.facts.asking import ModelAsker
from graphs.memory.facts.extract import batches, extract
from graphs.memory.facts.records import Fact, Said
from graphs.models.config import ModelConfig

log = structlog.get_logger(__name__)

MODELS = {"0.5b": weights.QWEN_05B, "1.5b": weights.QWEN_15B}
JUDGED = Path(__file__).with_name("facts_judged.json")
SPACE = UUID("3d0b9c1e-2a63-4ad1-9c3f-1f5b7a0e6a11")
AT_ONCE = 4
"""Messages in one question; small models lose the thread of more."""
THEN = datetime(2025, 6, 1, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Case:
    """One message and what is known of it."""

    text: str
    at: datetime
    says: str | None
    """What the data set says that it tells; None: nothing, or not said."""
    kind: str
    """`signal`, `noise` or `change`."""


def cases(persona: Persona) -> list[Case]:
    """All messages of the slice, those that tell, that do not, and that change something in turn: so a part of them is
    like the whole."""
    found: dict[str, Case] = {}
    for name, kind in (("signal_examples", "signal"), ("noise_examples", "noise")):
        for each in persona.truth[name]:
            line = persona.of_text(each["text"])
            found[each["text"]] = Case(each["text"], line.at if line else THEN, each.get("target_fact"), kind)
    numbers = {n for change in persona.truth["changes"] for n in change["key_messages"]}
    numbers |= {n for conflict in persona.truth["conflicts"] for n in conflict["introduced_at_messages"]}
    for number in numbers:
        line = persona.line(number)
        found.setdefault(line.content, Case(line.content, line.at, None, "change"))
    kinds = [[case for case in found.values() if case.kind == kind] for kind in ("signal", "noise", "change")]
    return [case for row in zip_longest(*kinds) for case in row if case is not None]


async def run(size: str, models_dir: Path, messages: int | None = None, seconds: float = 1e9) -> dict[str, Any]:
    """Have the model read the slice, or so many of its messages, or as many as it can in that time; the figures of what
    was read, and every fact."""
    slice_ = cases(load())[:messages]
    weight = MODELS[size]
    path = await weights.fetch(weight, models_dir, lambda *_: None)
    with tempfile.TemporaryDirectory(prefix="memocha-eval-") as folder:
        part = LlamaPart(Path(folder), alias=weight.name, context=4096, model=path)
        await part.start()
        try:
            return await _read(part, weight.name, slice_, seconds)
        finally:
            await part.stop()


async def _read(part: LlamaPart, name: str, slice_: Sequence[Case], seconds: float) -> dict[str, Any]:
    config = ModelConfig(
        name=f"openai:{name}",
        base_url=part.base_url,
        api_key=SecretStr(part.api_key),
        context=4096,
        timeout=600,
        extra={"id_slot": BACKGROUND_SLOT},
    )
    asker = ModelAsker(config)
    said = [Said(uuid5(SPACE, case.text), "user", case.text, case.at) for case in slice_]
    facts: list[Fact] = []
    dropped: Counter[str] = Counter()
    unreadable = tokens = 0
    began = time.monotonic()
    read: list[UUID] = []
    for batch in batches(said, most=AT_ONCE, characters=6_000):
        if time.monotonic() - began > seconds:
            break
        read += [each.id for each in batch if each.unread]
        found = await extract(asker, batch)
        log.info("read", messages=len(batch), facts=len(found.facts), tokens=found.tokens)
        facts += found.facts
        dropped.update({reason.value: count for reason, count in found.dropped.items()})
        unreadable += not found.readable
        tokens += found.tokens
    await asker.close()
    covered = [case for case in slice_ if uuid5(SPACE, case.text) in set(read)]
    return figures(name, covered, facts, dropped) | {
        "unreadable_answers": unreadable,
        "tokens": tokens,
        "seconds": round(time.monotonic() - began, 1),
    }


def figures(name: str, slice_: Sequence[Case], facts: Sequence[Fact], dropped: Counter[str]) -> dict[str, Any]:
    """Precision and recall, with what was judged by hand; what nobody has judged is counted apart."""
    judged: dict[str, dict[str, Any]] = json.loads(JUDGED.read_text("utf-8")) if JUDGED.exists() else {}
    case_of = {uuid5(SPACE, case.text): case for case in slice_}
    right, wrong, open_ = [], [], []
    found_signals = set()
    for fact in facts:
        case = case_of[fact.message_id]
        verdict = judged.get(f"{fact.text} | {fact.quote}")
        if case.kind == "noise" or (verdict is not None and not verdict["right"]):
            wrong.append(fact)
        elif verdict is None:
            open_.append(fact)
        else:
            right.append(fact)
            if case.kind == "signal" and verdict.get("target", True):
                found_signals.add(case.text)
    decided = len(right) + len(wrong)
    signals = [case for case in slice_ if case.kind == "signal"]
    return {
        "model": name,
        "messages": len(slice_),
        "given_by_model": len(facts) + sum(dropped.values()),
        "dropped": dict(sorted(dropped.items())),
        "stored": len(facts),
        "false": len(wrong),
        "not_judged": len(open_),
        "precision": round(len(right) / decided, 3) if decided else None,
        "recall_of_signals": f"{len(found_signals)}/{len(signals)}",
        "facts": [
            {
                "kind": case_of[fact.message_id].kind,
                "says": case_of[fact.message_id].says,
                "fact": fact.text,
                "quote": fact.quote,
                "key": f"{fact.text} | {fact.quote}",
            }
            for fact in facts
        ],
    }


def main(size: str, models_dir: Path, messages: int | None = None, seconds: float = 1e9) -> dict[str, Any]:
    """`run`, from the outside."""
    return asyncio.run(run(size, models_dir, messages, seconds))
