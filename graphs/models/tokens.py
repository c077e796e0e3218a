"""Counting in a model's own tokens."""

import hashlib
from collections import OrderedDict
from collections.abc import Sequence
from typing import Final, Protocol

import structlog
from langchain_core.messages import BaseMessage

from graphs.models.config import ModelConfig
from graphs.models.estimate import estimate
from graphs.models.tokenizers import ServerTokenizer, TiktokenTokenizer

log = structlog.get_logger(__name__)

_CACHED: Final = 20_000
# ChatML and Llama wrap a message in five tokens, OpenAI in four; each opens the answer with three.
_PER_MESSAGE: Final = {True: 4, False: 5}


class TokenCounter(Protocol):
    """Counts tokens as the model does."""

    @property
    def per_message(self) -> int:
        """Tokens that a message costs beside its text."""

    @property
    def per_answer(self) -> int:
        """Tokens that the prompt costs beside its messages."""

    async def count(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text, in order. Never raises; estimates, rather too high, where it cannot count."""


class Tokenizer(Protocol):
    """Where counts come from."""

    async def lengths(self, texts: Sequence[str]) -> list[int | None]:
        """Tokens of each text; None for those that could not be counted now. Does not raise."""

    async def close(self) -> None:
        """Lets go of connections."""


class ModelTokenCounter:
    """Counts by the server's tokenizer or tiktoken, remembers, and estimates while neither answers."""

    def __init__(self, config: ModelConfig, *, cached: int = _CACHED) -> None:
        self._config = config
        self._cached = cached
        self._counts: OrderedDict[bytes, int] = OrderedDict()
        self._tokenizer: Tokenizer = TiktokenTokenizer(config) if config.is_openai else ServerTokenizer(config)

    @property
    def per_message(self) -> int:
        """Tokens that a message costs beside its text."""
        return _PER_MESSAGE[self._config.is_openai]

    @property
    def per_answer(self) -> int:
        """Tokens that the prompt costs beside its messages."""
        return 3

    async def count(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text, in order; only texts that are new cost a call. Never raises."""
        keys = [self._key(text) for text in texts]
        new = {key: text for key, text in zip(keys, texts, strict=True) if key not in self._counts}
        known = {key: self._counts[key] for key in keys if key in self._counts}
        if new:
            lengths = await self._tokenizer.lengths(list(new.values()))
            for (key, text), length in zip(new.items(), lengths, strict=True):
                known[key] = estimate(text) if length is None else length
                if length is not None:
                    self._counts[key] = length
        for key in keys:
            if key in self._counts:
                self._counts.move_to_end(key)
        while len(self._counts) > self._cached:
            self._counts.popitem(last=False)
        return [known[key] for key in keys]

    async def count_messages(self, messages: Sequence[BaseMessage]) -> list[int]:
        """Tokens of each message, its overhead included."""
        counts = await self.count([str(message.text) for message in messages])
        return [count + self.per_message for count in counts]

    async def close(self) -> None:
        """Closes connections to the tokenizer."""
        await self._tokenizer.close()

    def _key(self, text: str) -> bytes:
        keyed = f"{self._config.name}\0{text}".encode("utf-8", "surrogatepass")
        return hashlib.blake2b(keyed, digest_size=16).digest()
