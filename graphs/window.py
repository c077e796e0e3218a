"""The window: which messages of a session the model reads, and what each carries beside its words."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from langchain_core.messages import AnyMessage, BaseMessage, HumanMessage
from pydantic import TypeAdapter

from graphs.memory.records import Recalled

KEPT_AFTER_DROP = 0.5
"""What part of the window's budget stays when it overflows.

Dropping in large steps keeps the prompt's beginning the same for many turns, so that prefix caches go on hitting.
"""

_recalled = TypeAdapter(list[Recalled])


def stamp(message: HumanMessage, *, seq: int, at: datetime) -> HumanMessage:
    """The message with its position in the session and its time."""
    extra: dict[str, Any] = {"seq": seq, "at": at.astimezone(UTC).isoformat()}
    return message.model_copy(update={"additional_kwargs": extra})


def with_recalled(message: AnyMessage, recalled: Sequence[Recalled], *, numbered_to: int | None = None) -> AnyMessage:
    """The question as it is sent: with the memories that were recalled for it.

    `numbered_to`: the highest number that a memory had by then, where one that had it may be gone.
    """
    extra = {name: value for name, value in message.additional_kwargs.items() if name != "recalled"}
    highest = max([extra.get("numbered_to", 0), numbered_to or 0, *(item.number or 0 for item in recalled)])
    if highest:
        extra["numbered_to"] = highest
    if recalled:
        # A checkpoint gives tuples back as lists, which is no matter for warnings: they are lists in JSON anyway.
        extra["recalled"] = _recalled.dump_python(list(recalled), mode="json", warnings=False)
    return message.model_copy(update={"additional_kwargs": extra})


def with_note(message: HumanMessage, note: str) -> HumanMessage:
    """The question with a word to the model on what was done because of it. For its own turn only: no row holds it."""
    return message.model_copy(update={"additional_kwargs": {**message.additional_kwargs, "note": note}})


def seq_of(message: BaseMessage) -> int | None:
    """The message's position in its session."""
    return message.additional_kwargs.get("seq")


def time_of(message: BaseMessage) -> datetime | None:
    """When the message was said."""
    at = message.additional_kwargs.get("at")
    return datetime.fromisoformat(at) if at else None


def recalled_with(message: BaseMessage) -> list[Recalled]:
    """The memories that were sent with the message."""
    return _recalled.validate_python(message.additional_kwargs.get("recalled", []))


def has_numbers(message: BaseMessage) -> bool:
    """Whether memories were sent with the message by number."""
    return bool(numbered_to([message])) and any(item.number is not None for item in recalled_with(message))


def without_numbers(message: AnyMessage) -> AnyMessage:
    """The message with its memories as they are sent where none is cited."""
    return with_recalled(message, [replace(item, number=None) for item in recalled_with(message)])


def numbered_to(messages: Iterable[BaseMessage]) -> int:
    """The highest number that a memory of these messages has, or had before it was forgotten; 0 where none has one.

    A number is not given twice in a window, since answers that stay in it cite by them.
    """
    return max((message.additional_kwargs.get("numbered_to", 0) for message in messages), default=0)


def numbered(recalled: Sequence[Recalled], after: int) -> list[Recalled]:
    """The memories with the numbers that follow."""
    return [replace(item, number=number) for number, item in enumerate(recalled, start=after + 1)]


def in_view(messages: Sequence[BaseMessage]) -> list[Recalled]:
    """The memories that earlier turns of the window brought, which the model still reads."""
    return [replace(item, in_view=True) for message in messages for item in recalled_with(message)]


def most_tokens(texts: Iterable[str]) -> int:
    """What the texts cannot have more tokens than, whatever the model: no tokeniser makes two of one byte.

    Tells of short texts that they fit, without asking the model's server.
    """
    return sum(len(text.encode()) for text in texts)


def first_kept(messages: Sequence[AnyMessage], lengths: Sequence[int], budget: int) -> int:
    """The index of the first message that stays, given each one's length in tokens.

    All stay while they fit the budget. When they do not, whole turns leave from the front until `KEPT_AFTER_DROP` of
    the budget is left, so that the next turns append only. The last message, the question, always stays.
    """
    total = sum(lengths)
    if total <= budget:
        return 0
    target = int(budget * KEPT_AFTER_DROP)
    for index, length in enumerate(lengths[:-1]):
        starts_turn = isinstance(messages[index], HumanMessage)
        if starts_turn and index > 0 and total <= target:
            return index
        total -= length
    return len(messages) - 1
