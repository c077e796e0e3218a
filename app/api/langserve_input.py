"""What LangServe's routes take, and in words what they do not."""

import re
from collections.abc import Iterable, Sequence
from typing import Any, Final

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage
from pydantic import BaseModel, Field, ValidationError

from app.chat.request import ChatRequest
from app.chat.retold import Retold
from app.db.histories import Said
from app.errors import InvalidRequest
from app.schemas import storable
from graphs.prompting import text_of

FORM: Final = 'the body must be JSON of the form {"input": {"messages": [{"type": "human", "content": "Hello."}]}}'
FORM_OF_MANY: Final = FORM.replace('{"input": ', '{"inputs": [').replace("]}}", "]}]}")
TYPES: Final = ("human", "ai", "system")
TAKEN: Final = "messages of type human, ai and system are taken, with text"
AT_ONCE: Final = 100
"""Inputs of a batch: each is a turn, and all begin at once."""
NAME: Final = re.compile(r"[A-Za-z_]{1,30}", re.ASCII)
"""What may be told back of what was sent: the name of a type, and no words."""


class ChatInput(BaseModel):
    """The conversation so far. Its last message, the user's, is the turn; what came before finds the session if none is
    named."""

    messages: list[HumanMessage | AIMessage | SystemMessage] = Field(
        min_length=1, json_schema_extra={"widget": {"type": "chat", "input": "messages"}}
    )


def read_inputs(body: Any, *, several: bool) -> list[ChatInput]:
    """The inputs of a request's body. Raises `InvalidRequest`, whose words hold nothing of what was sent but the names
    of types."""
    form = FORM_OF_MANY if several else FORM
    try:
        given = body["inputs"] if several else [body["input"]]
        if len(given) > AT_ONCE:
            raise InvalidRequest(f"inputs are {AT_ONCE} at the most")
        for each in given:
            for number, message in enumerate(each["messages"]):
                _look_at(message, f"messages[{number}]")
        inputs = [ChatInput.model_validate(each) for each in given]
        said = [text_of(message) for each in inputs for message in each.messages]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise InvalidRequest(form) from None
    try:
        for words in said:
            storable(words)
    except ValueError as error:
        raise InvalidRequest(f"what is said {error}") from None
    return inputs


def turn_of(messages: Sequence[BaseMessage], session_id: str | None) -> ChatRequest:
    """The last message as a turn. Raises `InvalidRequest`."""
    last = messages[-1]
    if not isinstance(last, HumanMessage):
        raise InvalidRequest("the last of messages must be the user's, of type human")
    try:
        return ChatRequest(session_id=session_id or None, message=text_of(last))
    except ValidationError as error:
        wrong = {(each["loc"][:1], each["type"]) for each in error.errors(include_url=False, include_input=False)}
    if any(field == ("session_id",) for field, _ in wrong):
        raise InvalidRequest("session_id must be the UUID of a session")
    too_long = (("message",), "string_too_long") in wrong
    raise InvalidRequest(f"the last message {'is too long' if too_long else 'holds no words'}")


def retold(earlier: Sequence[BaseMessage]) -> Retold:
    """What was said before, and what the client's program asks."""
    said = [
        Said("user" if isinstance(message, HumanMessage) else "assistant", text_of(message))
        for message in earlier
        if not isinstance(message, SystemMessage) and text_of(message).strip()
    ]
    asked = [text_of(message) for message in earlier if isinstance(message, SystemMessage)]
    return Retold(said, "\n\n".join(words for words in asked if words.strip()))


def _look_at(message: Any, name: str) -> None:
    """Raise `InvalidRequest` for a message of a kind that is not taken. Of what is none, its form is told later."""
    kind = message.get("type")
    if kind is None and message.get("role", "user") not in ("user", "human"):
        raise InvalidRequest(f"{name} has a role and no type; {TAKEN}")
    if kind is not None and kind not in TYPES:
        raise InvalidRequest(f"{name} is of type {_name(kind)}; {TAKEN}")
    content = message.get("content")
    if not isinstance(content, str | list):
        raise InvalidRequest(f"{name}.content must be a string, or a list of parts of type text")
    if kind != "ai" and isinstance(content, list):
        _look_at_parts(content, name)


def _look_at_parts(content: Iterable[Any], name: str) -> None:
    """What a model said may have parts beside its words, such as its thoughts; what a person says is not left out."""
    for number, part in enumerate(content):
        kind = "text" if isinstance(part, str) else part.get("type")
        if kind != "text":
            raise InvalidRequest(f"{name}.content[{number}] is of type {_name(kind)}; text alone is taken")


def _name(kind: Any) -> str:
    return kind if isinstance(kind, str) and NAME.fullmatch(kind) else "none that is known"
