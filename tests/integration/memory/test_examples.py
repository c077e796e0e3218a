"""The examples that the front page offers do what it says, one after another, under the small model."""

import json
from pathlib import Path
from uuid import uuid4

import pytest

from graphs.memory.facts.commands import Forget, command_in
from graphs.memory.facts.meant import Candidate, meant
from graphs.memory.in_memory import InMemoryIndex, InMemoryStore
from graphs.memory.index import IndexFilter
from graphs.memory.minilm import MiniLM
from graphs.memory.ports import RecallQuery
from graphs.memory.recall import MemoryService
from graphs.memory.writer import MemoryWriter
from tests.support.embedded import MiniLm
from tests.unit.memory.support import said

TEXTS = Path(__file__).parents[3] / "frontend/src/i18n"


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_what_is_told_is_given_when_asked_for_and_is_meant_when_taken_back(
    minilm_files: MiniLm, language: str
) -> None:
    examples = json.loads((TEXTS / language / "conversation.json").read_text(encoding="utf-8"))["examples"]
    words = {name: example["words"] for name, example in examples.items()}
    embedder, index, user = MiniLM(minilm_files.model, minilm_files.tokenizer), InMemoryIndex(), uuid4()
    told = said(words["tell"], user=user)
    others = [said("The capital of Portugal is Lisbon.", user=user), said("My cello is old.", user=user)]
    store = InMemoryStore([told, *others])
    await MemoryWriter(embedder, index).write([told, *others])

    service = MemoryService(embedder=embedder, index=index, store=store)
    given = await service.recall(RecallQuery(IndexFilter(user), words["ask"]))
    # The sister's birthday, and not what is true of the world.
    assert told.id in [item.memory.id for item in given.items]
    assert others[0].id not in [item.memory.id for item in given.items]

    command = command_in(words["forget"])
    assert isinstance(command, Forget)
    candidates = [Candidate(memory.id, memory.text) for memory in (told, *others)]
    assert await meant(command.what, candidates, embedder) == [told.id]
