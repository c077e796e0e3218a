"""A chat model behind its breaker: one that failed several times in a row refuses at once, so that the next one of a
fallback, or a clear error, costs no wait."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing

from langchain_core.messages import AIMessageChunk, BaseMessage

from graphs.errors import ModelResting
from graphs.models.chat import Model
from graphs.models.config import Parameters
from graphs.policies import verdicts
from graphs.policies.breaker import Breaker


def model_breaker(model: str) -> Breaker:
    """For the model of that name."""
    return Breaker(f"model:{model}", judge=verdicts.of_model, refusal=lambda again_in: ModelResting(model, again_in))


class GuardedModel:
    """`Model`"""

    def __init__(self, model: Model) -> None:
        self.breaker = model_breaker(model.name)
        self._model = model

    @property
    def name(self) -> str:
        return self._model.name

    @property
    def context(self) -> int:
        return self._model.context

    async def stream(
        self, messages: Sequence[BaseMessage], parameters: Parameters | None = None
    ) -> AsyncGenerator[AIMessageChunk, None]:
        """As `ChatModel.stream`. Raises `ModelResting` too, without asking. The first piece of a trial closes the
        breaker; an answer that breaks off later counts as any other that failed."""
        with self.breaker.calling() as call:
            async with aclosing(self._model.stream(messages, parameters)) as chunks:
                async for chunk in chunks:
                    call.answered()
                    yield chunk
