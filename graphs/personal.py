"""What a user wrote for all conversations: about themselves, and how they wish to be answered.

It is part of the system message, so it stands before everything that grows, and prompts keep their beginning from turn
to turn.
"""

from dataclasses import dataclass
from typing import Protocol

import prompts
from graphs.models.tokens import TokenCounter
from graphs.prompting import system_prompt
from graphs.window import most_tokens

SHARE = 8
"""At most one part in so many of the model's context: the conversation and its memories need the rest."""


@dataclass(frozen=True, slots=True)
class Personal:
    """A user's own words to the model; what is empty or None is left out."""

    about_me: str = ""
    how_to_answer: str = ""
    language: str | None = None
    """A BCP-47 tag."""
    instructions: str = ""
    """What the program asks through which the user talks: the system prompt of a client that has one of its own."""


class Sized(Protocol):
    """What has a context, such as a chat model."""

    @property
    def context(self) -> int:
        """Prompt and answer together, tokens."""


async def system_message(personal: Personal | None, model: Sized, tokens: TokenCounter) -> str:
    """The system prompt with the user's own words, shortened where a small context has no room for all of them. The
    same words and the same model give the same text."""
    if personal is None or not (block := _block(personal, None)):
        return system_prompt()
    budget = model.context // SHARE
    longest = max(len(personal.about_me), len(personal.how_to_answer), len(personal.instructions))
    while longest and most_tokens([block]) > budget:
        [length] = await tokens.count([block])
        if length <= budget:
            break
        # One step is seldom too few: tokens are spread over a text evenly.
        longest = min(longest - 1, longest * budget // length)
        block = _block(personal, longest)
    return f"{system_prompt()}\n\n{block}" if block else system_prompt()


def _block(personal: Personal, longest: int | None) -> str:
    """The words, each under its heading; `longest`: characters of a text at the most."""
    parts = [
        part
        for name, words in (("about_me", personal.about_me), ("how_to_answer", personal.how_to_answer))
        if (part := _part(name, words, longest))
    ]
    if personal.language is not None:
        parts.append(prompts.load("language").substitute(language=personal.language))
    own = prompts.load("personal").substitute(parts="\n\n".join(parts)) if parts else ""
    asked = _part("instructions", personal.instructions, longest)
    return "\n\n".join(block for block in (own, asked) if block)


def _part(name: str, words: str, longest: int | None) -> str:
    words = words.strip()
    return prompts.load(name).substitute(text=_cut(words, longest)) if words and longest != 0 else ""


def _cut(text: str, longest: int | None) -> str:
    return text if longest is None or len(text) <= longest else f"{text[:longest].rstrip()}…"
