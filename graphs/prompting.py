"""How a window becomes the prompt that a model is sent.

The layout only ever appends: the system prompt, then the turns of the window just as they were sent, their memories
included, then the new turn. What was sent once is rendered to the same bytes ever after, since providers and llama.cpp
reuse their work on a prompt as far as its beginning is the same.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from langchain_core.messages import AIMessage, AnyMessage, BaseMessage, HumanMessage, SystemMessage

import prompts
from graphs.inert import on_one_line, without_marks
from graphs.memory.facts.instructing import commands
from graphs.memory.records import Memory, MemoryKind, Recalled
from graphs.memory.times import Period, When, spoken_times
from graphs.window import recalled_with, time_of

LIKE_A_NUMBER = re.compile(r"\[\s*(\d+(?:\s*,\s*\d+)*)\s*\]")
"""What in a memory looks like the number of one: an answer of another conversation cited its own memories by them."""

MEANT = 2
"""Times of one memory that are told in dates."""
MEANT_WITHIN = 1000
"""Characters of a memory that are read for them."""
ROUGH_DAYS = 10
"""Days of a period up to which its middle is told."""


def system_prompt() -> str:
    """The same for all turns of a deployment."""
    return prompts.load("system").substitute()


def render(messages: Sequence[AnyMessage], system: str) -> list[BaseMessage]:
    """The prompt: the system message, then the window."""
    return [SystemMessage(system), *render_window(messages)]


def render_window(messages: Sequence[AnyMessage]) -> list[BaseMessage]:
    """Each message as the model is sent it. The date is named when the day changes. A message that was pasted from
    somewhere cannot pass for a message of another role, nor for memories."""
    rendered: list[BaseMessage] = []
    day: date | None = None
    for message in messages:
        if isinstance(message, HumanMessage):
            at = time_of(message)
            parts = [memory_block(recalled_with(message))]
            if at is not None and at.date() != day:
                day = at.date()
                parts.append(prompts.load("today").substitute(date=long_date(day)))
            parts += [without_marks(text_of(message)), message.additional_kwargs.get("note", "")]
            rendered.append(HumanMessage("\n\n".join(part for part in parts if part)))
        else:
            rendered.append(AIMessage(without_marks(text_of(message))))
    return rendered


def memory_block(recalled: Iterable[Recalled]) -> str:
    """The memories as the model reads them, in the order given; empty for none. Where they have numbers, it is asked to
    cite by them."""
    items = list(recalled)
    lines = [memory_line(item.memory, item.number) for item in items]
    return block_of(lines, numbered=any(item.number is not None for item in items)) if lines else ""


def block_of(lines: Sequence[str], *, numbered: bool) -> str:
    """Lines of memories with what stands round them."""
    return prompts.load("memories_numbered" if numbered else "memories").substitute(memories="\n".join(lines))


def memory_line(memory: Memory, number: int | None = None) -> str:
    """One memory: when, who, and the words, on one line, with the number to cite it by."""
    if number is None:
        return f"- {_words_of(memory)}"
    # Nothing else in the line looks like a number to cite.
    words = LIKE_A_NUMBER.sub(r"(\1)", _words_of(memory))
    return f"[{number}] {words}"


def _words_of(memory: Memory) -> str:
    text = on_one_line(memory.text)
    when = long_date(memory.created_at.date())
    if memory.kind is MemoryKind.EPISODE:
        # Told of the two by name: where the block spoke as the user does ("I told you"), small models took "my dog" for
        # their own ("My dog is called Biscuit") in 13 of 21 answers, so in 6, and 19 of them were right in place of 16.
        named = on_one_line(memory.speaker or "")
        who = f"{named} said" if named else "the user told you" if memory.role == "user" else "you told the user"
        return f"{when}, {who}{_marked(memory)}: {text}{_days_meant(memory)}"
    return f"{when}{_marked(memory)}: {text}"


def _marked(memory: Memory) -> str:
    """What tells the model of words that would have it do something."""
    return f" ({prompts.load('suspect').substitute()})" if commands(memory.text) else ""


def _days_meant(memory: Memory) -> str:
    """The days that "yesterday" and "last week" meant when they were said: models count days badly."""
    day = memory.created_at.date()
    said = [spoken for spoken in spoken_times(memory.text[:MEANT_WITHIN], day) if spoken.relative]
    meant = [f"{spoken.words}: {days}" for spoken in said if (days := _named(spoken.when, day))]
    return f" ({'; '.join(meant[:MEANT])})" if meant else ""


def _named(when: When, said: date) -> str:
    """A time in words; empty for the day itself, and for a time that is too long to help."""
    if not isinstance(when, Period) or when == Period(said, said + timedelta(days=1)):
        return ""
    days = (when.end - when.start).days
    if days == 1:
        return long_date(when.start)
    if days <= ROUGH_DAYS:
        middle = when.start + timedelta(days=days // 2)
        return f"about {middle.day} {middle:%B %Y}"
    return f"{when.start:%B %Y}" if when.start.day == 1 and days <= 31 else ""


def long_date(day: date) -> str:
    """`Sunday, 22 November 2026`: the weekday helps with "last Friday", the words with the order of day and month."""
    return f"{day:%A}, {day.day} {day:%B %Y}"


def text_of(message: BaseMessage) -> str:
    """The text of a message, whatever the form of its content."""
    return str(message.text)
