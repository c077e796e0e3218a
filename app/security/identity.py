"""Who is asking. The credential alone decides; no field of a request names a user."""

import hmac
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request
from pydantic import SecretStr

from app.db.ids import LOCAL_USER_ID
from app.errors import Unauthorized


def identify(key: SecretStr | None, authorization: str | None) -> UUID:
    """The user that a credential stands for.

    Without a key (the service then listens on loopback only) there is one local user, and any credential is accepted
    and ignored, since many clients insist on sending one. Raises `Unauthorized` for a missing or wrong key.
    """
    if key is None:
        return LOCAL_USER_ID
    scheme, _, credential = (authorization or "").partition(" ")
    if scheme.lower() != "bearer" or not hmac.compare_digest(
        credential.strip().encode(), key.get_secret_value().encode()
    ):
        raise Unauthorized("missing or wrong key")
    return LOCAL_USER_ID


async def _identify(request: Request) -> UUID:
    return identify(request.app.state.parts.settings.api_key, request.headers.get("authorization"))


UserId = Annotated[UUID, Depends(_identify)]
