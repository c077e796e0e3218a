"""Whose page had the browser send a request. A browser adds the cookie whoever's it is; so what changes something by a
cookie has to say that it comes from a page of ours."""

from starlette.requests import HTTPConnection

from app.errors import ForeignOrigin
from app.security.identity import READS


def require_own_page(asked: HTTPConnection, public_url: str | None) -> None:
    """Raises `ForeignOrigin` unless it only reads, or a page of ours sent it: its `Origin` is ours, or it has none (all
    current browsers send it) and `Sec-Fetch-Site` says so. Origins that MEMOCHA_CORS_ORIGINS names are not ours."""
    if asked.scope["method"] in READS:
        return
    origin = asked.headers.get("origin")
    if origin is None and asked.headers.get("sec-fetch-site") == "same-origin":
        return
    if origin is None or not is_own(asked, origin, public_url):
        raise ForeignOrigin("a cookie was sent, and not by a page of ours")


def is_own(asked: HTTPConnection, origin: str, public_url: str | None) -> bool:
    """Whether that is where our pages come from: as MEMOCHA_PUBLIC_URL says, or as the request does."""
    ours = f"{asked.scope['scheme']}://{asked.headers.get('host', '')}"
    return origin in (ours, (public_url or ours).rstrip("/"))
