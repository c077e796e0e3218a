"""MiniLM-L6-v2, quantised to 8 bits, in this process."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import numpy as np
import onnxruntime
from tokenizers import Encoding, Tokenizer

from graphs.memory.index import Vector

A = TypeVar("A")
B = TypeVar("B")

LONGEST = 256
"""Word pieces that the model sees of a text."""
BATCH = 16
"""Texts in one pass: more gain nothing on a CPU, and keep a question waiting behind them for longer."""


class MiniLM:
    """`Embedder` over an ONNX file, in a thread of its own, so that the event loop goes on meanwhile.

    A question goes before the batches of documents that wait. Measured on one core: 8 word pieces 3.5 ms, 100 24 ms,
    256 69 ms; a second thread takes 3.2, 16 and 42 ms, so one is enough for questions.
    """

    name = "minilm-l6-v2-int8"
    dimensions = 384
    # Of ten plain facts and questions about them the right pairs lay between 0.46 and 0.83; of ten questions about
    # something else none came nearer to any of them than 0.30.
    relevant_from = 0.30

    def __init__(self, model: Path, tokenizer: Path, threads: int = 1) -> None:
        """Reads both files (0.2 s). `threads`: cores for one pass."""
        self._tokenizer = Tokenizer.from_file(str(tokenizer))
        self._tokenizer.enable_truncation(LONGEST)
        self._tokenizer.no_padding()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        # Threads that spin while they wait would take the cores from everything else on a small machine.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
        self._inputs = {given.name for given in self._session.get_inputs()}
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="minilm")
        self._asked = 0
        self._quiet = asyncio.Event()
        self._quiet.set()

    async def embed_documents(self, texts: Sequence[str]) -> Vector:
        """(n, 384) float32, rows of length 1."""
        result = np.empty((len(texts), self.dimensions), dtype=np.float32)
        encodings = await self._run(self._encode, texts)
        # Texts of like length go together, since the short ones of a batch are computed as long as the longest.
        order = sorted(range(len(texts)), key=lambda at: len(encodings[at].ids))
        for start in range(0, len(order), BATCH):
            batch = order[start : start + BATCH]
            await self._quiet.wait()
            result[batch] = await self._run(self._embed, [encodings[at] for at in batch])
        return result

    async def embed_query(self, text: str) -> Vector:
        """(384,) float32, of length 1."""
        self._asked += 1
        self._quiet.clear()
        try:
            vectors = await self._run(lambda texts: self._embed(self._encode(texts)), [text])
        finally:
            self._asked -= 1
            if not self._asked:
                self._quiet.set()
        vector: Vector = vectors[0]
        return vector

    def close(self) -> None:
        """Let go of the thread."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def _run(self, work: Callable[[A], B], given: A) -> B:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work, given)

    def _encode(self, texts: Sequence[str]) -> list[Encoding]:
        return self._tokenizer.encode_batch(list(texts))

    def _embed(self, encodings: Sequence[Encoding]) -> Vector:
        longest = max(len(encoding.ids) for encoding in encodings)
        ids = np.zeros((len(encodings), longest), dtype=np.int64)
        mask = np.zeros_like(ids)
        for at, encoding in enumerate(encodings):
            ids[at, : len(encoding.ids)] = encoding.ids
            mask[at, : len(encoding.ids)] = 1
        feed = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        hidden = self._session.run(None, {name: feed[name] for name in self._inputs})[0]
        weights = mask[..., None].astype(np.float32)
        mean = (hidden * weights).sum(axis=1) / weights.sum(axis=1)
        vectors: Vector = (mean / np.linalg.norm(mean, axis=1, keepdims=True)).astype(np.float32)
        return vectors
