"""The web client: the files of its build, and index.html for the paths that only it knows.

A build is read once, when the service starts: a few MB. So what is served is always one build, with the policy that was
computed of it; nothing is looked up on disk by what a request says; and a build that goes on meanwhile shows after the
next start.
"""

import hashlib
import html
import re
from base64 import b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http import HTTPStatus
from pathlib import Path, PurePosixPath

import structlog
from starlette.datastructures import Headers, QueryParams
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

log = structlog.get_logger(__name__)

ROOT = Path(__file__).parents[2]
PLACES = (ROOT / "frontend" / "out", ROOT / "app" / "web")
"""Where a build is looked for, unless the settings say: a checkout's, then a wheel's."""
IMAGE = "/remote-image"
HTTPS = re.compile(r"https://[A-Za-z0-9][A-Za-z0-9.-]*(:\d{1,5})?(/|$)")
LONGEST_ADDRESS = 2_048
API = frozenset({"api", "v1", "mcp", "chat"})
"""First parts of paths that programs ask for: what is not there is a problem, never a page."""
FOREVER = "public, max-age=31536000, immutable"
CHECKED = "no-cache"
"""Kept, and asked for again each time: 304 where it is the same."""
LARGEST = 64 * 1024 * 1024
"""Bytes of a whole build that are read; more is none of ours."""

TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".map": "application/json",
    ".txt": "text/plain; charset=utf-8",
    ".svg": "image/svg+xml",
    ".webmanifest": "application/manifest+json",
    ".xml": "application/xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".webp": "image/webp",
    ".avif": "image/avif",
    ".ico": "image/x-icon",
    ".woff2": "font/woff2",
    ".woff": "font/woff",
    ".wasm": "application/wasm",
}
"""By ending. The machine's own list is not asked: it differs from one to the next."""
ENCODINGS = {"br": ".br", "gzip": ".gz"}
"""By name, how a compressed copy ends; the first that the browser takes is sent."""

PAGE_HEADERS = {
    "cross-origin-opener-policy": "same-origin",
    "x-frame-options": "DENY",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
}
NOT_BUILT_STYLE = "body{font:16px/1.6 system-ui,sans-serif;max-width:34rem;margin:15vh auto;padding:0 1.5rem}"
NOT_BUILT = f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Memocha</title><style>{NOT_BUILT_STYLE}</style></head><body>
<h1>Memocha is running</h1>
<p>Its web client is not built yet. <code>make up</code> builds it and starts the service; where Memocha runs already,
<code>make web</code> builds it, and it shows after the next start.</p>
<p>The terminal needs no build: <code>memocha chat</code>. The interface for programs is described at
<a href="/docs">/docs</a>.</p>
</body></html>
"""
IMAGE_STYLE = (
    "html,body{margin:0;height:100%}body{display:flex;align-items:center}img{max-width:100%;max-height:100%;margin:0}"
)


def digest(text: str) -> str:
    """How a policy names an inline script or style. Browsers see line ends as a single line feed."""
    seen = text.replace("\r\n", "\n").replace("\r", "\n")
    return f"'sha256-{b64encode(hashlib.sha256(seen.encode()).digest()).decode()}'"


@dataclass
class Inline(HTMLParser):
    """What a page has between its tags of scripts and styles, as digests."""

    scripts: list[str] = field(default_factory=list)
    styles: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._into: list[str] | None = None
        self._text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "script" and "src" not in dict(attrs):
            self._into, self._text = self.scripts, ""
        elif tag == "style":
            self._into, self._text = self.styles, ""

    def handle_data(self, data: str) -> None:
        if self._into is not None:
            self._text += data

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style") and self._into is not None:
            if (named := digest(self._text)) not in self._into:
                self._into.append(named)
            self._into = None


def policy(page: str, *, any_style: bool = False) -> str:
    """The content security policy of a page: scripts and styles from its own files, and those in the page by digest.
    `any_style`: for a page whose scripts write styles of their own.

    No image of another host: an answer might name one to send somebody's words away in its address. What a person asks
    to see is shown in a frame whose page allows it (`IMAGE`).
    """
    inline = Inline()
    inline.feed(page)
    inline.close()
    return "; ".join(
        [
            "default-src 'none'",
            " ".join(["script-src 'self'", *inline.scripts]),
            "style-src 'self' 'unsafe-inline'" if any_style else " ".join(["style-src 'self'", *inline.styles]),
            "img-src 'self' data: blob:",
            "connect-src 'self'",
            "font-src 'self'",
            "manifest-src 'self'",
            "frame-src 'self'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
            "object-src 'none'",
        ]
    )


@dataclass(frozen=True, slots=True)
class File:
    """A file of a build, with its compressed copies."""

    content: bytes
    kind: str
    headers: Mapping[str, str]
    copies: Mapping[str, bytes]
    """By encoding."""

    def answer(self, asked: Headers) -> Response:
        """The file as the request wants it: compressed, or only that it is still the same."""
        encoding = next((name for name in self.copies if name in accepted(asked.get("accept-encoding", ""))), None)
        content = self.content if encoding is None else self.copies[encoding]
        tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
        headers = {**self.headers, "etag": tag}
        if self.copies:
            headers["vary"] = "accept-encoding"
        if tag in [each.strip().removeprefix("W/") for each in asked.get("if-none-match", "").split(",")]:
            return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
        if encoding is not None:
            headers["content-encoding"] = encoding
        return Response(content, media_type=self.kind, headers=headers)


def accepted(header: str) -> set[str]:
    """The encodings that an `accept-encoding` takes by name."""
    taken = set()
    for each in header.lower().split(","):
        name, _, parameter = each.partition(";")
        if parameter.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000"):
            taken.add(name.strip())
    return taken


def read_build(folder: Path | None) -> dict[str, File]:
    """The files of a build by path; none where there is no build. Links that lead out of the folder are left out."""
    root = folder if folder is not None else next((place for place in PLACES if (place / "index.html").is_file()), None)
    if root is None or not (root / "index.html").is_file():
        log.info("no web client; its build is missing")
        return {}
    contents = dict(_contents(root.resolve()))
    return {
        path: _file(path, content, contents)
        for path, content in contents.items()
        if not path.endswith(tuple(ENCODINGS.values()))
    }


def _contents(root: Path) -> Iterator[tuple[str, bytes]]:
    left = LARGEST
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root).as_posix()
        hidden = any(part.startswith(".") for part in name.split("/"))
        if hidden or not path.is_file() or not path.resolve().is_relative_to(root):
            continue
        left -= path.stat().st_size
        if left < 0:
            raise ValueError(f"{root} holds more than {LARGEST // 1024**2} MiB: that is no build of the web client")
        yield name, path.read_bytes()


def _file(path: str, content: bytes, contents: Mapping[str, bytes]) -> File:
    kind = TYPES.get(PurePosixPath(path).suffix.lower(), "application/octet-stream")
    headers = {"cache-control": FOREVER if path.startswith("_next/static/") else CHECKED}
    if path.endswith(".html"):
        headers |= PAGE_HEADERS | {"content-security-policy": policy(content.decode())}
    copies = {name: contents[path + ending] for name, ending in ENCODINGS.items() if path + ending in contents}
    return File(content, kind, headers, copies)


class WebClient:
    """What answers where no route does."""

    def __init__(self, otherwise: ASGIApp) -> None:
        """`otherwise`: answers what is neither a file nor a page of the client's."""
        self._otherwise = otherwise
        self.files: Mapping[str, File] = {}
        """The build, by path."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        response: Response | None = None
        if scope["type"] == "http" and scope["method"] in ("GET", "HEAD"):
            response = self._find(scope["path"], Headers(scope=scope), QueryParams(scope["query_string"]))
        await (response or self._otherwise)(scope, receive, send)

    def _find(self, path: str, asked: Headers, query: QueryParams) -> Response | None:
        if path == IMAGE:
            return remote_image(query.get("url", ""), asked)
        name = path.removeprefix("/")
        if name and (file := self.files.get(name)) is not None:
            return file.answer(asked)
        if name and not is_page(name, asked.get("accept", "")):
            return None
        index = self.files.get("index.html")
        return index.answer(asked) if index is not None else not_built()


def is_page(name: str, accept: str) -> bool:
    """Whether a browser asks for a page of the client's, whose name it will find out itself."""
    parts = name.split("/")
    return parts[0] not in API and "." not in parts[-1] and "text/html" in accept


def not_built() -> Response:
    """How to get the client."""
    allowed = f"default-src 'none'; style-src {digest(NOT_BUILT_STYLE)}; base-uri 'none'; frame-ancestors 'none'"
    headers = {**PAGE_HEADERS, "cache-control": "no-store", "content-security-policy": allowed}
    return Response(NOT_BUILT, media_type=TYPES[".html"], headers=headers)


def remote_image(address: str, asked: Headers) -> Response | None:
    """A page that shows one image of another host, for a frame in the client. It has no script and an origin of its
    own, and nothing but images is allowed to it."""
    if len(address) > LONGEST_ADDRESS or not HTTPS.match(address) or asked.get("sec-fetch-dest", "iframe") != "iframe":
        return None
    image = html.escape(address, quote=True)
    allowed = (
        # Of any host: an image's own host often sends on to another.
        f"sandbox; default-src 'none'; img-src https:; style-src {digest(IMAGE_STYLE)}; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
    )
    page = (
        f'<!doctype html><html><head><meta charset="utf-8"><title>Image</title><style>{IMAGE_STYLE}</style></head>'
        f'<body><img src="{image}" alt="" referrerpolicy="no-referrer"></body></html>'
    )
    headers = {"cache-control": "no-store", "x-frame-options": "SAMEORIGIN", "content-security-policy": allowed}
    return Response(page, media_type=TYPES[".html"], headers=headers)
