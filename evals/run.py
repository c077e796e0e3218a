"""Asking systems the questions of a data set."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from evals.metrics import Row, rows
from evals.records import Conversation, Dataset, Split
from evals.systems.base import System

DEPTH = 30
"""Memories asked for: enough for 20 distinct messages, of which some may come in parts."""


def narrowed(
    dataset: Dataset, split: Split | None = None, conversations: int | None = None, limit: int | None = None
) -> Dataset:
    """The data set with one split only, with its first conversations only, or with the first `limit` questions of
    each only."""
    chosen = [one for one in dataset.conversations if split in (None, one.split)][:conversations]
    if limit is not None:
        chosen = [replace(one, questions=one.questions[:limit]) for one in chosen]
    return replace(dataset, conversations=chosen)


async def ask_all(
    dataset: Dataset,
    systems: Sequence[System],
    *,
    k: int = DEPTH,
    asked: Callable[[System, Conversation], None] = lambda system, conversation: None,
) -> dict[str, list[Row]]:
    """What each system found, by its name. `asked` is told of each conversation that a system is done with."""
    found: dict[str, list[Row]] = {system.name: [] for system in systems}
    for conversation in dataset.conversations:
        for system in systems:
            async with system.open(conversation) as asker:
                answers = [(question, await asker.ask(question, k)) for question in conversation.questions]
            found[system.name] += rows(conversation, answers)
            asked(system, conversation)
    return found
