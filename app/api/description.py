"""The page at `/docs`: what the service says of itself, as Swagger UI shows it.

Its files come with the web client's build. FastAPI's own page has them come from another host: it would show nothing
without a network, and that host's script would run where people are signed in.
"""

from typing import Final

from fastapi import FastAPI, Request
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import HTMLResponse, Response

from app.api.web import PAGE_HEADERS, WebClient, not_built, policy

PATH: Final = "/docs"
SCRIPT: Final = "_docs/swagger-ui-bundle.js"
STYLE: Final = "_docs/swagger-ui.css"
"""Where the build has them (`frontend/scripts/description.mjs`)."""


def add_page(app: FastAPI, client: WebClient) -> None:
    """Serve it. Where nothing is built, it says how to, as the web client does."""

    @app.get(PATH, include_in_schema=False)
    async def description(request: Request) -> Response:
        if SCRIPT not in client.files:
            return not_built()
        root = request.scope.get("root_path", "")
        page = bytes(
            get_swagger_ui_html(
                openapi_url=f"{root}{app.openapi_url}",
                title=app.title,
                swagger_js_url=f"{root}/{SCRIPT}",
                swagger_css_url=f"{root}/{STYLE}",
                swagger_favicon_url=f"{root}/icon.svg",
                # Another host, which would be asked whether the description is well-formed.
                swagger_ui_parameters={"validatorUrl": None},
            ).body
        ).decode()
        return HTMLResponse(page, headers=PAGE_HEADERS | {"content-security-policy": policy(page, any_style=True)})
