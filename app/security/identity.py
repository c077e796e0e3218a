"""Who is asking. The credential alone decides; no field of a request names a user."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from fastapi import Depends
from starlette.requests import Request

from app.errors import OutOfScope, PasswordChangeNeeded
from app.roles import Scope, UserRole
from graphs.errors import MemochaError

READS: Final = ("GET", "HEAD", "OPTIONS")


@dataclass(frozen=True, slots=True)
class Identity:
    """Who asks, and what for."""

    user_id: UUID
    scopes: frozenset[Scope]
    by: Literal["local", "key", "cookie"]
    """`local`: nobody has to say who they are. `key`: the one of MEMOCHA_API_KEY, or one of an account's."""
    role: UserRole = "member"
    login: str | None = None
    credential_id: UUID | None = None
    """Of the account's key, or of the sign-in."""
    must_change_password: bool = False
    ends_at: datetime | None = None
    """When the credential is taken no more; None: it has no end that is known."""

    def may(self, scope: Scope) -> None:
        """Raises `PasswordChangeNeeded` and `OutOfScope`."""
        if self.must_change_password:
            raise PasswordChangeNeeded(str(self.user_id))
        if scope not in self.scopes:
            raise OutOfScope(scope)


async def identify(request: Request) -> Identity:
    """Who sent the request; found out once for each. Raises `Unauthorized`, and `ForeignOrigin` where a page of another
    origin would use somebody's cookie."""
    known: Identity | None = getattr(request.state, "identity", None)
    if known is not None:
        return known
    if (refused := getattr(request.state, "refused", None)) is not None:
        raise refused
    try:
        known = await request.app.state.parts.access.identify(request)
    except MemochaError as error:
        request.state.refused = error
        raise
    request.state.identity = known
    return known


Asker = Annotated[Identity, Depends(identify)]


async def admit(request: Request, scope: Scope) -> Identity:
    """Who sent the request, if it may do what the scope says. Raises what `identify` and `Identity.may` do."""
    identity = await identify(request)
    identity.may(scope)
    request.state.admitted = True
    return identity


def needs(reads: Scope, writes: Scope | None = None) -> Any:
    """What a router's requests need, for its `dependencies`; `writes`: those that change something, if that differs."""

    async def check(request: Request) -> None:
        await admit(request, reads if request.method in READS or writes is None else writes)

    return Depends(check)


async def _user_id(request: Request, asker: Asker) -> UUID:
    # A router that declares nothing is a mistake of ours, and lets nobody in.
    if not getattr(request.state, "admitted", False):
        raise RuntimeError(f"{request.method} {request.scope['path']} declares no scope")
    return asker.user_id


UserId = Annotated[UUID, Depends(_user_id)]
