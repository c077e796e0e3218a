"""Other users' memories by the hundred thousand, as Postgres takes them fastest: binary COPY of rows made by numpy.

Their vectors are random and of length 1, their words numbers: nobody asks for them, they are there to be passed over.
"""

from uuid import UUID

import numpy as np
import psycopg
from numpy.typing import NDArray

from graphs.memory.pgvector_sql import Names

HEADER = b"PGCOPY\n\xff\r\n\x00" + b"\x00" * 8
TRAILER = b"\xff\xff"
EACH = 1000
"""Memories of one user."""
AT_ONCE = 20_000
WORDS = 6
"""Words of one memory."""


def fill(url: str, names: Names, rows: int, dimensions: int, seed: int = 7) -> None:
    """Add so many memories of other users, in no order of users. Blocks."""
    dice = np.random.default_rng(seed)
    with psycopg.connect(url, autocommit=True) as connection:
        # The words are copied too, which is many times faster than a trigger for each row.
        connection.execute(f"ALTER TABLE {names.entries} DISABLE TRIGGER USER")
        users = np.frombuffer(dice.bytes(16 * max(1, rows // EACH)), dtype="V16")
        for at in range(0, rows, AT_ONCE):
            count = min(AT_ONCE, rows - at)
            ids = np.frombuffer(dice.bytes(16 * count), dtype="V16")
            owners = users[dice.integers(0, len(users), count)]
            _copy(connection, names.entries, _entries(dice, ids, owners, dimensions))
            _copy(connection, names.words, _words(dice, ids, owners))
        connection.execute(f"ALTER TABLE {names.entries} ENABLE TRIGGER USER")


def _entries(dice: np.random.Generator, ids: NDArray[np.void], owners: NDArray[np.void], size: int) -> bytes:
    rows = _rows(
        len(ids),
        [("id", "V16"), ("words", "V12"), ("embedding", ("V4", ">f4", size)), ("user_id", "V16"), ("session_id", "V16"),
         ("message_id", "V16"), ("kind", "V7"), ("role", "V4"), ("seq", ">i8"), ("created_at", ">i8"),
         ("length", ">i4")],
    )  # fmt: skip
    vectors = dice.standard_normal((len(ids), size), dtype=np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    rows["id"], rows["user_id"] = ids, owners
    rows["session_id"] = rows["message_id"] = ids
    rows["words"], rows["kind"], rows["role"] = b"passed over ", b"episode", b"user"
    rows["embedding"]["head"] = np.frombuffer(np.array([size, 0], dtype=">i2").tobytes(), dtype="V4")
    rows["embedding"]["values"] = vectors
    rows["length"] = WORDS
    return rows.tobytes()


def _words(dice: np.random.Generator, ids: NDArray[np.void], owners: NDArray[np.void]) -> bytes:
    rows = _rows(
        len(ids) * WORDS,
        [("user_id", "V16"), ("word", "V5"), ("memory_id", "V16"), ("times", ">i4"), ("length", ">i4")],
    )
    rows["user_id"], rows["memory_id"] = np.repeat(owners, WORDS), np.repeat(ids, WORDS)
    numbers = dice.integers(0, 9000, len(ids)).repeat(WORDS) + np.tile(np.arange(WORDS) * 10_000, len(ids)) + 10_000
    rows["word"] = numbers.astype("S5").view("V5")
    rows["times"], rows["length"] = 1, WORDS
    return rows.tobytes()


def _rows(count: int, fields: list[tuple[str, object]]) -> NDArray[np.void]:
    """Rows of the binary format: the number of fields, then each with its length before it."""
    layout: list[tuple[object, ...]] = [("fields", ">i2")]
    for name, kind in fields:
        if isinstance(kind, tuple):
            head, value, size = kind
            kind = np.dtype([("head", head), ("values", value, size)])
        layout += [(f"{name} length", ">i4"), (name, kind)]
    rows = np.zeros(count, dtype=np.dtype(layout))
    rows["fields"] = len(fields)
    for name, _ in fields:
        rows[f"{name} length"] = rows.dtype[name].itemsize
    return rows


def _copy(connection: psycopg.Connection, table: str, rows: bytes) -> None:
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} FROM STDIN (FORMAT BINARY)") as copy:
        copy.write(HEADER + rows + TRAILER)


def user_of(raw: bytes) -> UUID:
    return UUID(bytes=raw)
