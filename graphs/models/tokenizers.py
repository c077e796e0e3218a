"""Where token counts come from: the model's server, or tiktoken."""

import asyncio
import threading
from collections.abc import Sequence
from typing import Any, Final

import httpx
import structlog
import tiktoken

from graphs.models.config import ModelConfig
from graphs.models.context import http_client

log = structlog.get_logger(__name__)

# llama.cpp gives each connection, idle ones too, one of a handful of threads: six with two slots.
_AT_ONCE: Final = 3
_IDLE: Final = 1.0
_DEADLINE: Final = 2.0
_RETRY_AFTER: Final = 10.0
_ABSENT: Final = (400, 404, 405, 422, 501)
_LOAD_WAIT: Final = 1.0
_IN_THREAD: Final = 8_000


class ServerTokenizer:
    """The `/tokenize` route of llama.cpp and vLLM. A server without it is not asked again."""

    def __init__(self, config: ModelConfig, *, pause: float = _RETRY_AFTER) -> None:
        self._config = config
        self._pause = pause
        self._http = http_client(config, timeout=_DEADLINE, idle=_IDLE)
        self._slots = asyncio.Semaphore(_AT_ONCE)
        self._absent = config.provider == "ollama"
        self._away = False
        self._next_try = 0.0

    async def lengths(self, texts: Sequence[str]) -> list[int | None]:
        """Tokens of each text, None where the server did not say within 2 s."""
        counts: list[int | None] = [None] * len(texts)
        if self._absent or asyncio.get_running_loop().time() < self._next_try:
            return counts

        async def one(place: int, text: str) -> None:
            async with self._slots:
                if not self._absent and asyncio.get_running_loop().time() >= self._next_try:
                    counts[place] = await self._ask(text)

        try:
            async with asyncio.timeout(_DEADLINE):
                await asyncio.gather(*(one(place, text) for place, text in enumerate(texts)))
        except TimeoutError:
            self._lost(f"no answer in {_DEADLINE:g} s")
        return counts

    async def close(self) -> None:
        """Closes the connections."""
        await self._http.aclose()

    async def _ask(self, text: str) -> int | None:
        # llama.cpp reads the first two fields, vLLM the others.
        body = {
            "content": text,
            "add_special": False,
            "model": self._config.model,
            "prompt": text,
            "add_special_tokens": False,
        }
        try:
            answer = await self._http.post(f"{self._config.root}/tokenize", json=body)
        except httpx.HTTPError as error:
            self._lost(type(error).__name__)
            return None
        if answer.status_code in _ABSENT:
            self._absent = True
            log.warning("tokens_estimated", model=self._config.name, why=f"/tokenize: {answer.status_code}")
            return None
        tokens = _tokens(answer)
        if tokens is None:
            self._lost(f"/tokenize: {answer.status_code}")
            return None
        if self._away:
            self._away = False
            log.info("tokens_counted_again", model=self._config.name)
        return len(tokens)

    def _lost(self, why: str) -> None:
        self._next_try = asyncio.get_running_loop().time() + self._pause
        if not self._away:
            self._away = True
            log.warning("tokens_estimated", model=self._config.name, why=why)


class TiktokenTokenizer:
    """tiktoken. Its encoding file comes from its cache or the network: tried once, beside everything else."""

    def __init__(self, config: ModelConfig) -> None:
        self._model = config.model
        self._name = config.name
        self._encoding: tiktoken.Encoding | None = None
        self._loaded = threading.Event()
        self._waited = False
        # A daemon: tiktoken downloads without a timeout, and nothing may wait for it at the end.
        self._loader = threading.Thread(target=self._load, name="tiktoken-load", daemon=True)

    async def lengths(self, texts: Sequence[str]) -> list[int | None]:
        """Tokens of each text; None while (or where) the encoding is not there."""
        if not self._waited:
            self._waited = True
            self._loader.start()
            await asyncio.to_thread(self._loaded.wait, _LOAD_WAIT)
        encoding = self._encoding
        if encoding is None:
            return [None] * len(texts)
        if sum(map(len, texts)) > _IN_THREAD:
            return await asyncio.to_thread(_encoded, encoding, texts)
        return _encoded(encoding, texts)

    async def close(self) -> None:
        """Nothing is held."""

    def _load(self) -> None:
        try:
            try:
                name = tiktoken.encoding_name_for_model(self._model)
            except KeyError:
                name = "o200k_base"
            self._encoding = tiktoken.get_encoding(name)
        except (OSError, ValueError) as error:
            # requests' errors are OSErrors; a damaged file is a ValueError.
            log.warning("tokens_estimated", model=self._name, why=type(error).__name__)
        finally:
            self._loaded.set()


def _tokens(answer: httpx.Response) -> list[Any] | None:
    try:
        body = answer.json() if answer.is_success else None
    except ValueError:
        return None
    tokens = body.get("tokens") if isinstance(body, dict) else None
    return tokens if isinstance(tokens, list) else None


def _encoded(encoding: tiktoken.Encoding, texts: Sequence[str]) -> list[int | None]:
    return [len(encoding.encode_ordinary(text)) for text in texts]
