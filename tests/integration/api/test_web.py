"""The web client over HTTP: its files, the pages that only it knows, and what its pages may do."""

import gzip
import hashlib
import re
from base64 import b64encode
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.api.web import FOREVER, IMAGE_STYLE, NOT_BUILT_STYLE, policy, read_build
from app.settings import Settings
from tests.support.running import Client, running

HTML = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
SCRIPT = 'self.__next_f.push([1,"a < b && \\u00e9"])'
INDEX = f"""<!doctype html><html><head><link rel="stylesheet" href="/_next/static/a.css"><style>b{{}}</style></head>
<body><script src="/_next/static/chunks/main.js" async></script><script>{SCRIPT}</script></body></html>"""
CHUNK = b"console.log('one chunk of the client');" * 40


def sha256(text: str) -> str:
    return f"'sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def build(folder: Path) -> Path:
    """What a build leaves, with a secret beside it and links that lead out to it."""
    secret = folder / "secret.txt"
    secret.write_text("the secret")
    out = folder / "out"
    chunks = out / "_next" / "static" / "chunks"
    chunks.mkdir(parents=True)
    (out / "index.html").write_text(INDEX)
    (out / "404.html").write_text("<!doctype html><script>other()</script>")
    (chunks / "main.js").write_bytes(CHUNK)
    (chunks / "main.js.br").write_bytes(b"as brotli writes it")
    (chunks / "main.js.gz").write_bytes(gzip.compress(CHUNK))
    (out / "icon.svg").write_text("<svg/>")
    (out / "_docs").mkdir()
    (out / "_docs" / "swagger-ui-bundle.js").write_text("SwaggerUIBundle = () => {}")
    (out / "_docs" / "swagger-ui.css").write_text("b{}")
    (out / ".built").write_text("now")
    (out / "leak.txt").symlink_to(secret)
    (out / "up").symlink_to(folder, target_is_directory=True)
    return out


@pytest.fixture(scope="module")
async def client(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Client]:
    out = build(tmp_path_factory.mktemp("web"))
    async with running(settings.model_copy(update={"web_dir": out})) as service:
        yield service


@pytest.mark.parametrize(
    "path", ["/", "/c/0199a3c0-5a3e-7c11-8a5b-3f2d6c1e9b00", "/memory", "/settings?x=1.5", "/no/such"]
)
async def test_the_page_is_there_under_each_path_of_the_client(client: Client, path: str) -> None:
    answer = await client.get(path, headers=HTML)
    assert answer.status_code == 200
    assert answer.text == INDEX
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "no-cache"


@pytest.mark.parametrize(
    "path",
    [
        "/api/nothing",
        "/mcp/nothing",
        "/chat/nothing/here",
        "/c/missing.js",
        "/_next/static/old.css",
        "/favicon.ico",
    ],
)
async def test_what_programs_ask_for_stays_a_problem(client: Client, path: str) -> None:
    answer = await client.get(path, headers=HTML)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


async def test_a_page_is_only_for_who_asks_for_one(client: Client) -> None:
    assert (await client.get("/memory")).json()["code"] == "not_found"
    assert (await client.post("/memory", headers=HTML)).status_code == 404
    assert (await client.put("/api/chat", headers=HTML)).status_code == 405, "a route's own refusal stays"


@pytest.mark.parametrize(
    "path",
    [
        "/leak.txt",
        "/up/secret.txt",
        "/.built",
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/_next/%2e%2e/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/_next/static/chunks/main.js.br",
    ],
)
async def test_nothing_but_the_build_is_served(client: Client, path: str) -> None:
    answer = await client.get(path)
    assert answer.status_code == 404
    assert "secret" not in answer.text


async def test_a_folder_is_not_listed(client: Client) -> None:
    assert (await client.get("/_next/static/")).status_code == 404
    assert (await client.get("/_next/static", headers=HTML)).text == INDEX


async def test_what_has_its_content_in_its_name_is_kept_for_good(client: Client) -> None:
    answer = await client.get("/_next/static/chunks/main.js", headers={"accept-encoding": "identity"})
    assert answer.content == CHUNK
    assert answer.headers["cache-control"] == FOREVER == "public, max-age=31536000, immutable"
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert answer.headers["vary"] == "accept-encoding"
    assert "content-encoding" not in answer.headers
    assert (await client.get("/icon.svg")).headers["cache-control"] == "no-cache"


async def test_a_compressed_copy_goes_to_who_takes_it(client: Client) -> None:
    path = "/_next/static/chunks/main.js"
    async with client.stream("GET", path, headers={"accept-encoding": "gzip, br"}) as answer:
        assert answer.headers["content-encoding"] == "br"
        assert b"".join([piece async for piece in answer.aiter_raw()]) == b"as brotli writes it"
    packed = await client.get(path, headers={"accept-encoding": "br;q=0, gzip"})
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.content == CHUNK
    assert packed.headers["etag"] != (await client.get(path, headers={"accept-encoding": "identity"})).headers["etag"]


async def test_what_is_the_same_is_not_sent_again(client: Client) -> None:
    first = await client.get("/", headers=HTML)
    again = await client.get("/memory", headers=HTML | {"if-none-match": f'"other", W/{first.headers["etag"]}'})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert (await client.get("/", headers=HTML | {"if-none-match": '"other"'})).status_code == 200


async def test_head_tells_the_same_without_the_page(client: Client) -> None:
    whole, head = await client.get("/", headers=HTML), await client.head("/", headers=HTML)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == whole.headers["content-length"]
    assert head.headers["etag"] == whole.headers["etag"]


async def test_a_page_may_run_its_own_scripts_and_no_other(client: Client) -> None:
    answer = await client.get("/", headers=HTML)
    rules = dict(rule.split(" ", 1) for rule in answer.headers["content-security-policy"].split("; "))
    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == f"'self' {sha256(SCRIPT)}", "and not the script of another page"
    assert rules["style-src"] == f"'self' {sha256('b{}')}"
    assert rules["img-src"] == "'self' data: blob:"
    assert {rules[name] for name in ("base-uri", "frame-ancestors", "object-src")} == {"'none'"}
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert answer.headers["cross-origin-opener-policy"] == "same-origin"
    assert answer.headers["x-frame-options"] == "DENY"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "camera=()" in answer.headers["permissions-policy"]
    assert "content-security-policy" not in (await client.get("/health")).headers


async def test_the_playground_may_run_its_own_scripts_and_reach_nothing_else(client: Client) -> None:
    page = await client.get("/chat/playground/")
    rules = dict(rule.split(" ", 1) for rule in page.headers["content-security-policy"].split("; "))
    [script] = re.findall(r"<script>(.*?)</script>", page.text, re.DOTALL)
    assert rules["script-src"] == f"'self' {sha256(script)}"
    assert rules["style-src"] == "'self' 'unsafe-inline'", "its scripts write styles"
    assert (rules["default-src"], rules["connect-src"], rules["frame-ancestors"]) == ("'none'", "'self'", "'none'")
    assert page.headers["x-frame-options"] == "DENY"
    # Before any other, so that what those ask for goes through it.
    first, asset = re.findall(r'<script[^>]* src="([^"]+)"', page.text)
    ours = await client.get(first, headers={"authorization": ""})
    assert (ours.status_code, ours.headers["content-type"]) == (200, "text/javascript; charset=utf-8")
    assert "authorization" in ours.text
    assert int(page.headers["content-length"]) == len(page.content)
    assert "content-security-policy" not in (await client.get(asset)).headers


async def test_the_description_is_shown_with_files_of_our_own(client: Client) -> None:
    page = await client.get("/docs")
    files = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert files
    for file in files:
        assert file.startswith("/"), "no other host is asked"
        assert (await client.get(file)).status_code == 200
    rules = dict(rule.split(" ", 1) for rule in page.headers["content-security-policy"].split("; "))
    [script] = re.findall(r"<script>(.*?)</script>", page.text, re.DOTALL)
    assert rules["script-src"] == f"'self' {sha256(script)}"
    assert (rules["default-src"], rules["connect-src"], rules["frame-ancestors"]) == ("'none'", "'self'", "'none'")
    assert page.headers["x-frame-options"] == "DENY"
    assert 'validatorUrl": null' in page.text, "nor one that says whether the description is well-formed"


def test_line_ends_count_as_browsers_see_them() -> None:
    assert sha256("a()\nb()\n") in policy("<script>a()\r\nb()\r\n</script>")


async def test_an_image_of_another_host_is_shown_in_a_frame_that_can_do_nothing_else(client: Client) -> None:
    address = 'https://example.org/a.png?q="><script>alert(1)</script>'
    answer = await client.get("/remote-image", params={"url": address}, headers={"sec-fetch-dest": "iframe"})
    assert answer.status_code == 200
    assert "<script" not in answer.text
    assert 'src="https://example.org/a.png?q=&quot;&gt;' in answer.text
    rules = answer.headers["content-security-policy"].split("; ")
    assert {"sandbox", "default-src 'none'", "img-src https:", "frame-ancestors 'self'"} <= set(rules)
    assert f"style-src {sha256(IMAGE_STYLE)}" in rules
    assert answer.headers["x-frame-options"] == "SAMEORIGIN"


@pytest.mark.parametrize(
    ("address", "destination"),
    [
        ("http://example.org/a.png", "iframe"),
        ("javascript:alert(1)", "iframe"),
        ("https://user@example.org/a.png", "iframe"),
        ("https:///a.png", "iframe"),
        ("", "iframe"),
        ("https://example.org/" + "a" * 3_000, "iframe"),
        ("https://example.org/a.png", "document"),
    ],
)
async def test_no_other_address_is_framed(client: Client, address: str, destination: str) -> None:
    answer = await client.get("/remote-image", params={"url": address}, headers={"sec-fetch-dest": destination})
    assert answer.status_code == 404


async def test_without_a_build_the_page_says_how_to_make_one(settings: Settings, tmp_path: Path) -> None:
    async with running(settings.model_copy(update={"web_dir": tmp_path / "none"})) as service:
        answer = await service.get("/")
        assert answer.status_code == 200
        assert "make up" in answer.text
        assert sha256(NOT_BUILT_STYLE) in answer.headers["content-security-policy"]
        assert (await service.get("/favicon.ico")).status_code == 404
        assert (await service.get("/docs")).text == answer.text


def test_a_folder_too_large_to_be_a_build_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.api.web.LARGEST", 1_000)
    (tmp_path / "index.html").write_text("x" * 2_000)
    with pytest.raises(ValueError, match="no build"):
        read_build(tmp_path)


async def test_what_openais_clients_ask_for_stays_an_error_of_their_form(client: Client) -> None:
    answer = await client.get("/v1/nothing", headers=HTML)
    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == "not_found"
