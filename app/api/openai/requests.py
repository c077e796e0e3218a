"""What is taken at /v1. Clients send many fields that change nothing here; what would change the answer and cannot be
done is refused, never left out in silence."""

from typing import Annotated, Any, Literal, Self
from uuid import UUID

from fastapi.exceptions import RequestValidationError
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    ValidationError,
    field_validator,
    model_validator,
)

from app.chat.request import ChatRequest
from app.chat.retold import Retold
from app.db.histories import Said
from app.schemas import Text

MODEL = "memocha"
READS_ONLY = "memocha-readonly"
"""The model that recalls and keeps nothing: for what a program asks by itself, such as titles and tags."""


class Lenient(BaseModel):
    """A body, or part of one, whose unknown fields are ignored."""

    model_config = ConfigDict(extra="ignore")


class Part(Lenient):
    """A part of a message. Only text is taken."""

    type: Literal["text", "input_text", "output_text", "refusal"]
    text: Text = ""


def as_parts(content: Any) -> Any:
    """Words alone are one part: with a choice of forms, an error would name them all and help with none."""
    if isinstance(content, str):
        return [{"type": "text", "text": content}]
    return [] if content is None else content


def as_list(stop: Any) -> Any:
    """One stop alone, as the only one of a list; for the same reason."""
    return [stop] if isinstance(stop, str) else stop


Stops = Annotated[list[Text], BeforeValidator(as_list, json_schema_input_type=str | list[str])]


class SaidMessage(Lenient):
    """A message, as the client keeps it."""

    role: Literal["system", "developer", "user", "assistant"]
    content: Annotated[list[Part], BeforeValidator(as_parts)] = Field(default_factory=list)
    """Empty: an assistant's that said nothing."""

    @property
    def text(self) -> str:
        """Its words."""
        return "\n".join(part.text for part in self.content if part.text)


class StreamOptions(Lenient):
    """What a stream brings beside the words."""

    include_usage: StrictBool | None = None


class TextFormat(Lenient):
    """The form of the answer: words."""

    type: Literal["text"]


class CompletionRequest(Lenient):
    """A chat completion. The last message, the user's, is the turn; what was said before finds the session."""

    model: Annotated[str, Field(min_length=1, max_length=300)] = MODEL
    messages: Annotated[list[SaidMessage], Field(min_length=1, max_length=10_000)]
    stream: StrictBool | None = False
    stream_options: StreamOptions | None = None
    n: Literal[1] | None = None
    max_tokens: int | None = Field(None, ge=1, le=65_536)
    max_completion_tokens: int | None = Field(None, ge=1, le=65_536)
    temperature: float | None = Field(None, ge=0.0, le=2.0)
    top_p: float | None = Field(None, ge=0.0, le=1.0)
    stop: Stops | None = None
    seed: int | None = None
    presence_penalty: float | None = Field(None, ge=-2.0, le=2.0)
    frequency_penalty: float | None = Field(None, ge=-2.0, le=2.0)
    response_format: TextFormat | None = None
    logprobs: Literal[False] | None = None
    tools: Annotated[list[Any], Field(max_length=0)] | None = None
    functions: Annotated[list[Any], Field(max_length=0)] | None = None

    @field_validator("messages")
    @classmethod
    def _ends_with_the_user(cls, messages: list[SaidMessage]) -> list[SaidMessage]:
        if messages[-1].role != "user" or not messages[-1].text.strip():
            raise ValueError("the last message must be the user's, and hold words")
        return messages

    @model_validator(mode="after")
    def _one_length(self) -> Self:
        if self.max_tokens and self.max_completion_tokens and self.max_tokens != self.max_completion_tokens:
            raise ValueError("max_tokens and max_completion_tokens are the same thing; give one")
        return self

    @property
    def reads_only(self) -> bool:
        """Whether nothing is to be kept."""
        return self.model.partition("/")[0] == READS_ONLY

    def turn(self, session_id: UUID | None) -> ChatRequest:
        """The new message as a turn. Raises `RequestValidationError`."""
        family, _, model = self.model.partition("/")
        assert family in (MODEL, READS_ONLY)
        try:
            return ChatRequest(
                session_id=session_id,
                message=self.messages[-1].text,
                model=model or None,
                temporary=self.reads_only,
                temperature=self.temperature,
                top_p=self.top_p or None,
                max_tokens=self.max_completion_tokens or self.max_tokens,
                stop=tuple(self.stop) if self.stop else None,
                seed=None if self.seed is None else self.seed % 2**31,
                presence_penalty=self.presence_penalty,
                frequency_penalty=self.frequency_penalty,
            )
        except ValidationError as error:
            found = error.errors(include_url=False)
            raise RequestValidationError([{**each, "loc": ("body", *each["loc"])} for each in found]) from None

    def retold(self) -> Retold:
        """What was said before, and what the client's program asks."""
        asked = [message.text for message in self.messages if message.role in ("system", "developer")]
        said = [
            Said("user" if message.role == "user" else "assistant", message.text)
            for message in self.messages[:-1]
            if message.role in ("user", "assistant") and message.text.strip()
        ]
        return Retold(said, "\n\n".join(words for words in asked if words.strip()), self.reads_only)
