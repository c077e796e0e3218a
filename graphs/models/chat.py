"""A chat model as a turn uses it: one thin layer over LangChain's."""

import asyncio
import random
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextvars import ContextVar
from typing import Any, Final, Protocol, cast

import openai
import stamina
from langchain.chat_models import init_chat_model
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessageChunk, BaseMessage
from langchain_core.messages.ai import UsageMetadata
from pydantic import SecretStr

from graphs.errors import ModelOverloaded, ModelUnavailable, Retryable
from graphs.models.config import ModelConfig, Parameters
from graphs.models.context import ContextSize
from graphs.models.translate import translate

SAMPLING: Final = ("temperature", "top_p", "presence_penalty", "frequency_penalty")
AHEAD: Final = 0.001
"""Seconds that the first piece is given to reach whoever waits for it before the next is read: where several come in
one packet, nothing else in the process has its turn until all of them are through."""
# The HTTP response behind the stream that is being opened in this context. LangChain's generators do
# not close one another, so the stream closes the response itself.
_responses: ContextVar[list[Any] | None] = ContextVar("responses", default=None)


class Model(Protocol):
    """What a turn asks of a chat model, or of several behind one face."""

    @property
    def name(self) -> str:
        """As the settings name it: `provider:model`."""

    @property
    def context(self) -> int:
        """Prompt and answer together, tokens."""

    def stream(
        self, messages: Sequence[BaseMessage], parameters: Parameters | None = None
    ) -> AsyncGenerator[AIMessageChunk, None]:
        """The answer's pieces as they come; see `ChatModel.stream`."""


class ChatModel:
    """A model behind an OpenAI-compatible server."""

    def __init__(self, config: ModelConfig) -> None:
        self.config = config
        self._http = openai.DefaultAsyncHttpxClient(
            # Silence is watched token by token in `_Stream.next`; httpx watches the connection alone.
            timeout=openai.Timeout(None, connect=config.connect_timeout, pool=config.connect_timeout),
            trust_env=not config.is_local,
            event_hooks={"response": [_note_response]},
        )
        self._llm = _langchain_model(config, self._http)
        self._context = ContextSize(config)

    @property
    def name(self) -> str:
        """As the settings name it: `provider:model`."""
        return self.config.name

    @property
    def context(self) -> int:
        """Prompt and answer together, tokens: as set, told by the server, known by name, or a safe guess."""
        return self._context.tokens

    async def connect(self) -> None:
        """Asks the server for its context size; where it is away, the first answer asks again."""
        await self._context.learn()

    async def close(self) -> None:
        """Closes every connection."""
        await self._http.aclose()
        await self._context.close()

    async def stream(
        self, messages: Sequence[BaseMessage], parameters: Parameters | None = None
    ) -> AsyncGenerator[AIMessageChunk, None]:
        """Pieces of the answer as they come, and a last one without text that says how it ended.

        The last piece carries `usage_metadata` (None where the server tells none; the cached tokens are its
        `input_token_details.cache_read`) and `response_metadata`: `finish_reason`, `answered_by` (this
        model's `name`) and `model_name` (what the server says it was).

        Failures before the first piece are tried again, within the configured attempts and patience;
        after it, none. Closing or cancelling the iterator closes the HTTP response at once, and the
        server stops generating: iterate inside `contextlib.aclosing`. Raises `ModelUnavailable` (also for
        a stream that breaks off, after the pieces that came), `ModelOverloaded`, `ModelCredential`,
        `ModelUnknown`, `PromptTooLong`, `ModelRejected`.
        """
        opened, first = await self._open(list(messages), self._options(parameters))
        chunk: AIMessageChunk | None = first
        end = _End()
        try:
            await self._context.learn()
            while chunk is not None:
                if (text := end.take(chunk)) is not None:
                    yield text
                    if chunk is first:
                        await asyncio.sleep(AHEAD)
                chunk = await opened.next()
            yield end.chunk(self.name)
        finally:
            await opened.close()

    async def _open(self, messages: list[BaseMessage], options: dict[str, Any]) -> "tuple[_Stream, AIMessageChunk]":
        """The stream and its first piece that says something, after as many tries as are allowed."""
        config = self.config
        async for attempt in stamina.retry_context(
            on=_retry_until(asyncio.get_running_loop().time() + config.patience),
            attempts=config.attempts,
            timeout=config.patience,
            wait_initial=0.25,
            wait_max=5.0,
            wait_jitter=0.5,
        ):
            with attempt:
                stream = _Stream(self._llm, messages, options, config)
                try:
                    return stream, await stream.first()
                except BaseException:
                    await stream.close()
                    raise
        raise AssertionError("the last attempt returns or raises")

    def _options(self, parameters: Parameters | None) -> dict[str, Any]:
        options = self.config.merge(parameters).model_dump(exclude_none=True)
        if "stop" in options:
            options["stop"] = list(options["stop"])
        if self.config.fixed_sampling:
            for name in SAMPLING:
                options.pop(name, None)
        extra = dict(self.config.extra)
        if self.config.is_openai:
            options["max_completion_tokens"] = options.pop("max_tokens")
        else:
            # LangChain would rename it to max_completion_tokens, which Ollama and older servers ignore.
            extra["max_tokens"] = options.pop("max_tokens")
        if extra:
            options["extra_body"] = extra
        return options


class _Stream:
    """One try: the pieces, watched for silence, and the response behind them."""

    __slots__ = ("_config", "_responses", "_source")

    def __init__(
        self, llm: BaseChatModel, messages: list[BaseMessage], options: dict[str, Any], config: ModelConfig
    ) -> None:
        self._config = config
        self._responses: list[Any] = []
        self._source: AsyncIterator[AIMessageChunk] = llm.astream(messages, **options)

    async def first(self) -> AIMessageChunk:
        """The first piece with text or an end in it; a role or hidden reasoning before it shows nothing."""
        token = _responses.set(self._responses)
        try:
            while True:
                chunk = await self.next()
                if chunk is None:
                    raise ModelUnavailable(f"{self._config.name} ended its answer before it began")
                if chunk.content or chunk.tool_call_chunks or "finish_reason" in chunk.response_metadata:
                    return chunk
        finally:
            _responses.reset(token)

    async def next(self) -> AIMessageChunk | None:
        """The next piece, or None at the end. Raises the tree in `graphs.errors`."""
        try:
            async with asyncio.timeout(self._config.timeout):
                return await anext(self._source, None)
        except TimeoutError as error:
            raise ModelUnavailable(f"{self._config.name} was silent for {self._config.timeout:g} s") from error
        except openai.APIError as error:
            raise translate(error, self._config) from error
        except (ValueError, TypeError, LookupError, AttributeError) as error:
            if not self._responses:
                raise  # Nothing was answered yet: the fault is in what we asked.
            # LangChain and the client trust the stream's form: anything else in it ends in one of these.
            raise ModelUnavailable(f"{self._config.name} sent what is no chat completion stream") from error

    async def close(self) -> None:
        """Ends the response; the server sees the connection close and stops."""
        for response in self._responses:
            await response.aclose()
        if isinstance(self._source, AsyncGenerator):
            await self._source.aclose()


class _End:
    """What the end of a stream says, wherever the server puts it, kept for one last piece."""

    __slots__ = ("_finish", "_id", "_model", "_usage")

    def __init__(self) -> None:
        self._finish: str | None = None
        self._model: str | None = None
        self._usage: UsageMetadata | None = None
        self._id: str | None = None

    def take(self, chunk: AIMessageChunk) -> AIMessageChunk | None:
        """Notes what the piece says of the end; the piece itself where it has text."""
        finish = chunk.response_metadata.get("finish_reason")
        if finish is None and chunk.usage_metadata is None:
            return chunk if chunk.content or chunk.tool_call_chunks else None
        self._id = chunk.id
        self._finish = finish or self._finish
        self._model = chunk.response_metadata.get("model_name") or self._model
        # The last one counts: some servers send the sum so far with every piece.
        self._usage = chunk.usage_metadata or self._usage
        if not chunk.content and not chunk.tool_call_chunks:
            return None
        return chunk.model_copy(update={"usage_metadata": None, "response_metadata": {}})

    def chunk(self, name: str) -> AIMessageChunk:
        """The last piece. Raises `ModelUnavailable` where no end was said: the stream broke off."""
        if self._finish is None:
            raise ModelUnavailable(f"{name} broke off in the middle of its answer")
        metadata = {"finish_reason": self._finish, "answered_by": name}
        if self._model is not None:
            metadata["model_name"] = self._model
        return AIMessageChunk(
            content="",
            id=self._id,
            usage_metadata=self._usage,
            response_metadata=metadata,
            chunk_position="last",
        )


async def _note_response(response: Any) -> None:
    if (responses := _responses.get()) is not None:
        responses.append(response)


def _retry_until(deadline: float) -> Callable[[Exception], bool | float]:
    """Whether to try again, or after how many seconds: as the server asks, while there is time for it."""

    def decide(error: Exception) -> bool | float:
        wish = error.retry_after if isinstance(error, ModelOverloaded) else None
        if wish is None:
            return isinstance(error, Retryable)
        if asyncio.get_running_loop().time() + wish > deadline:
            return False
        return wish + random.uniform(0, 0.25 + wish / 10)  # noqa: S311 - spreads load, guards nothing

    return decide


def _langchain_model(config: ModelConfig, http: Any) -> BaseChatModel:
    """LangChain's model for the settings. Ollama is spoken to as an OpenAI-compatible server too."""
    common: dict[str, Any] = {
        "api_key": SecretStr(config.key),
        "max_retries": 0,  # The tries are counted here, in one place.
        "stream_usage": True,
        "stream_chunk_timeout": 0,  # It makes a task a token; `_Stream.next` sets a timer.
        "use_responses_api": False,
        "http_async_client": http,
    }
    if config.provider == "azure_openai" and config.api_version is not None:
        common |= {
            "model_provider": "azure_openai",
            "azure_endpoint": config.url,
            "api_version": config.api_version,
        }
    else:
        common |= {"model_provider": "openai", "base_url": config.url}
    return cast("BaseChatModel", init_chat_model(config.model, **common))
