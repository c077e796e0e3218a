"""Whether answers cite the memories that they were given, as the settings ask for it."""

from app.facts import is_embedded
from app.settings import Settings


def citations_on(settings: Settings) -> bool:
    """`auto`: on unless the chat model is the embedded one, which cites nothing (docs/memory/recall.md)."""
    return settings.citations == "on" or (settings.citations == "auto" and not is_embedded(settings))
