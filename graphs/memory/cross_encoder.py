"""A reranker in this process: an ONNX model that reads question and text together."""

import asyncio
import zipfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TypeVar

import numpy as np
from tokenizers import Encoding, Tokenizer

from graphs.memory.index import Vector
from graphs.memory.rerank import QUESTION_LONGEST, chance
from graphs.memory.sentences import BATCH, open_session, pieces_and_mask

T = TypeVar("T")

LONGEST = 256
"""Word pieces of question and text together that the model sees."""


class CrossEncoder:
    """`Reranker` by an ONNX model over pairs, in a thread of its own."""

    def __init__(self, name: str, model: Path | bytes, tokenizer: str, *, threads: int = 1) -> None:
        """`tokenizer`: the content of its tokenizer.json; `threads`: cores for one pass."""
        self.name = name
        self._tokenizer = Tokenizer.from_str(tokenizer)
        self._tokenizer.enable_truncation(LONGEST, strategy="longest_first")
        self._tokenizer.no_padding()
        self._session = open_session(model, threads)
        self._taken = {given.name for given in self._session.get_inputs()}
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="reranker")

    @classmethod
    def from_files(cls, path: Path, *, threads: int = 1) -> "CrossEncoder":
        """From a folder with `model.onnx` and `tokenizer.json`, or an archive that holds one `.onnx` and that.

        Raises `OSError`, and `ValueError` or `BadZipFile` where they are not there.
        """
        path = path.expanduser()
        if path.is_dir():
            tokenizer = (path / "tokenizer.json").read_text(encoding="utf-8")
            return cls(path.name, path / "model.onnx", tokenizer, threads=threads)
        with zipfile.ZipFile(path) as archive:
            names = [name for name in archive.namelist() if not name.startswith("__MACOSX/")]
            models = [name for name in names if name.endswith(".onnx")]
            tokenizers = [name for name in names if name.rsplit("/", 1)[-1] == "tokenizer.json"]
            if len(models) != 1 or len(tokenizers) != 1:
                raise ValueError(
                    f"{path.name} holds {len(models)} models and {len(tokenizers)} tokenizers, not one each"
                )
            tokenizer = archive.read(tokenizers[0]).decode()
            return cls(path.stem, archive.read(models[0]), tokenizer, threads=threads)

    async def score(self, question: str, texts: Sequence[str]) -> Vector:
        result = np.empty(len(texts), dtype=np.float32)
        asked = question[:QUESTION_LONGEST]
        encodings = await self._run(lambda: self._tokenizer.encode_batch([(asked, text) for text in texts]))
        order = sorted(range(len(texts)), key=lambda at: len(encodings[at].ids))
        for start in range(0, len(order), BATCH):
            batch = order[start : start + BATCH]
            result[batch] = await self._run(partial(self._score, [encodings[at] for at in batch]))
        return result

    async def close(self) -> None:
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def _run(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    def _score(self, encodings: Sequence[Encoding]) -> Vector:
        ids, mask = pieces_and_mask(encodings)
        second = np.zeros_like(ids)
        for at, encoding in enumerate(encodings):
            second[at, : len(encoding.type_ids)] = encoding.type_ids
        given = {"input_ids": ids, "attention_mask": mask, "token_type_ids": second}
        logits = self._session.run(None, {name: given[name] for name in self._taken})[0].reshape(len(encodings), -1)
        # One number says how well they fit; of two the second speaks for it and the first against it.
        return chance(logits[:, -1] - (logits[:, 0] if logits.shape[1] == 2 else 0.0))
