"""LangServe at /chat: the same turns, for LangChain's clients and its playground."""

import asyncio
import re
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

from fastapi import Depends, FastAPI, Request
from langchain_core.messages import BaseMessage
from langchain_core.runnables import ConfigurableFieldSpec, RunnableConfig, RunnableGenerator
from langserve import APIHandler, add_routes
from langserve.serialization import WellKnownLCSerializer
from starlette.requests import ClientDisconnect

from app.api.langserve_input import FORM, ChatInput, read_inputs, retold, turn_of
from app.api.langserve_streams import add_streams
from app.chat.events import ErrorEvent, RunEvent, TokenEvent
from app.db.runs import Runs as RunRows
from app.db.sessions import Sessions
from app.errors import InvalidRequest, NotFound, RunActive, RunFailed
from app.parts import Parts
from app.security.identity import Identity, admit

PATH = "/chat"
PLAYGROUND_FILE = re.compile(r"(?!.*\.\.)([\w./-]{1,200}\.\w{1,10})?", re.ASCII)
"""Names that a file of it may have; LangServe asks the file system for any, and takes a folder for a fault."""
SERIALIZER = WellKnownLCSerializer()
"""LangServe's own."""
USER = "memocha_user_id"
"""Where the user goes in a run's configuration. Set from the credential, over whatever a client sent."""


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
            request = turn_of(messages, configurable.get("session_id"))
            # Who leaves meanwhile leaves a turn that goes on, as at /api/chat, and breaks off no statement: that would
            # cost the connection it is made on.
            run = await asyncio.shield(parts.runs.start(user_id, request, retold(messages[:-1])))
            begun = False
            async for event in run.log.events_as_they_come():
                if isinstance(event, TokenEvent):
                    yield event.text
                elif isinstance(event, ErrorEvent):
                    raise RunFailed(event.code, event.title, event.retry_after)
                elif isinstance(event, RunEvent):
                    if begun:
                        raise RunFailed("answer_started_over", "The answer starts over. Ask again.")
                    begun = True
                    # As chat models begin theirs: it tells that the turn is taken, long before there is a word.
                    yield ""

    def with_user(config: dict[str, Any], request: Request) -> dict[str, Any]:
        asker: Identity = request.state.identity
        return {**config, "configurable": {**config.get("configurable", {}), USER: asker.user_id}}

    door = ChatDoor(answer).with_types(input_type=ChatInput, output_type=str)  # type: ignore[arg-type]
    checked = [Depends(_check)]
    add_streams(app, APIHandler(door, path=PATH, per_req_config_modifier=with_user), PATH, checked)
    add_routes(
        app,
        door,
        path=PATH,
        per_req_config_modifier=with_user,
        dependencies=checked,
        playground_type="chat",
        # For LangSmith, which is not asked here.
        disabled_endpoints=["token_feedback"],  # type: ignore[list-item]
    )


async def _check(request: Request) -> None:
    """Refuse bad input before LangServe looks at it, which it does when the answer's stream has begun.

    Raises what `admit` does; `InvalidRequest`, whose words hold nothing of what was said, `SessionNotFound`, and
    `RunActive`; of a file of the playground that cannot be there `NotFound`.
    """
    if request.method != "POST":
        if not PLAYGROUND_FILE.fullmatch(request.path_params.get("file_path", "")):
            raise NotFound("no file of the playground's")
        return
    parts: Parts = request.app.state.parts
    user_id = (await admit(request, "chat")).user_id
    try:
        body = await request.json()
        # Its events tell what was sent again, and end in the middle where that cannot be written.
        SERIALIZER.dumps(body)
    except (ValueError, TypeError, RecursionError):
        raise InvalidRequest(FORM) from None
    except ClientDisconnect:
        raise InvalidRequest("the connection was closed before the end of the body") from None
    several = request.url.path.endswith("/batch")
    inputs = read_inputs(body, several=several)
    chosen = _sessions(body.get("config", {}), several=several)
    turns = [(turn_of(each.messages, id_), retold(each.messages[:-1])) for each in inputs for id_ in chosen or {None}]
    for turn, before in turns:
        parts.runs.check(turn, before)
    await parts.rates.turn(user_id, len(inputs))
    for turn, before in turns:
        await parts.runs.foresee(user_id, turn, before)
    for session_id in {turn.session_id for turn, _ in turns if turn.session_id is not None}:
        async with parts.database.transaction() as tx:
            await Sessions(tx).get(user_id, session_id)
            if (live := await RunRows(tx).live_for(user_id, session_id)) is not None:
                raise RunActive(live.id)


def _sessions(config: Any, *, several: bool) -> set[Any]:
    """The sessions that a configuration chooses, or one of several. Raises `InvalidRequest`."""
    configs = config if several and isinstance(config, list) else [config]
    try:
        return {(each.get("configurable") or {}).get("session_id") for each in configs}
    except (TypeError, AttributeError):
        raise InvalidRequest('config must be of the form {"configurable": {"session_id": "..."}}') from None
