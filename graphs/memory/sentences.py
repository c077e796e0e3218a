"""Sentence encoders over onnxruntime, in this process."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Encoding

from graphs.memory.index import Vector

A = TypeVar("A")
B = TypeVar("B")
Ids = NDArray[np.int64]
Feed = Callable[[Ids, Ids], dict[str, NDArray[np.generic]]]
"""From the pieces' numbers and the mask, both (n, pieces) int64, to what the model takes, by name."""

BATCH = 16
"""Texts in one pass at the most: a question waits behind it."""
PIECES = 256
"""In one pass, but for a text that alone is longer. 96 messages of 50 pieces took 1.25 s of processor time so, 1.28 in
passes of 1,024 and 1.50 one by one. What the runtime keeps for good goes with it: of passes of 1,024 170 MiB, of these
45."""
PADDING = 8
"""Pieces of filling that a text may cost in a pass with others; a pass of its own costs about as much."""


def open_session(model: Path | bytes, threads: int) -> onnxruntime.InferenceSession:
    """An ONNX model, from its file or its bytes, on `threads` cores."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    # Threads that spin while they wait would take the cores from everything else on a small machine.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    given = str(model) if isinstance(model, Path) else model
    return onnxruntime.InferenceSession(given, options, providers=["CPUExecutionProvider"])


def pieces_and_mask(encodings: Sequence[Encoding]) -> tuple[Ids, Ids]:
    """The pieces' numbers, filled up with zeros to the longest, and which of them count; both (n, pieces)."""
    longest = max(len(encoding.ids) for encoding in encodings)
    ids = np.zeros((len(encodings), longest), dtype=np.int64)
    mask = np.zeros_like(ids)
    for at, encoding in enumerate(encodings):
        ids[at, : len(encoding.ids)] = encoding.ids
        mask[at, : len(encoding.ids)] = 1
    return ids, mask


def passes(lengths: Sequence[int]) -> list[list[int]]:
    """Which texts go together, by their lengths in pieces: those of like length, since the short ones of a pass are
    computed as long as the longest. A short question beside the answer to it cost as much as that."""
    found: list[list[int]] = []
    for at in sorted(range(len(lengths)), key=lengths.__getitem__):
        last = found[-1] if found else []
        filling = len(last) * (lengths[at] - lengths[last[-1]]) if last else 0
        if last and len(last) < BATCH and (len(last) + 1) * lengths[at] <= PIECES and filling <= PADDING:
            last.append(at)
        else:
            found.append([at])
    return found


@dataclass(frozen=True, slots=True)
class Encoder:
    """What tells one sentence encoder from another."""

    cut: Callable[[Sequence[str]], list[Encoding]]
    """Cuts texts into pieces, no more than the model sees, and does not fill the shorter ones up."""
    session: onnxruntime.InferenceSession
    """Its first output is the hidden states, (n, pieces, dimensions) float32."""
    feed: Feed
    question: str = ""
    """Goes before each question, for models that were trained so."""
    document: str = ""
    """Goes before each document."""

    def hidden_mean(self, encodings: Sequence[Encoding]) -> Vector:
        """The mean of the hidden states of each text, (n, dimensions) float32."""
        ids, mask = pieces_and_mask(encodings)
        hidden = self.session.run(None, self.feed(ids, mask))[0]
        weights = mask[..., None].astype(np.float32)
        mean: Vector = (hidden * weights).sum(axis=1) / weights.sum(axis=1)
        return mean


class SentenceEmbedder:
    """`Embedder` by the mean of a model's hidden states, in a thread of its own, so that the event loop goes on.

    A question goes before the batches of documents that wait.
    """

    name: str
    dimensions: int
    relevant_from: float

    def __init__(self, encoder: Encoder, *, centre: Vector | None = None) -> None:
        """`centre`: (dimensions,), what all of the model's vectors have in common, taken from each."""
        self._encoder = encoder
        self._centre = centre
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=self.name)
        self._asked = 0
        self._quiet = asyncio.Event()
        self._quiet.set()

    async def embed_documents(self, texts: Sequence[str]) -> Vector:
        """(n, dimensions) float32, rows of length 1."""
        result = np.empty((len(texts), self.dimensions), dtype=np.float32)
        encodings = await self._run(self._encoder.cut, [self._encoder.document + text for text in texts])
        for batch in passes([len(encoding.ids) for encoding in encodings]):
            await self._quiet.wait()
            result[batch] = await self._run(self._embed, [encodings[at] for at in batch])
        return result

    async def embed_query(self, text: str) -> Vector:
        """(dimensions,) float32, of length 1."""
        self._asked += 1
        self._quiet.clear()
        try:
            asked = [self._encoder.question + text]
            vectors = await self._run(lambda texts: self._embed(self._encoder.cut(texts)), asked)
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

    def _embed(self, encodings: Sequence[Encoding]) -> Vector:
        vectors = unit(self._encoder.hidden_mean(encodings))
        return vectors if self._centre is None else unit(vectors - self._centre)


def unit(vectors: Vector) -> Vector:
    """The rows, each of length 1."""
    rows: Vector = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    return rows
