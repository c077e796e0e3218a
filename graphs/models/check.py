"""Whether the configured model can be asked: host, key and name, each failure with what to do."""

import asyncio
import difflib
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import httpx

from graphs.errors import (
    MemochaError,
    ModelCredential,
    ModelOverloaded,
    ModelRejected,
    ModelUnavailable,
    ModelUnknown,
)
from graphs.models.config import ModelConfig
from graphs.models.context import http_client

_DEADLINE: Final = 10.0
AWAY: Final = 2.0
"""Seconds after which a server that was away is looked for again."""
_NAMES_SHOWN: Final = 8


@dataclass(frozen=True, slots=True)
class ModelReport:
    """What the model server answered."""

    name: str
    url: str
    error: type[MemochaError] | None = None
    """What a turn would fail with; None where it would not."""
    problem: str = ""
    """What is wrong, a sentence for the operator."""
    advice: str = ""
    """What to do about it, a sentence for the operator."""
    models: tuple[str, ...] = field(default=(), repr=False)
    """The models that the server lists."""
    took_ms: float = 0.0

    @property
    def ok(self) -> bool:
        return self.error is None

    def __str__(self) -> str:
        return f"{self.name} at {self.url} answers" if self.ok else f"{self.problem} {self.advice}"


class _Finding(Exception):
    def __init__(self, error: type[MemochaError], problem: str, advice: str) -> None:
        super().__init__(problem)
        self.error, self.problem, self.advice = error, problem, advice


async def check(
    config: ModelConfig,
    *,
    deadline: float = _DEADLINE,
    generate: bool = True,
    http: httpx.AsyncClient | None = None,
) -> ModelReport:
    """Asks the server what it serves, and whether it takes the key; `deadline` in seconds. Does not raise.

    Where the server's list leaves the key or the name open, it has the model generate a few tokens, unless
    `generate` is false: then the report tells no more than that the server answers. `http`: a client to ask with, of
    who asks often; None: one of its own.
    """
    started = time.perf_counter()
    listed: list[str] = []
    error, problem, advice = None, "", ""
    try:
        async with asyncio.timeout(deadline):
            if http is not None:
                await _Check(config, http, listed, generate).run()
            else:
                # In a thread: it reads all authorities' certificates, tens of ms in which no token would be passed on.
                async with await asyncio.to_thread(http_client, config, timeout=deadline) as own:
                    await _Check(config, own, listed, generate).run()
    except _Finding as finding:
        error, problem, advice = finding.error, finding.problem, finding.advice
    except (TimeoutError, httpx.TimeoutException):
        error = ModelUnavailable
        problem = f"The model server at {config.url} did not answer within {deadline:g} s."
        advice = "Is it overloaded, or does a firewall stand between? Check MEMOCHA_LLM_BASE_URL."
    except httpx.HTTPError as failure:
        error = ModelUnavailable
        problem = f"The model server at {config.url} cannot be reached: {_reason(failure)}."
        advice = "Start it, or correct MEMOCHA_LLM_BASE_URL."
    took = (time.perf_counter() - started) * 1000
    return ModelReport(config.name, config.url, error, problem, advice, tuple(listed), took)


class CachedCheck:
    """A check that many may ask for: made once in `seconds`, and generating until it went well once. A server that was
    away is looked for sooner."""

    def __init__(self, config: ModelConfig, *, seconds: float = 30.0) -> None:
        self._config = config
        self._seconds = seconds
        self._lock = asyncio.Lock()
        self._report: ModelReport | None = None
        self._until = 0.0
        self._passed = False

    async def report(self) -> ModelReport:
        """The last report, or a new one where that is too old."""
        async with self._lock:
            if self._report is None or time.monotonic() >= self._until:
                self._report = await check(self._config, generate=not self._passed)
                self._passed = self._passed or self._report.ok
                away = self._report.error is ModelUnavailable
                self._until = time.monotonic() + (min(AWAY, self._seconds) if away else self._seconds)
            return self._report


class _Check:
    """The questions, in the order in which their answers build on one another."""

    def __init__(self, config: ModelConfig, http: httpx.AsyncClient, listed: list[str], generate: bool) -> None:
        self._config = config
        self._http = http
        self._listed = listed
        self._generate = generate

    async def run(self) -> None:
        """Raises `_Finding` at the first answer that is wrong, httpx's errors where there is none."""
        config = self._config
        if config.is_openai and config.api_key is None:
            raise _Finding(ModelCredential, f"{config.name} needs a key, and none is set.", _KEY_ADVICE)
        if config.provider == "azure_openai":
            # Azure lists the models that could be deployed, not the deployments.
            return await (self._probe() if self._generate else self._list_of_azure())
        answer = await self._http.get(f"{config.url}/models")
        if answer.status_code in (404, 405):
            return await self._probe()
        self._refuse(answer)
        entries = _entries(answer)
        self._listed.extend(sorted(str(entry["id"]) for entry in entries))
        if any(entry.get("owned_by") == "llamacpp" for entry in entries):
            # llama.cpp shows its list to anyone, and answers to any name with the model it was started with.
            self._refuse(await self._http.get(f"{config.root}/props"), ignore=(404, 501))
            return None
        if config.model not in self._listed and f"{config.model}:latest" not in self._listed:
            return await self._probe()
        if config.api_key is not None and await self._lists_for_anyone():
            return await self._probe()
        return None

    async def _lists_for_anyone(self) -> bool:
        answer = await self._http.get(f"{self._config.url}/models", headers={"authorization": ""})
        return answer.is_success

    async def _probe(self) -> None:
        """Has the model say a word: the one question that no server can leave open."""
        if not self._generate:
            return
        config = self._config
        url, headers = f"{config.url}/chat/completions", {}
        if config.provider == "azure_openai":
            headers = {"api-key": config.key}
            if config.api_version is not None:
                url = (
                    f"{config.url}/openai/deployments/{config.model}/chat/completions?api-version={config.api_version}"
                )
        limit = "max_completion_tokens" if config.is_openai else "max_tokens"
        body = {"model": config.model, "messages": [{"role": "user", "content": "Hi"}], limit: 16}
        self._refuse(await self._http.post(url, json=body, headers=headers))

    async def _list_of_azure(self) -> None:
        config = self._config
        path = f"/openai/models?api-version={config.api_version}" if config.api_version else "/models"
        self._refuse(await self._http.get(f"{config.url}{path}", headers={"api-key": config.key}))

    def _refuse(self, answer: httpx.Response, *, ignore: Sequence[int] = ()) -> None:
        status, config = answer.status_code, self._config
        if answer.is_success or status in ignore:
            return
        if status in (401, 403):
            problem = f"The model server at {config.url} refuses the key ({status})."
            if config.api_key is None:
                problem = f"The model server at {config.url} wants a key, and none is set ({status})."
            raise _Finding(ModelCredential, problem, _KEY_ADVICE)
        said = _said(answer)
        if status == 404 or "model_not_found" in said:
            raise _Finding(ModelUnknown, *self._unknown())
        if status == 429:
            problem = f"The model server at {config.url} is over its limit (429): {said}"
            raise _Finding(ModelOverloaded, problem, "Wait, or look at the account's quota and credit.")
        if status == 503 and "loading" in said.lower():
            problem = f"The model server at {config.url} is still loading the model."
            raise _Finding(ModelUnavailable, problem, "Wait for it to be ready.")
        if status >= 500:
            problem = f"The model server at {config.url} is not well ({status}): {said}"
            raise _Finding(ModelUnavailable, problem, "Look at its log.")
        problem = f"The model server at {config.url} refuses the request ({status}): {said}"
        raise _Finding(ModelRejected, problem, "Check MEMOCHA_LLM and MEMOCHA_LLM_BASE_URL.")

    def _unknown(self) -> tuple[str, str]:
        config = self._config
        problem = f"The model server at {config.url} has no model {config.model!r}."
        if config.provider == "azure_openai":
            return problem, "MEMOCHA_LLM must name the deployment: azure_openai:DEPLOYMENT."
        if config.provider == "ollama":
            return problem, f"Fetch it with: ollama pull {config.model}. {self._there()}"
        if not self._listed and not config.url.endswith("/v1"):
            return problem, "Should MEMOCHA_LLM_BASE_URL end in /v1?"
        return problem, f"Set MEMOCHA_LLM to one that it has. {self._there()}"

    def _there(self) -> str:
        near = difflib.get_close_matches(self._config.model, self._listed, n=_NAMES_SHOWN, cutoff=0.4)
        shown = near or self._listed[:_NAMES_SHOWN]
        if not shown:
            return "It lists none."
        more = len(self._listed) - len(shown)
        return f"It has: {', '.join(shown)}{f' and {more} more' if more else ''}."


_KEY_ADVICE: Final = "Set MEMOCHA_LLM_API_KEY (or OPENAI_API_KEY, AZURE_OPENAI_API_KEY) to a valid one."


def _entries(answer: httpx.Response) -> list[dict[str, Any]]:
    try:
        body = answer.json()
    except ValueError:
        body = None
    entries = body.get("data") if isinstance(body, dict) else None
    if not isinstance(entries, list):
        raise _Finding(
            ModelUnavailable,
            f"What answers at {answer.url} is not a model server.",
            "Correct MEMOCHA_LLM_BASE_URL; it usually ends in /v1.",
        )
    return [entry for entry in entries if isinstance(entry, dict) and "id" in entry]


def _said(answer: httpx.Response) -> str:
    try:
        body = answer.json()
    except ValueError:
        return answer.reason_phrase
    error = body.get("error", body) if isinstance(body, dict) else body
    words = f"{error.get('message', '')} {error.get('code', '')}" if isinstance(error, dict) else str(error)
    return " ".join(words.split())[:200]


def _reason(failure: httpx.HTTPError) -> str:
    """The bottom of the chain says it best: a refused connection, an unknown host, a bad certificate."""
    cause: BaseException = failure
    while cause.__cause__ is not None or cause.__context__ is not None:
        cause = cause.__cause__ or cause.__context__ or cause
    return str(cause) or str(failure) or type(failure).__name__
