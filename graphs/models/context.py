"""How much a model can take in: told by the settings, the server, or its name."""

import asyncio
import math
import re
from typing import Any, Final

import httpx
import structlog

from graphs.models.config import ModelConfig

log = structlog.get_logger(__name__)

SAFE: Final = 4096
"""Tokens: what about every model that is served today can take, and Ollama's own default."""
_RETRY_AFTER: Final = 30.0
_DEADLINE: Final = 3.0
# First match counts. From the makers' model pages.
_BY_NAME: Final = (
    (re.compile(r"^gpt-4\.1"), 1_047_576),
    (re.compile(r"^gpt-5.*chat"), 128_000),
    (re.compile(r"^gpt-5"), 400_000),
    (re.compile(r"^o1-(mini|preview)"), 128_000),
    (re.compile(r"^o\d"), 200_000),
    (re.compile(r"^(gpt-4o|chatgpt-4o|gpt-4-turbo|gpt-4-\d{4}-preview)"), 128_000),
    (re.compile(r"^gpt-4-32k"), 32_768),
    (re.compile(r"^gpt-4"), 8_192),
    (re.compile(r"^gpt-3\.5-turbo"), 16_385),
)
# vLLM; OpenRouter, Groq and others.
_IN_LISTING: Final = ("max_model_len", "context_length", "context_window", "max_context_length")


class ContextSize:
    """A model's context size, and where it is known from."""

    def __init__(self, config: ModelConfig) -> None:
        self._config = config
        self._http: httpx.AsyncClient | None = None
        self._next_try = 0.0
        self._lock = asyncio.Lock()
        named = None if config.provider == "ollama" else by_name(config.model)
        self.tokens = config.context or named or SAFE
        self.source = "settings" if config.context else "name" if named else "guess"

    async def learn(self) -> None:
        """Asks the server once; while it is away, again, every 30 s at the most. Takes 3 s at the most."""
        if self._settled():
            return
        async with self._lock:
            if self._settled():
                return
            self._next_try = asyncio.get_running_loop().time() + _RETRY_AFTER
            try:
                async with asyncio.timeout(_DEADLINE):
                    told = await self._ask()
            except (httpx.HTTPError, TimeoutError) as error:
                log.warning("model_context_not_asked", model=self._config.name, error=type(error).__name__)
                return
            self._next_try = math.inf
            if told is None:
                log.warning("model_context_unknown", model=self._config.name, assumed=self.tokens)
                return
            self.tokens, self.source = told, "server"
            log.info("model_context", model=self._config.name, tokens=told)

    def _settled(self) -> bool:
        return self.source != "guess" or asyncio.get_running_loop().time() < self._next_try

    async def close(self) -> None:
        if self._http is not None:
            await self._http.aclose()

    async def _ask(self) -> int | None:
        if self._http is None:
            self._http = http_client(self._config, timeout=_DEADLINE)
        config = self._config
        if config.provider == "ollama":
            return _of_ollama(await self._get(f"{config.root}/api/ps"), config.model)
        if not config.is_openai and (size := _of_llama_cpp(await self._get(f"{config.root}/props"))):
            return size
        return _of_listing(await self._get(f"{config.url}/models"), config.model)

    async def _get(self, url: str) -> Any:
        """The JSON that the server has there, or None where it has none."""
        assert self._http is not None
        answer = await self._http.get(url)
        try:
            return answer.json() if answer.is_success else None
        except ValueError:
            return None


def http_client(config: ModelConfig, *, timeout: float, idle: float = 5.0) -> httpx.AsyncClient:
    """A client for the server's side routes, with the model's key; `timeout` and `idle` in seconds."""
    return httpx.AsyncClient(
        headers={"authorization": f"Bearer {config.key}"} if config.api_key is not None else {},
        timeout=timeout,
        trust_env=not config.is_local,
        limits=httpx.Limits(keepalive_expiry=idle),
    )


def by_name(model: str) -> int | None:
    """The context size, tokens, of a model of OpenAI's, or None."""
    return next((tokens for pattern, tokens in _BY_NAME if pattern.match(model)), None)


def _of_llama_cpp(props: Any) -> int | None:
    settings = props.get("default_generation_settings") if isinstance(props, dict) else None
    return _size(settings.get("n_ctx")) if isinstance(settings, dict) else None


def _of_listing(listing: Any, model: str) -> int | None:
    entries = listing.get("data") if isinstance(listing, dict) else None
    for entry in entries if isinstance(entries, list) else ():
        if isinstance(entry, dict) and entry.get("id") == model:
            meta = entry.get("meta")
            found = [_size(entry.get(key)) for key in _IN_LISTING]
            found.append(_size(meta.get("n_ctx")) if isinstance(meta, dict) else None)
            return next((size for size in found if size), None)
    return None


def _of_ollama(running: Any, model: str) -> int | None:
    """What the loaded model was given; what it was trained with is not served (Ollama cuts silently)."""
    entries = running.get("models") if isinstance(running, dict) else None
    for entry in entries if isinstance(entries, list) else ():
        if isinstance(entry, dict) and model in (
            entry.get("name"),
            entry.get("model"),
            f"{entry.get('name')}".removesuffix(":latest"),
        ):
            return _size(entry.get("context_length"))
    return None


def _size(value: Any) -> int | None:
    return value if isinstance(value, int) and value >= 256 else None
