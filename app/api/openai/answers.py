"""What is answered at /v1, in OpenAI's forms. `memocha` is ours: the session, and all memories that were given."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel

from app.api.openai.errors import error_body
from app.chat.events import DoneEvent, ErrorEvent, MemoriesEvent, RunEvent, TokenEvent, UsageEvent
from app.chat.live import LiveRun
from app.schemas import RecalledMemory
from graphs.errors import unkept

FINISH: dict[str, str] = {"stop": "stop", "length": "length", "stopped": "stop"}
END = b"data: [DONE]\n\n"
STREAM: dict[str, Any] = {
    "type": "object",
    "properties": {
        "data": {
            "anyOf": [
                {"const": "[DONE]"},
                {
                    "type": "string",
                    "contentMediaType": "application/json",
                    "contentSchema": {"anyOf": [{"required": ["id", "object", "choices"]}, {"required": ["error"]}]},
                },
            ]
        }
    },
    "required": ["data"],
}
"""One event of a stream: a chunk, an error, or the end."""


class Memocha(BaseModel):
    """What is beyond OpenAI's form."""

    session_id: UUID | None
    """To go on with, as `X-Memocha-Session`; null where nothing is kept."""
    message_id: UUID | None
    memories: list[RecalledMemory]
    degraded: bool


class CachedTokens(BaseModel):
    """Of the prompt."""

    cached_tokens: int


class TokenUsage(BaseModel):
    """What the answer took; 0 for what the model's server did not say."""

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int
    prompt_tokens_details: CachedTokens

    @classmethod
    def of(cls, usage: UsageEvent | None) -> "TokenUsage":
        """The run's usage in this form."""
        prompt = (usage.prompt_tokens if usage else None) or 0
        completion = (usage.completion_tokens if usage else None) or 0
        return cls(
            prompt_tokens=prompt,
            completion_tokens=completion,
            total_tokens=prompt + completion,
            prompt_tokens_details=CachedTokens(cached_tokens=(usage.cached_tokens if usage else None) or 0),
        )


class AnswerMessage(BaseModel):
    """The answer."""

    role: Literal["assistant"] = "assistant"
    content: str


class Choice(BaseModel):
    """The one answer that there is."""

    index: Literal[0] = 0
    message: AnswerMessage
    finish_reason: str


class Completion(BaseModel):
    """A whole answer."""

    id: str
    object: Literal["chat.completion"] = "chat.completion"
    created: int
    model: str
    choices: list[Choice]
    usage: TokenUsage
    memocha: Memocha


@dataclass(frozen=True, slots=True)
class Chunks:
    """A run as a stream of chunks, encoded as server-sent events."""

    run: LiveRun
    model: str
    created: int
    with_usage: bool
    keeps: bool
    """Whether the session is the client's to go on with."""

    async def follow(self) -> AsyncIterator[bytes]:
        """The chunks, until the answer ends. One that fails, or starts over, ends with an error: clients of this form
        have no way to take words back."""
        begun = False
        head = json.dumps(self._chunk({"content": ""}))
        before, after = (part.encode() for part in head.split('"content": ""'))
        async for event in self.run.log.events_as_they_come():
            match event:
                case TokenEvent():
                    yield b'data: %b"content": %b%b\n\n' % (before, json.dumps(event.text).encode(), after)
                case RunEvent() if begun:
                    yield _failure("answer_started_over", "The answer starts over. Ask again.")
                    return
                case RunEvent():
                    begun = True
                    yield _encode(self._chunk({"role": "assistant", "content": ""}))
                case MemoriesEvent():
                    yield _encode(self._chunk({}) | {"memocha": self._ours(event)})
                case UsageEvent():
                    usage = event
                case DoneEvent():
                    yield _encode(self._chunk({}, FINISH[event.finish_reason]))
                    if self.with_usage:
                        yield _encode(self._chunk(None) | {"usage": TokenUsage.of(usage).model_dump()})
                    yield END
                case ErrorEvent():
                    yield _failure(event.code, event.title if self.keeps else unkept(event.title))

    def _chunk(self, delta: dict[str, str] | None, finish_reason: str | None = None) -> dict[str, Any]:
        choices = [] if delta is None else [{"index": 0, "delta": delta, "finish_reason": finish_reason}]
        return {
            "id": id_of(self.run),
            "object": "chat.completion.chunk",
            "created": self.created,
            "model": self.model,
            "choices": choices,
        }

    def _ours(self, event: MemoriesEvent) -> dict[str, Any]:
        return ours(self.run, event, keeps=self.keeps).model_dump(mode="json")


def id_of(run: LiveRun) -> str:
    """A completion's id."""
    return f"chatcmpl-{run.answer_id.hex}"


def ours(run: LiveRun, given: MemoriesEvent | None, *, keeps: bool) -> Memocha:
    """What we add to an answer."""
    return Memocha(
        session_id=run.session_id if keeps else None,
        message_id=run.answer_id if keeps else None,
        memories=given.items if given else [],
        degraded=given.degraded if given else False,
    )


def _encode(chunk: dict[str, Any]) -> bytes:
    return f"data: {json.dumps(chunk)}\n\n".encode()


def _failure(code: str, title: str) -> bytes:
    return _encode(error_body(500, code, title))
