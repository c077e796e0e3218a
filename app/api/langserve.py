"""LangServe at /chat: the same turns, for LangChain's clients and its playground."""

import re
from collections.abc import AsyncIterator, Sequence
from typing import Any
from uuid import UUID

from fastapi import Depends, FastAPI, Request
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage
from langchain_core.runnables import ConfigurableFieldSpec, RunnableConfig, RunnableGenerator
from langserve import add_routes
from langserve.serialization import WellKnownLCSerializer
from pydantic import BaseModel, Field, ValidationError
from starlette.requests import ClientDisconnect

from app.chat.events import ErrorEvent, RunEvent, TokenEvent
from app.chat.request import ChatRequest
from app.chat.retold import Retold
from app.db.histories import Said
from app.db.runs import Runs as RunRows
from app.db.sessions import Sessions
from app.errors import InvalidRequest, NotFound, RunActive, RunFailed
from app.parts import Parts
from app.schemas import storable
from app.security.identity import identify
from graphs.prompting import text_of

PATH = "/chat"
PLAYGROUND_FILE = re.compile(r"(?!.*\.\.)([\w./-]{1,200}\.\w{1,10})?", re.ASCII)
"""Names that a file of it may have; LangServe asks the file system for any, and takes a folder for a fault."""
SERIALIZER = WellKnownLCSerializer()
"""LangServe's own."""
USER = "memocha_user_id"
"""Where the user goes in a run's configuration. Set from the credential, over whatever a client sent."""


class ChatInput(BaseModel):
    """The conversation so far. Its last message, the user's, is the turn; what came before finds the session if none is
    named."""

    messages: list[HumanMessage | AIMessage | SystemMessage] = Field(
        min_length=1, json_schema_extra={"widget": {"type": "chat", "input": "messages"}}
    )


class ChatDoor(RunnableGenerator[Any, str]):
    """A turn as a runnable, which lets a client choose the session: `{"configurable": {"session_id": ...}}`."""

    @property
    def config_specs(self) -> list[ConfigurableFieldSpec]:
        return [
            ConfigurableFieldSpec(
                id="session_id",
                annotation=str | None,
                name="Session",
                description="The id of a session to go on with; none: found by the messages, else a new one.",
                default=None,
            )
        ]


def mount(app: FastAPI) -> None:
    """Add LangServe's routes. The runnable finds the service's parts when it runs, since the lifespan makes them."""

    async def answer(inputs: AsyncIterator[Any], config: RunnableConfig) -> AsyncIterator[str]:
        async for given in inputs:
            parts: Parts = app.state.parts
            configurable = config.get("configurable", {})
            user_id: UUID = configurable[USER]
            # Of the input type already, and not to be read again: an `AIMessage` takes no other message for its words.
            messages: list[BaseMessage] = given["messages"]
            request = _request(messages, configurable.get("session_id"))
            run = await parts.runs.start(user_id, request, _retold(messages[:-1]))
            begun = False
            async for event in run.log.events_as_they_come():
                if isinstance(event, TokenEvent):
                    yield event.text
                elif isinstance(event, ErrorEvent):
                    raise RunFailed(event.code, event.title)
                elif isinstance(event, RunEvent):
                    if begun:
                        raise RunFailed("answer_started_over", "The answer starts over. Ask again.")
                    begun = True
                    # As chat models begin theirs: it tells that the turn is taken, long before there is a word.
                    yield ""

    def with_user(config: dict[str, Any], request: Request) -> dict[str, Any]:
        parts: Parts = request.app.state.parts
        user_id = identify(parts.settings.api_key, request.headers.get("authorization"))
        return {**config, "configurable": {**config.get("configurable", {}), USER: user_id}}

    door = ChatDoor(answer).with_types(input_type=ChatInput, output_type=str)  # type: ignore[arg-type]
    add_routes(
        app,
        door,
        path=PATH,
        per_req_config_modifier=with_user,
        dependencies=[Depends(_check)],
        playground_type="chat",
        # For LangSmith, which is not asked here.
        disabled_endpoints=["token_feedback"],  # type: ignore[list-item]
    )


async def _check(request: Request) -> None:
    """Refuse bad input before LangServe looks at it, which it does when the answer's stream has begun.

    Raises `InvalidRequest`, whose words hold nothing of what was sent, `SessionNotFound`, and `RunActive`; of a file of
    the playground that cannot be there `NotFound`.
    """
    if request.method != "POST":
        if not PLAYGROUND_FILE.fullmatch(request.path_params.get("file_path", "")):
            raise NotFound("no file of the playground's")
        return
    try:
        body = await request.json()
        # Its events tell what was sent again, and end in the middle where that cannot be written.
        SERIALIZER.dumps(body)
        several = request.url.path.endswith("/batch")
        inputs = [ChatInput.model_validate(each) for each in (body["inputs"] if several else [body["input"]])]
        for message in (message for each in inputs for message in each.messages):
            storable(text_of(message))
        config = body.get("config", {})
        configs = config if several and isinstance(config, list) else [config]
        chosen = {(each.get("configurable") or {}).get("session_id") for each in configs}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise InvalidRequest('the body must be JSON of the form {"input": {"messages": [...]}}') from None
    except ClientDisconnect:
        raise InvalidRequest("the connection was closed before the end of the body") from None
    parts: Parts = request.app.state.parts
    user_id = identify(parts.settings.api_key, request.headers.get("authorization"))
    turns = [(_request(each.messages, id_), _retold(each.messages[:-1])) for each in inputs for id_ in chosen or {None}]
    for turn, retold in turns:
        parts.runs.check(turn, retold)
    for session_id in {turn.session_id for turn, _ in turns if turn.session_id is not None}:
        async with parts.database.transaction() as tx:
            await Sessions(tx).get(user_id, session_id)
            if (live := await RunRows(tx).live_for(user_id, session_id)) is not None:
                raise RunActive(live.id)


def _request(messages: Sequence[BaseMessage], session_id: str | None) -> ChatRequest:
    last = messages[-1]
    if not isinstance(last, HumanMessage):
        raise InvalidRequest("the last of messages must be the user's")
    try:
        return ChatRequest(session_id=session_id or None, message=text_of(last))
    except ValidationError:
        raise InvalidRequest("the message is empty or too long, or session_id is no UUID") from None


def _retold(earlier: Sequence[BaseMessage]) -> Retold:
    said = [
        Said("user" if isinstance(message, HumanMessage) else "assistant", text_of(message))
        for message in earlier
        if not isinstance(message, SystemMessage) and text_of(message).strip()
    ]
    asked = [text_of(message) for message in earlier if isinstance(message, SystemMessage)]
    return Retold(said, "\n\n".join(words for words in asked if words.strip()))
