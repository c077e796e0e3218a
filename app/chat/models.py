"""The chat models that a deployment offers."""

import asyncio
from dataclasses import dataclass

import httpx

from app.errors import InvalidRequest
from app.settings import Settings
from graphs.errors import Permanent
from graphs.models.chat import ChatModel, Model
from graphs.models.check import check
from graphs.models.config import ModelConfig, Parameters
from graphs.models.context import http_client
from graphs.models.fallback import FallbackModel
from graphs.models.guarded import GuardedModel
from graphs.models.tokens import ModelTokenCounter


@dataclass(frozen=True, slots=True)
class Choice:
    """One model that may be chosen, with the others behind it as fallbacks."""

    config: ModelConfig
    model: Model
    tokens: ModelTokenCounter

    def merge(self, asked: Parameters) -> Parameters:
        """What was asked for over the deployment's defaults."""
        return self.config.merge(asked)


class Models:
    """Made once a process, each behind a breaker of its own. The first is the default."""

    def __init__(self, configs: list[ModelConfig]) -> None:
        self._chat_models = [ChatModel(config) for config in configs]
        guarded = [GuardedModel(model) for model in self._chat_models]
        self.breakers = {model.name: model.breaker for model in guarded}
        """By the model's name."""
        self._choices = {
            config.name: Choice(
                config,
                FallbackModel([model, *(other for other in guarded if other is not model)]),
                ModelTokenCounter(config),
            )
            for config, model in zip(configs, guarded, strict=True)
        }
        self._looking: dict[str, httpx.AsyncClient] = {}
        self.default = configs[0].name

    @property
    def choices(self) -> list[Choice]:
        return list(self._choices.values())

    def choose(self, name: str | None) -> Choice:
        """The model of that name, or the default. Raises `InvalidRequest`."""
        choice = self._choices.get(name or self.default)
        if choice is None:
            raise InvalidRequest("model is none of those that GET /api/models lists")
        return choice

    async def connect(self) -> None:
        """Ask every model's server for its context size; one that is away is asked again by its first answer."""
        for model in self._chat_models:
            await model.connect()

    async def answers(self, name: str, *, within: float) -> bool:
        """Whether the server of the model of that name answers, if only to refuse; `within`: seconds."""
        config = self.choose(name).config
        if name not in self._looking:
            self._looking[name] = await asyncio.to_thread(http_client, config, timeout=within)
        report = await check(config, deadline=within, generate=False, http=self._looking[name])
        return report.error is None or issubclass(report.error, Permanent)

    async def close(self) -> None:
        """Let go of connections."""
        for client in self._looking.values():
            await client.aclose()
        for model in self._chat_models:
            await model.close()
        for choice in self._choices.values():
            await choice.tokens.close()


def configs(settings: Settings) -> list[ModelConfig]:
    """The first choice and its fallbacks, as the settings name them."""
    assert settings.llm is not None
    return [
        ModelConfig(
            name=name,
            base_url=settings.llm_base_url,
            api_key=settings.openai_key,
            api_version=settings.llm_api_version,
            context=settings.llm_context,
            temperature=settings.temperature,
            top_p=settings.top_p,
            max_tokens=settings.max_tokens,
            timeout=settings.llm_timeout,
            attempts=settings.llm_attempts,
        )
        for name in dict.fromkeys([settings.llm, *settings.llm_fallbacks])
    ]
