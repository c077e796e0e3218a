"""An OpenID Connect provider on loopback that does as it is told: it signs with RS256, and keeps to PKCE and codes that
are good for once unless a test has it do otherwise."""

import asyncio
import base64
import hashlib
import json
import socket
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode
from uuid import uuid4

import uvicorn
from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

CLIENT = "memocha"
SECRET = "the provider knows this"

Claims = dict[str, Any]


@dataclass
class Provider:
    """What it says. `change` is given the claims of an id token before they are signed."""

    issuer: str = ""
    person: Claims = field(default_factory=dict)
    change: Callable[[Claims], None] = lambda claims: None
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "first"}))
    signs_with: RSAKey | None = None
    algorithm: str = "RS256"
    calls_itself: str | None = None
    away: bool = False
    asked: list[dict[str, str]] = field(default_factory=list)
    """What came to the page where people sign in."""
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def sign_in_as(self, subject: str, email: str | None = None, *, verified: bool = True, **more: Any) -> None:
        """Whoever comes is this one."""
        about = {"email": email, "email_verified": verified} if email is not None else {}
        self.person = {"sub": subject, **about, **more}

    def reset(self) -> None:
        self.change, self.signs_with, self.calls_itself, self.away = (lambda claims: None), None, None, False
        self.algorithm = "RS256"

    def discovery(self, _: Request) -> Response:
        if self.away:
            return Response(status_code=503)
        return JSONResponse(
            {
                "issuer": self.calls_itself or self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/keys",
            }
        )

    def keys(self, _: Request) -> Response:
        return JSONResponse({"keys": [self.key.as_dict(private=False)]})

    def authorize(self, request: Request) -> Response:
        asked = dict(request.query_params)
        self.asked.append(asked)
        code = uuid4().hex
        self.codes[code] = asked
        answer = {"code": code, "state": asked["state"]}
        return RedirectResponse(f"{asked['redirect_uri']}?{urlencode(answer)}", 302)

    async def token(self, request: Request) -> Response:
        form = {name: values[0] for name, values in parse_qs((await request.body()).decode()).items()}
        basic = base64.b64encode(f"{CLIENT}:{urlencode({'': SECRET})[1:]}".encode()).decode()
        plain = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        if request.headers.get("authorization") not in (f"Basic {basic}", f"Basic {plain}"):
            return JSONResponse({"error": "invalid_client"}, 401)
        asked = self.codes.pop(form.get("code", ""), None)
        if asked is None or asked["redirect_uri"] != form.get("redirect_uri") or not _proves(form, asked):
            return JSONResponse({"error": "invalid_grant"}, 400)
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "iat": now,
            "exp": now + 300,
            "nonce": asked["nonce"],
            **self.person,
        }
        self.change(claims)
        return JSONResponse({"access_token": "opaque", "token_type": "Bearer", "id_token": self._signed(claims)})

    def _signed(self, claims: Claims) -> str:
        if self.algorithm == "none":
            parts = ({"alg": "none"}, claims)
            return (
                ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts)
                + "."
            )
        key = self.signs_with or self.key
        return jwt.encode({"alg": self.algorithm, "kid": key.kid}, claims, key)


def _proves(form: dict[str, str], asked: dict[str, str]) -> bool:
    made = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
    challenge = base64.urlsafe_b64encode(made).decode().rstrip("=")
    return asked.get("code_challenge_method") == "S256" and asked.get("code_challenge") == challenge


@asynccontextmanager
async def running_provider() -> AsyncIterator[Provider]:
    """One, for the time of the block."""
    provider = Provider()
    app = Starlette(
        routes=[
            Route("/.well-known/openid-configuration", provider.discovery),
            Route("/keys", provider.keys),
            Route("/authorize", provider.authorize),
            Route("/token", provider.token, methods=["POST"]),
        ]
    )
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        provider.issuer = f"http://127.0.0.1:{listener.getsockname()[1]}"
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="off"))
        serving = asyncio.create_task(server._serve(sockets=[listener]))  # without its hold on signals
        while not server.started:
            await asyncio.sleep(0.01)
        try:
            yield provider
        finally:
            server.should_exit = True
            await serving
