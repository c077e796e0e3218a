"""Signing in elsewhere, at an OpenID Connect provider: what is known of it here."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Final, Protocol, Self

from app.settings import Settings

CALLBACK: Final = "/api/auth/oidc/callback"


class Refused(Exception):
    """It did not work out. `code` is for the web client; the words are for the log, and hold nothing of a person's."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code


@dataclass(frozen=True, slots=True)
class Person:
    """Who a provider says that somebody is."""

    issuer: str
    subject: str
    email: str | None
    email_verified: bool


@dataclass(frozen=True, slots=True)
class Pending:
    """What is to be remembered while somebody is at the provider's page, by their browser."""

    state: str
    nonce: str
    verifier: str

    def written(self) -> str:
        """As a cookie says it."""
        return ".".join(asdict(self).values())

    @classmethod
    def read(cls, cookie: str | None) -> Self:
        """What a cookie says. Raises `Refused`."""
        parts = (cookie or "").split(".")
        if len(parts) != 3 or not all(parts):
            raise Refused("oidc_expired", "the browser does not know of it, or no more")
        return cls(*parts)


class Elsewhere(Protocol):
    """A provider, as routes use it."""

    async def begin(self) -> tuple[str, Pending]:
        """Where the browser is to go, and what is to be remembered meanwhile. Raises `Refused`."""

    async def finish(self, pending: Pending, answer: Mapping[str, str]) -> Person:
        """Who has come back; `answer`: what the address says that the provider sent them to. Raises `Refused`."""


def open_elsewhere(settings: Settings) -> Elsewhere | None:
    """The provider of the settings, if they name one."""
    if settings.oidc_issuer is None:
        return None
    # Loaded where there is one: it takes 0.3 s, a tenth of what a start takes.
    from app.security.oidc import Provider

    assert settings.oidc_client_id is not None
    assert settings.public_url is not None
    secret = settings.oidc_client_secret.get_secret_value() if settings.oidc_client_secret is not None else None
    return Provider(settings.oidc_issuer, settings.oidc_client_id, secret, settings.public_url.rstrip("/") + CALLBACK)
