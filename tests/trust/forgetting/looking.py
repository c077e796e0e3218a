"""Looking for words in everything that an instance has on disk, however they are written there."""

import gzip
import json
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

import psycopg
import pyarrow as pa
import pyarrow.parquet as pq
from psycopg import sql

from graphs.memory.stem import stem_query

GZIP = b"\x1f\x8b"


def forms(word: str) -> set[bytes]:
    """The word's bytes as a file may have them: in two encodings, escaped as JSON and Python do, once or twice, in
    hexadecimal, and stemmed."""
    found = set()
    for written in {word, word.lower(), word.upper(), stem_query(word)}:
        found |= {written.encode(), written.encode("utf-16-le"), written.encode("utf-16-be")}
        escaped = {json.dumps(written)[1:-1], repr(written.encode())[2:-1]}
        found |= {each.encode() for each in escaped} | {each.replace("\\", "\\\\").encode() for each in escaped}
        found.add(written.encode().hex().encode())
    return found - {b""}


def files_with(word: str, *folders: Path) -> set[str]:
    """The files below that have the word, compressed ones read as what they hold. By their folder and path."""
    patterns, found = forms(word), set()
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            # Files come and go while a service runs: whoever looks once more finds what stays.
            with suppress(FileNotFoundError):
                if path.is_file() and any(pattern in held for held in _contents(path) for pattern in patterns):
                    found.add(str(path.relative_to(folder.parent)))
    return found


def _contents(path: Path) -> Iterator[bytes]:
    """A file as it lies there, then what it holds."""
    raw = path.read_bytes()
    yield raw
    if path.suffix == ".parquet":
        yield repr(pq.ParquetFile(path).read().to_pylist()).encode()
    elif path.suffix == ".arrow":
        # A log that is being written has no end yet.
        with suppress(pa.ArrowInvalid), pa.ipc.open_stream(raw) as batches:
            for batch in batches:
                yield repr(batch.to_pylist()).encode()
    elif raw.startswith(GZIP):
        yield gzip.decompress(raw)


async def tables_with(url: str, words: Iterable[str]) -> dict[str, set[str]]:
    """By word, the tables of all schemas that have it, and what the planner knows of their columns (`pg_stats`): as a
    dump writes them."""
    patterns = {word: forms(word) for word in words}
    found: dict[str, set[str]] = {word: set() for word in patterns}
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        tables = await connection.execute(
            "SELECT schemaname, tablename FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
        )
        sources = [(name, sql.Identifier(schema, name)) for schema, name in await tables.fetchall()]
        for name, source in [*sources, ("pg_stats", sql.Identifier("pg_stats"))]:
            async with connection.cursor() as cursor:
                copied = cursor.copy(sql.SQL("COPY (SELECT * FROM {}) TO STDOUT").format(source))
                async with copied as rows:
                    dump = b"".join([bytes(row) async for row in rows])
            for word, written in patterns.items():
                if any(pattern in dump for pattern in written):
                    found[word].add(name)
    return found
