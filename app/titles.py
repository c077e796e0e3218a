"""Whether the chat model titles sessions, and how, as the settings ask for it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

from app.facts import background_model, is_embedded, pace
from app.jobs.reader import Pace
from app.settings import Settings
from graphs.models.chat import ChatModel


def titles_on(settings: Settings) -> bool:
    """`auto`: on unless the chat model is the embedded one."""
    if settings.llm is None:
        return False
    return settings.titles == "on" or (settings.titles == "auto" and not is_embedded(settings))


def title_pace(settings: Settings) -> Pace:
    """That of facts; the embedded model titles while nobody talks, whichever model reads facts."""
    return replace(pace(settings), only_when_quiet=is_embedded(settings))


@asynccontextmanager
async def open_title_model(settings: Settings) -> AsyncIterator[ChatModel | None]:
    """The model that gives titles, until the block ends; None where they are off."""
    if not titles_on(settings):
        yield None
        return
    model = ChatModel(background_model(settings))
    try:
        yield model
    finally:
        await model.close()
