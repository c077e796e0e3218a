"""What a conversation is called: a model is shown how it begins, and what it answers is cleaned or refused."""

import re
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass

from langchain_core.messages import HumanMessage, SystemMessage

import prompts
from graphs.memory.records import Role
from graphs.models.chat import Model
from graphs.models.config import Parameters
from graphs.models.estimate import estimate

LONGEST = 60
"""Characters of a title."""
READ = 600
"""Characters of one message that are read for it."""
MAX_TOKENS = 1_000
"""With room for models that think before they answer."""
RAMBLING = 400
"""Characters of an answer that is no title any more: the rest is not waited for."""
CALLED = re.compile(
    r"^(?:title|titel|titre|t[íi]tulo|titolo|tytu[łl]|заголовок|название|标题|標題|タイトル|題名|제목|عنوان)\s*[:：]\s*",  # noqa: RUF001 - colons of other scripts
    re.IGNORECASE,
)
THOUGHT = re.compile(r"^.*</think>", re.DOTALL)
DRESS = " \t\r\"'`*_“”„‟‘’‚«»‹›「」『』《》"  # noqa: RUF001
ENDS = ".。．!！,，;；:："  # noqa: RUF001


@dataclass(frozen=True, slots=True)
class Titled:
    """What the model made of a conversation."""

    title: str | None
    """None where its answer is none: empty, or too long."""
    tokens: int
    """Prompt and answer together; 0 where the server counts none."""


async def titled(model: Model, conversation: Sequence[tuple[Role, str]]) -> Titled:
    """Ask for a title; `conversation` is who said what, oldest first. Cancelling it stops the server's work on it.
    Raises the errors of a model: `ModelUnavailable`, `ModelRejected` and so on."""
    said = "\n".join(f"{'User' if role == 'user' else 'Assistant'}: {shortened(text)}" for role, text in conversation)
    messages = [
        SystemMessage(prompts.load("title").substitute()),
        HumanMessage(prompts.load("titled").substitute(conversation=said)),
    ]
    pieces: list[str] = []
    tokens = 0
    async with aclosing(model.stream(messages, Parameters(temperature=0.0, max_tokens=MAX_TOKENS))) as chunks:
        async for chunk in chunks:
            pieces.append(str(chunk.text))
            if chunk.usage_metadata is not None:
                tokens = chunk.usage_metadata["total_tokens"]
            if rambles(answer := "".join(pieces)):
                return Titled(None, estimate(said) + estimate(answer))
    return Titled(cleaned("".join(pieces)), tokens)


def shortened(text: str) -> str:
    """The text on one line, no longer than what is read of it."""
    line = " ".join(text.split())
    return line if len(line) <= READ else f"{line[:READ]}…"


def rambles(answer: str) -> bool:
    """Whether what has come so far can be no title."""
    return len(THOUGHT.sub("", answer)) > RAMBLING and not answer.lstrip().startswith("<think>")


def cleaned(answer: str) -> str | None:
    """The title in a model's answer: its first line, undressed. None where that is no title."""
    text = THOUGHT.sub("", answer)
    line = next((stripped for each in text.splitlines() if (stripped := each.lstrip("# ").strip(DRESS))), "")
    line = CALLED.sub("", line).strip(DRESS)
    line = " ".join(line.rstrip(ENDS).strip(DRESS).split())
    storable = "".join(c for c in line if c.isprintable())
    return storable if 0 < len(storable) <= LONGEST and any(c.isalnum() for c in storable) else None
