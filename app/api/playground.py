"""The content policy of LangServe's playground, which brings none of its own."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.langserve import PATH
from app.api.web import PAGE_HEADERS, policy


class PlaygroundPolicy:
    """Has the playground's page run its own scripts alone and reach this service alone, as the web client's."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        if scope["type"] != "http" or not (path.startswith(f"{PATH}/") and path.endswith("/playground/")):
            await self._app(scope, receive, send)
            return
        held: Message | None = None

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
                    page = message.get("body", b"").decode()
                    headers.update(PAGE_HEADERS | {"content-security-policy": policy(page, any_style=True)})
                await send(start)
            await send(message)

        await self._app(scope, receive, send_with_policy)
