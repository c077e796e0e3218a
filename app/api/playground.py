"""LangServe's playground: the content policy that it brings none of, and a place for the key that it has none of."""

from pathlib import Path
from typing import Final

from fastapi import FastAPI
from starlette.datastructures import MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.langserve import PATH
from app.api.web import CHECKED, PAGE_HEADERS, TYPES, policy

SCRIPT: Final = f"{PATH}/playground-key.js"
FILE: Final = Path(__file__).with_name("playground.js")


def add_script(app: FastAPI) -> None:
    """Serve the script that asks for a key. It is for everybody, as the page is."""
    script = FILE.read_bytes()

    @app.get(SCRIPT, include_in_schema=False)
    async def playground_key() -> Response:
        return Response(script, media_type=TYPES[".js"], headers={"cache-control": CHECKED})


class PlaygroundPage:
    """Has the playground's page run its own scripts and ours alone, and reach this service alone, as the web client's.
    Ours comes first, so that whatever the page asks for goes through it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        if scope["type"] != "http" or not (path.startswith(f"{PATH}/") and path.endswith("/playground/")):
            await self._app(scope, receive, send)
            return
        held: Message | None = None
        script = f'<script src="{scope.get("root_path", "")}{SCRIPT}"></script>'

        async def send_with_policy(message: Message) -> None:
            # The policy names the scripts that stand in the page, so the headers wait for it.
            nonlocal held
            if message["type"] == "http.response.start":
                held = message
                return
            if held is not None:
                start, held = held, None
                headers = MutableHeaders(scope=start)
                if headers.get("content-type", "").startswith("text/html"):
                    page = message.get("body", b"").decode().replace("<head>", f"<head>{script}", 1)
                    message = {**message, "body": page.encode()}
                    headers["content-length"] = str(len(message["body"]))
                    headers.update(PAGE_HEADERS | {"content-security-policy": policy(page, any_style=True)})
                await send(start)
            await send(message)

        await self._app(scope, receive, send_with_policy)
