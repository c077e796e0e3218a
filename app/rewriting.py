"""Whether follow-ups are completed by the chat model before memory is asked, as the settings have it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from app.chat.models import configs
from app.embedded.llama import BACKGROUND_SLOT
from app.facts import is_embedded
from app.settings import Settings
from graphs.memory.rewriting import ModelRewriting
from graphs.models.chat import ChatModel
from graphs.models.config import ModelConfig

ATTEMPTS = 2


def rewriting_model(settings: Settings) -> ModelConfig:
    """The chat model, asked few times. The embedded one in the slot that no conversation is kept in."""
    config = configs(settings)[0]
    extra = {**config.extra, "id_slot": BACKGROUND_SLOT} if is_embedded(settings) else config.extra
    return config.model_copy(update={"extra": extra, "attempts": ATTEMPTS})


@asynccontextmanager
async def open_rewriting(settings: Settings) -> AsyncIterator[ModelRewriting | None]:
    """What completes follow-ups, until the block ends; None where that is off."""
    if settings.rewrite == "off":
        yield None
        return
    model = ChatModel(rewriting_model(settings))
    try:
        yield ModelRewriting(model, deadline=settings.rewrite_deadline)
    finally:
        await model.close()
