"""Signing in with an OpenID Connect provider: there by one route, back by the other."""

from http import HTTPStatus
from typing import Annotated
from urllib.parse import urlencode

import structlog
from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from app.api.auth import CookiesOf, SenderOf, SigningInOf
from app.api.parts import PartsOf
from app.errors import AccountsOff
from app.schemas import Problem
from app.security.cookies import ELSEWHERE
from app.security.elsewhere import Elsewhere, Pending, Refused
from app.security.matching import account_of

log = structlog.get_logger(__name__)

WAIT = 600
"""Seconds that somebody may take at the provider."""
PAGE = "/sign-in"
"""Where the web client lets people sign in, and tells why not: `?error=`, a code of `Refused`."""

router = APIRouter(prefix="/api/auth/oidc", tags=["accounts"], responses={404: {"model": Problem}})


def _provider(parts: PartsOf) -> Elsewhere:
    if parts.oidc is None:
        raise AccountsOff("no provider")
    return parts.oidc


ProviderOf = Annotated[Elsewhere, Depends(_provider)]


@router.get("", status_code=303, response_class=RedirectResponse)
async def go(request: Request, provider: ProviderOf, cookies: CookiesOf) -> Response:
    """Go to the provider's page to sign in there. For browsers."""
    try:
        address, pending = await provider.begin()
    except Refused as refused:
        return _back(refused)
    response = RedirectResponse(address, HTTPStatus.SEE_OTHER)
    cookies.set(response, request, pending.written(), WAIT, ELSEWHERE)
    return response


@router.get("/callback", status_code=303, response_class=RedirectResponse)
async def come_back(
    request: Request,
    parts: PartsOf,
    provider: ProviderOf,
    signing_in: SigningInOf,
    cookies: CookiesOf,
    sender: SenderOf,
) -> Response:
    """Where the provider sends the browser: a good answer signs in and leads to the web client, any other to its page
    for signing in, with a code that says why."""
    try:
        pending = Pending.read(cookies.read(request, ELSEWHERE))
        person = await provider.finish(pending, request.query_params)
        async with parts.database.transaction() as tx:
            user = await account_of(tx, person, sign_up=parts.settings.oidc_sign_up == "on")
            token = await signing_in.begin(tx, user, "oidc", sender)
    except Refused as refused:
        response = _back(refused)
    else:
        response = RedirectResponse("/", HTTPStatus.SEE_OTHER)
        cookies.set(response, request, token, round(signing_in.lifetime.longest.total_seconds()))
    # Good for one answer.
    cookies.clear(response, request, ELSEWHERE)
    return response


def _back(refused: Refused) -> RedirectResponse:
    log.info("sign-in refused", code=refused.code, reason=str(refused))
    return RedirectResponse(f"{PAGE}?{urlencode({'error': refused.code})}", HTTPStatus.SEE_OTHER)
