"""The cookies: that of a sign-in, and that of one which goes on at an OpenID Connect provider."""

from typing import Final

from starlette.requests import HTTPConnection
from starlette.responses import Response

SIGN_IN: Final = "memocha"
ELSEWHERE: Final = "memocha-oidc"


class Cookies:
    """Scripts never see them, and pages of other sites do not have them sent but by a link that is followed.

    By TLS they are `Secure`, and have the prefix with which browsers take them from this very host alone.
    """

    def __init__(self, public_url: str | None) -> None:
        """`public_url`: what browsers call the service; None: as each request has it."""
        self._tls = public_url is not None and public_url.startswith("https://")

    def secure(self, asked: HTTPConnection) -> bool:
        """Whether the browser speaks TLS, to us or to a proxy that we believe (its X-Forwarded-Proto is in the
        request's scheme)."""
        return self._tls or asked.scope["scheme"] == "https"

    def read(self, asked: HTTPConnection, name: str = SIGN_IN) -> str | None:
        """What it says, if it was sent."""
        return asked.cookies.get(self._name(asked, name)) or None

    def set(self, response: Response, asked: HTTPConnection, value: str, age: int, name: str = SIGN_IN) -> None:
        """Have the browser keep it; `age`: seconds."""
        response.set_cookie(
            self._name(asked, name),
            value,
            max_age=age,
            path="/",
            secure=self.secure(asked),
            httponly=True,
            samesite="lax",
        )

    def clear(self, response: Response, asked: HTTPConnection, name: str = SIGN_IN) -> None:
        """Have the browser drop it."""
        self.set(response, asked, "", 0, name)

    def _name(self, asked: HTTPConnection, name: str) -> str:
        return f"__Host-{name}" if self.secure(asked) else name
