"""What answers cost in money, as far as their models' prices are known."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Price:
    """USD a million tokens."""

    read: Decimal
    written: Decimal

    def of(self, prompt_tokens: int, completion_tokens: int) -> Decimal:
        """USD. Tokens that the server had read before count in full: what a provider takes off is not told here."""
        return (self.read * prompt_tokens + self.written * completion_tokens) / MILLION


class Prices:
    """By model, under either of its names: with the provider, `openai:gpt-5-mini`, or without."""

    def __init__(self, prices: Mapping[str, tuple[float, float]], default: str | None = None) -> None:
        """`prices`: MEMOCHA_PRICES, USD a million tokens read and written. `default`: the model where none is named."""
        self._default = default or ""
        self._prices = {
            name: Price(Decimal(str(read)), Decimal(str(written))) for name, (read, written) in prices.items()
        }

    def get(self, name: str) -> Price | None:
        """The model's; None: unknown. `name`: as a deployment configures it; empty: the default one."""
        name = name or self._default
        return self._prices.get(name) or self._prices.get(name.partition(":")[2])

    def of_answer(self, told: Mapping[str, Any]) -> Price | None:
        """Of the model that gave an answer, by its `response_metadata`: as it is configured, else as the server
        calls it."""
        for name in (told.get("answered_by"), told.get("model_name")):
            if name and (price := self.get(str(name))) is not None:
                return price
        return None
