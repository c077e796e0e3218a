"""atheris (libFuzzer) over one target: inputs that reach what none before them did are kept and changed further.

`python -m tests.fuzz.guided TARGET CORPUS [libFuzzer's flags]` is one process: the fuzzer ends it. What is read before it
begins is what it sees of the product, so nothing of ours is imported above.
"""

import asyncio
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).parent
NAMES: Final = ("texts", "facts", "dates", "filters", "lines", "trees", "archives", "streams", "environment")
"""The targets: functions of `tests.fuzz.targets`, which is read by the fuzzer's own process alone."""
GRACE: Final = 120.0
SLOWEST: Final = 20
"""Seconds for one input, after which the fuzzer gives up on it by itself."""
MEMORY: Final = 2048
"""MiB."""
LINES: Final = (
    b'{"session": {"id": "a", "title": "T"}}\n{"message": {"id": "b", "role": "user", "content": "I am here.", '
    b'"created_at": "2026-05-04T00:00:00Z", "parent": null, "pinned": [0]}}\n{"memory": {"text": "I am", "kind": "fact"}}\n'
    b'{"me": {"about_me": "x", "keep_days": 3}}'
)
CHATGPT: Final = (
    b'[{"mapping": {"a": {"parent": null}, "b": {"parent": "a", "message": {"author": {"role": "user"}, "content": '
    b'{"content_type": "text", "parts": ["Hi"]}, "create_time": 1.7e9, "metadata": {}}}}, "current_node": "b", "title": "T"}]'
)
CLAUDE: Final = (
    b'[{"uuid": "c", "name": "T", "chat_messages": [{"uuid": "m", "sender": "human", "text": "Hi", "content": '
    b'[{"type": "text", "text": "Hi"}], "created_at": "2026-05-04T00:00:00Z", "parent_message_uuid": null}]}]'
)
STREAM: Final = (
    b'id: 1\r\nevent: token\r\ndata: {"text":"a"}\r\n\r\n: ping\n\nid: 2\nevent: done\ndata: {"message_id":'
    b'"00000000-0000-0000-0000-000000000001","finish_reason":"stop"}\n\n'
)
SEEDS: Final[Mapping[str, list[bytes]]] = {
    "lines": [b"\7" + LINES],
    "trees": [CHATGPT, CLAUDE],
    "archives": [bytes([kind]) + bytes(range(8)) + form for kind in (1, 2, 3) for form in (CHATGPT, CLAUDE)],
    "streams": [b"\1\2\3\4" + STREAM],
    "environment": [b"\1\2https://a.example/", b'\1\5["a", "b"]', b"\1\7postgresql://u:p@h/d", b"\0\1secret\n"],
}
"""What to begin with where few bytes by chance make anything of its form."""
KEYS: Final = sorted({word.decode() for word in re.findall(rb"[\w:]{2,}", b" ".join((LINES, CHATGPT, CLAUDE, STREAM)))})
"""Words that inputs are put together from."""


@dataclass(frozen=True, slots=True)
class Guided:
    """What came of a target."""

    target: str
    executions: int
    reached: int
    """Counters of the code that were reached."""
    corpus: int
    """Inputs that were kept, each of which reaches something else."""
    slowest: int
    """Seconds of the slowest input, whole ones."""
    fault: str
    """What was found; empty where nothing was."""
    input: bytes | None
    """That brought it about."""


async def guided(target: str, seconds: int, seed: int, corpus: Path) -> Guided:
    """Try for so long, or until something is found."""
    corpus.mkdir(parents=True, exist_ok=True)
    for number, begin in enumerate(SEEDS.get(target, [b"\1" + bytes(range(64)), b"\3" + bytes(range(64, 128))])):
        (corpus / f"begin{number}").write_bytes(begin)
    (dictionary := corpus.parent / "dictionary").write_text("".join(f'"{word}"\n' for word in KEYS), encoding="ascii")
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.fuzz.guided", target, str(corpus)),
        *(f"-max_total_time={seconds}", f"-seed={seed % 2**32 or 1}", "-max_len=4096", "-print_final_stats=1"),
        *("-len_control=0", f"-dict={dictionary}"),
        *(f"-timeout={SLOWEST}", f"-rss_limit_mb={MEMORY}", f"-artifact_prefix={corpus}-"),
        cwd=HERE.parents[1],
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        async with asyncio.timeout(seconds + GRACE):
            output, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
    return _read(target, output.decode("utf-8", "replace"), process.returncode or 0, corpus)


def _read(target: str, said: str, status: int, corpus: Path) -> Guided:
    stats: Mapping[str, int] = {
        name: int(value) for name, value in re.findall(r"^stat::(\w+): +(\d+)$", said, re.MULTILINE)
    }
    progress = re.findall(r"cov: (\d+) ft: \d+ corp: (\d+)/", said)
    reached, kept = progress[-1] if progress else (0, 0)
    left = [file for file in corpus.parent.glob(f"{corpus.name}-*") if file.is_file()]
    return Guided(
        target=target,
        executions=stats.get("number_of_executed_units", 0),
        reached=int(reached),
        corpus=int(kept),
        slowest=stats.get("slowest_unit_time_sec", 0),
        fault=said[-4000:] if status else "",
        input=left[0].read_bytes() if status and left else None,
    )


def main() -> None:
    import atheris

    atheris.enabled_hooks.add("str")
    with atheris.instrument_imports(include=["app", "graphs", "memocha", "tests.fuzz.checks", "tests.fuzz.targets"]):
        from tests.fuzz.targets import TARGETS
    atheris.Setup([sys.argv[0], *sys.argv[2:]], TARGETS[sys.argv[1]])
    atheris.Fuzz()


if __name__ == "__main__":
    main()
