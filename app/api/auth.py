"""Signing in and out, and the password."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from app.account_schemas import AuthState, Ended, PasswordChange, SignedIn, SignInList, SignInRequest
from app.api.parts import PartsOf
from app.db.accounts import Accounts
from app.db.models import SignIn
from app.db.notices import Notices
from app.db.sign_ins import SignIns
from app.errors import AccountsOff, Forbidden, ForeignOrigin, Unauthorized
from app.parts import Parts
from app.schemas import Problem
from app.security.cookies import Cookies
from app.security.identity import Asker, UserId, identify, needs
from app.security.pages import is_own, require_own_page
from app.security.signing_in import Sender, SigningIn

router = APIRouter(prefix="/api/auth", tags=["accounts"])
REFUSALS: dict[int | str, dict[str, Any]] = {code: {"model": Problem} for code in (404, 422, 429)}
OWN = [needs("account")]


def cookies_of(parts: PartsOf) -> Cookies:
    """As the settings have them."""
    return Cookies(parts.settings.public_url)


CookiesOf = Annotated[Cookies, Depends(cookies_of)]


def signing_in_of(parts: PartsOf) -> SigningIn:
    """Raises `AccountsOff`."""
    if parts.signing_in is None:
        raise AccountsOff("signing in")
    return parts.signing_in


SigningInOf = Annotated[SigningIn, Depends(signing_in_of)]


def sender_of(request: Request, cookies: CookiesOf) -> Sender:
    """Where the request came from."""
    address = request.client.host if request.client is not None else ""
    return Sender(address, request.headers.get("user-agent", ""), cookies.read(request))


SenderOf = Annotated[Sender, Depends(sender_of)]


@router.get("")
async def get_auth(request: Request, parts: PartsOf) -> AuthState:
    """How one signs in here, and who has. For everyone."""
    return await state_of(request, parts)


@router.post("/sign-in", responses=REFUSALS)
async def sign_in(
    body: SignInRequest,
    request: Request,
    response: Response,
    parts: PartsOf,
    signing_in: SigningInOf,
    cookies: CookiesOf,
    sender: SenderOf,
) -> AuthState:
    """Sign in with a password: the answer brings a cookie. Whoever was signed in with this browser is no more."""
    origin = request.headers.get("origin")
    if origin is not None and not is_own(request, origin, parts.settings.public_url):
        raise ForeignOrigin("a page of another origin would sign in")
    token, user = await signing_in.with_password(body.login, body.password, sender)
    cookies.set(response, request, token, round(signing_in.lifetime.longest.total_seconds()))
    return AuthState(
        mode="accounts",
        signed_in=True,
        login=user.login,
        role=user.role,
        must_change_password=user.password_changed_at is None,
        has_password=True,
        oidc=_button(parts),
    )


@router.post("/sign-out", status_code=204, responses={404: {"model": Problem}})
async def sign_out(
    request: Request, response: Response, parts: PartsOf, signing_in: SigningInOf, cookies: CookiesOf
) -> None:
    """End this browser's sign-in. It is no mistake where there is none."""
    if (token := cookies.read(request)) is None:
        return
    require_own_page(request, parts.settings.public_url)
    await signing_in.out(token)
    cookies.clear(response, request)


@router.post("/password", status_code=204, responses=REFUSALS)
async def change_password(body: PasswordChange, asker: Asker, signing_in: SigningInOf, sender: SenderOf) -> None:
    """Take another password, of 10 characters or more. Every other sign-in of yours ends; keys stay."""
    if asker.by != "cookie":
        raise Forbidden("keys change no password")
    await signing_in.change_password(asker, body.old, body.new, sender)


@router.get("/sign-ins", dependencies=OWN, responses={404: {"model": Problem}})
async def list_sign_ins(user_id: UserId, asker: Asker, parts: PartsOf, signing_in: SigningInOf) -> SignInList:
    """The browsers that you are signed in with."""
    async with parts.database.transaction() as tx:
        rows = await SignIns(tx, signing_in.lifetime).of(user_id)
    return SignInList(items=[_told(row, asker.credential_id) for row in rows])


@router.delete("/sign-ins", dependencies=OWN, responses={404: {"model": Problem}})
async def end_sign_ins(user_id: UserId, asker: Asker, parts: PartsOf, signing_in: SigningInOf) -> Ended:
    """End all of them but this one."""
    async with parts.database.transaction() as tx:
        ended = await SignIns(tx, signing_in.lifetime).end_all(user_id, but=asker.credential_id)
        await Notices(tx).access(user_id)
    return Ended(sign_ins=ended)


@router.delete("/sign-ins/{sign_in_id}", dependencies=OWN, responses={404: {"model": Problem}, 422: {"model": Problem}})
async def end_sign_in(sign_in_id: UUID, user_id: UserId, parts: PartsOf, signing_in: SigningInOf) -> Ended:
    """End one of them."""
    async with parts.database.transaction() as tx:
        await SignIns(tx, signing_in.lifetime).end(user_id, sign_in_id)
        await Notices(tx).access(user_id)
    return Ended(sign_ins=1)


async def state_of(request: Request, parts: Parts) -> AuthState:
    """How it is, for whoever sent the request."""
    try:
        asker = await identify(request)
    except Unauthorized:
        mode = "key" if parts.signing_in is None else "accounts"
        return AuthState(mode=mode, signed_in=False, oidc=_button(parts))
    if parts.signing_in is None:
        return AuthState(mode="open" if asker.by == "local" else "key", signed_in=True)
    async with parts.database.reading() as rows:
        user = await Accounts(rows).get(asker.user_id)
    return AuthState(
        mode="accounts",
        signed_in=True,
        login=user.login,
        role=user.role,
        must_change_password=asker.must_change_password,
        has_password=user.password_hash is not None,
        oidc=_button(parts),
    )


def _told(row: SignIn, current: UUID | None) -> SignedIn:
    return SignedIn(
        id=row.id,
        way=row.way,
        agent=row.agent,
        created_at=row.created_at,
        last_seen_at=row.last_seen_at,
        expires_at=row.expires_at,
        current=row.id == current,
    )


def _button(parts: Parts) -> str | None:
    return parts.settings.oidc_name if parts.settings.oidc_issuer is not None else None
