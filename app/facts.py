"""Whether facts are taken from what people say, by which model, and at what pace, as the settings ask for it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from app.chat.models import configs
from app.embedded import weights
from app.embedded.llama import BACKGROUND_SLOT
from app.jobs.reader import Pace
from app.settings import Settings, is_loopback
from graphs.memory.facts.asking import ModelAsker
from graphs.models.config import ModelConfig

LOCAL = {"0.5b": weights.QWEN_05B, "1.5b": weights.QWEN_15B}


def facts_on(settings: Settings) -> bool:
    """`auto`: on unless the chat model is the embedded small one and no other is named for background work. Measured
    (docs/memory/facts.md): too much of what the small ones take for a fact is none."""
    if settings.llm is None:
        return False
    if settings.facts != "auto":
        return settings.facts == "on"
    return settings.facts_model is not None or not is_embedded(settings)


def is_embedded(settings: Settings) -> bool:
    """Whether the chat model is the one that `memocha up` runs on this machine."""
    if settings.llm is None:
        return True
    path = settings.local_model_path
    alias = path.stem.lower() if path is not None else LOCAL[settings.local_model].name
    host = (settings.llm_base_url or "").removeprefix("http://").partition(":")[0].partition("/")[0]
    return settings.llm == f"openai:{alias}" and bool(host) and is_loopback(host)


def fact_model(settings: Settings) -> ModelConfig:
    """The model that reads: the one named for it, or the chat model."""
    if settings.facts_model is not None:
        return configs(settings)[0].model_copy(update={"name": settings.facts_model, "context": None})
    return background_model(settings)


def background_model(settings: Settings) -> ModelConfig:
    """The chat model, for what nobody waits for. The embedded one in the slot that no conversation is kept in."""
    config = configs(settings)[0]
    if is_embedded(settings):
        return config.model_copy(update={"extra": {**config.extra, "id_slot": BACKGROUND_SLOT}})
    return config


def pace(settings: Settings) -> Pace:
    """When facts are taken and what that may cost."""
    return Pace(
        pause=timedelta(seconds=settings.facts_pause),
        every=settings.facts_every,
        daily_tokens=settings.facts_daily_tokens,
        only_when_quiet=settings.facts_model is None and is_embedded(settings),
    )


@asynccontextmanager
async def open_fact_model(settings: Settings) -> AsyncIterator[ModelAsker | None]:
    """The model that reads, until the block ends; None where facts are off."""
    if not facts_on(settings):
        yield None
        return
    asker = ModelAsker(fact_model(settings))
    try:
        yield asker
    finally:
        await asker.close()
