"""OpenID Connect: the authorization code flow with PKCE, `state` and `nonce`, at a provider that is discovered."""

import asyncio
import json
import secrets
from collections.abc import Mapping
from hmac import compare_digest
from time import time
from typing import Any, Final

import httpx2
import structlog
from authlib.integrations.base_client import OAuthError
from authlib.integrations.httpx_client import AsyncOAuth2Client
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from pydantic import BaseModel, HttpUrl, ValidationError

from app.security.elsewhere import Pending, Person, Refused

log = structlog.get_logger(__name__)

ASKED: Final = "openid email"
ALGORITHMS: Final = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
"""With a public key alone: never `none`, and never one in which our own secret would sign."""
TIMEOUT: Final = 10.0
FRESH: Final = 3600.0
"""Seconds that what was discovered is kept."""
LEEWAY: Final = 60
"""Seconds that clocks may differ."""


class Discovered(BaseModel):
    """What a provider says of itself, as far as it is of use."""

    issuer: str
    authorization_endpoint: HttpUrl
    token_endpoint: HttpUrl
    jwks_uri: HttpUrl
    token_endpoint_auth_methods_supported: list[str] = ["client_secret_basic"]


class Provider:
    """One provider. What it says of itself is asked for when it is needed, and kept for an hour."""

    def __init__(self, issuer: str, client_id: str, secret: str | None, redirect_uri: str) -> None:
        self._issuer = issuer
        self._client_id = client_id
        self._secret = secret
        self._redirect_uri = redirect_uri
        self._lock = asyncio.Lock()
        self._found: tuple[float, Discovered, KeySet] | None = None

    async def begin(self) -> tuple[str, Pending]:
        """Where the browser is to go, and what is to be remembered meanwhile. Raises `Refused`."""
        discovered, _ = await self._discover()
        pending = Pending(*(secrets.token_urlsafe(size) for size in (32, 32, 48)))
        async with self._client(discovered) as client:
            address, _ = client.create_authorization_url(
                str(discovered.authorization_endpoint),
                state=pending.state,
                nonce=pending.nonce,
                code_verifier=pending.verifier,
            )
        return address, pending

    async def finish(self, pending: Pending, answer: Mapping[str, str]) -> Person:
        """Who has come back; `answer`: what the address says that the provider sent them to. Raises `Refused`."""
        if not compare_digest(pending.state.encode(), answer.get("state", "").encode()):
            raise Refused("oidc_expired", "another state than was sent along")
        if "iss" in answer and answer["iss"] != self._issuer:
            raise Refused("oidc_refused", "the answer of another provider")
        if "code" not in answer:
            raise Refused("oidc_refused", "the provider said no")
        discovered, _ = await self._discover()
        tokens = await self._fetch(discovered, answer["code"], pending.verifier)
        claims = await self._verified(tokens, pending.nonce)
        email = claims.get("email")
        return Person(
            self._issuer,
            claims["sub"],
            email if isinstance(email, str) and email else None,
            claims.get("email_verified") is True,
        )

    def _client(self, discovered: Discovered) -> Any:
        method = "none"
        if self._secret is not None:
            known = discovered.token_endpoint_auth_methods_supported
            method = "client_secret_basic" if "client_secret_basic" in known else "client_secret_post"
        return AsyncOAuth2Client(
            self._client_id,
            self._secret,
            token_endpoint_auth_method=method,
            scope=ASKED,
            redirect_uri=self._redirect_uri,
            code_challenge_method="S256",
            timeout=TIMEOUT,
        )

    async def _fetch(self, discovered: Discovered, code: str, verifier: str) -> Mapping[str, Any]:
        try:
            async with self._client(discovered) as client:
                tokens: Mapping[str, Any] = await client.fetch_token(
                    str(discovered.token_endpoint), code=code, code_verifier=verifier
                )
        except OAuthError as error:
            raise Refused("oidc_refused", f"the provider gave no token: {error.error}") from error
        except (httpx2.HTTPError, ValueError) as error:
            raise Refused("oidc_away", f"the provider did not answer: {type(error).__name__}") from error
        if not isinstance(tokens.get("id_token"), str):
            raise Refused("oidc_refused", "the provider gave no id token")
        return tokens

    async def _verified(self, tokens: Mapping[str, Any], nonce: str) -> Mapping[str, Any]:
        """What the id token claims, if the provider signed it, for us, for this sign-in, and just now. Raises
        `Refused`."""
        token = await self._decoded(tokens["id_token"])
        rules = {"iss": {"value": self._issuer}, "aud": {"value": self._client_id}}
        about = {"nonce": nonce, "client_id": self._client_id, "access_token": tokens.get("access_token")}
        claims = CodeIDToken(token.claims, token.header, rules, about)
        try:
            claims.validate(leeway=LEEWAY)
        except (JoseError, TypeError, ValueError) as error:
            raise Refused("oidc_refused", f"the token is not to be believed: {error}") from error
        if not isinstance(claims["sub"], str) or not claims["sub"]:
            raise Refused("oidc_refused", "the token names nobody")
        return token.claims

    async def _decoded(self, written: str) -> jwt.Token:
        for again in (False, True):
            # It may be signed with a new key, which is not known here yet.
            _, keys = await self._discover(again=again)
            try:
                return jwt.decode(written, keys, algorithms=ALGORITHMS)
            except (JoseError, ValueError) as error:
                refused = Refused("oidc_refused", f"the token is not to be believed: {type(error).__name__}")
        raise refused

    async def _discover(self, *, again: bool = False) -> tuple[Discovered, KeySet]:
        async with self._lock:
            if self._found is None or self._found[0] < time() - FRESH or again:
                self._found = (time(), *await self._ask())
            return self._found[1:]

    async def _ask(self) -> tuple[Discovered, KeySet]:
        place = f"{self._issuer.rstrip('/')}/.well-known/openid-configuration"
        try:
            async with httpx2.AsyncClient(timeout=TIMEOUT) as http:
                answer = (await http.get(place)).raise_for_status()
                discovered = Discovered.model_validate_json(answer.content)
                keys = (await http.get(str(discovered.jwks_uri))).raise_for_status()
            if discovered.issuer != self._issuer:
                raise Refused("oidc_away", f"what answers for MEMOCHA_OIDC_ISSUER calls itself {discovered.issuer}")
            return discovered, KeySet.import_key_set(json.loads(keys.content))
        except (httpx2.HTTPError, ValidationError, JoseError, ValueError, KeyError, TypeError) as error:
            raise Refused("oidc_away", f"the provider cannot be asked: {type(error).__name__}") from error
