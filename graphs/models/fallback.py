"""Several models behind one face: the next answers where one cannot begin."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing

import structlog
from langchain_core.messages import AIMessageChunk, BaseMessage

from graphs.errors import MemochaError, ModelCredential, ModelUnknown, Retryable
from graphs.models.chat import Model
from graphs.models.config import Parameters
from graphs.policies.metrics import PASSED_OVER

log = structlog.get_logger(__name__)


class FallbackModel:
    """Tries its models in turn. Each may be a wrapper, such as a breaker that refuses without asking."""

    def __init__(self, models: Sequence[Model]) -> None:
        if not models:
            raise ValueError("a fallback needs at least one model")
        self._models = tuple(models)
        self._passed_over: set[str] = set()

    @property
    def name(self) -> str:
        """The first choice's."""
        return self._models[0].name

    @property
    def context(self) -> int:
        """The smallest, tokens: a prompt is laid out before it is known who answers."""
        return min(model.context for model in self._models)

    async def stream(
        self, messages: Sequence[BaseMessage], parameters: Parameters | None = None
    ) -> AsyncGenerator[AIMessageChunk, None]:
        """As `ChatModel.stream`. What fails before its first piece (away, busy, refusing the key, without
        the model) gives way to the next; after the last one, the last error is raised."""
        for model in self._models:
            begun = False
            try:
                async with aclosing(model.stream(messages, parameters)) as chunks:
                    async for chunk in chunks:
                        begun = True
                        yield chunk
            except (Retryable, ModelCredential, ModelUnknown) as error:
                if begun or model is self._models[-1]:
                    raise
                self._pass_over(model, error)
            else:
                if model.name in self._passed_over:
                    self._passed_over.discard(model.name)
                    log.info("model_asked_again", model=model.name)
                return

    def _pass_over(self, model: Model, error: MemochaError) -> None:
        """Each is counted; that it begins is logged."""
        PASSED_OVER.labels(model.name, error.code).inc()
        if model.name not in self._passed_over:
            self._passed_over.add(model.name)
            log.warning("model_passed_over", model=model.name, code=error.code, error=str(error))
