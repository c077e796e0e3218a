"""Milvus Lite opens a collection once, however many ask for it at the same time, and loses nothing to a full disk."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
OPEN_AT_ONCE = """
import sys, threading, time
from milvus_lite import db
from milvus_lite.schema import CollectionSchema, DataType, FieldSchema
if sys.argv[2] == "ours":
    from app.embedded.milvus_child import open_one_at_a_time
    open_one_at_a_time()
schema = CollectionSchema(fields=[
    FieldSchema(name="id", dtype=DataType.INT64, is_primary=True),
    FieldSchema(name="v", dtype=DataType.FLOAT_VECTOR, dim=2),
])
first = db.MilvusLite(sys.argv[1])
first.create_collection("memories", schema)
first.close()
load_schema = db.load_schema
def slow(path):
    time.sleep(0.1)
    return load_schema(path)
db.load_schema = slow
again, opened = db.MilvusLite(sys.argv[1]), []
threads = [threading.Thread(target=lambda: opened.append(again.get_collection("memories"))) for _ in range(4)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(len(opened), len({id(each) for each in opened}))
"""


@pytest.mark.parametrize(("whose", "opened"), [("theirs", "4 4"), ("ours", "4 1")])
def test_a_collection_is_opened_once(whose: str, opened: str, tmp_path: Path) -> None:
    """In a process of its own, since the change is to the library. `theirs` fails when it is no longer needed."""
    ran = _ran(OPEN_AT_ONCE, str(tmp_path / "data"), whose)
    assert ran.stdout.strip() == opened, ran.stderr


FULL_DISK = """
import errno, sys
from milvus_lite import db
from milvus_lite.engine import flush
from milvus_lite.schema import CollectionSchema, DataType, FieldSchema
if sys.argv[2] == "ours":
    from app.embedded.milvus_child import write_only_where_there_is_room
    write_only_where_there_is_room()
schema = CollectionSchema(fields=[
    FieldSchema(name="id", dtype=DataType.INT64, is_primary=True),
    FieldSchema(name="v", dtype=DataType.FLOAT_VECTOR, dim=2),
])
collection = db.MilvusLite(sys.argv[1]).create_collection("memories", schema)
collection.insert([{"id": 1, "v": [0.0, 1.0]}])
write_data_file = flush.write_data_file
def full(*arguments):
    flush.write_data_file = write_data_file
    raise OSError(errno.ENOSPC, "No space left on device")
flush.write_data_file = full
try:
    collection.flush()
except OSError:
    collection.insert([{"id": 2, "v": [1.0, 0.0]}])
    collection.flush()
"""
HELD = """
import sys
from milvus_lite import db
print(db.MilvusLite(sys.argv[1]).get_collection("memories").num_entities)
"""


@pytest.mark.parametrize(("whose", "status", "held"), [("theirs", 0, "1"), ("ours", 74, "1")])
def test_a_flush_that_fails_on_a_full_disk(whose: str, status: int, held: str, tmp_path: Path) -> None:
    """Theirs goes on, and of the two rows one is lost; ours ends after the first, and the next start has it."""
    data = str(tmp_path / "data")
    ran = _ran(FULL_DISK, data, whose)
    assert ran.returncode == status, ran.stderr
    assert _ran(HELD, data).stdout.strip() == held


NEARLY_FULL = """
import os, sys
from types import SimpleNamespace
from milvus_lite import db
from milvus_lite.schema import CollectionSchema, DataType, FieldSchema
from app.embedded.milvus_child import NoRoom, write_only_where_there_is_room
write_only_where_there_is_room()
schema = CollectionSchema(fields=[
    FieldSchema(name="id", dtype=DataType.INT64, is_primary=True),
    FieldSchema(name="v", dtype=DataType.FLOAT_VECTOR, dim=2),
])
collection = db.MilvusLite(sys.argv[1]).create_collection("memories", schema)
collection.insert([{"id": 1, "v": [0.0, 1.0]}])
statvfs, refused = os.statvfs, []
os.statvfs = lambda path: SimpleNamespace(f_bavail=1, f_frsize=4096)
for write in (
    lambda: collection.insert([{"id": 2, "v": [0.0, 1.0]}]),
    lambda: collection.upsert([{"id": 1, "v": [0.0, 1.0]}]),
    lambda: collection.delete([1]),
    lambda: collection.flush(),
):
    try:
        write()
    except NoRoom:
        refused.append(1)
os.statvfs = statvfs
collection.insert([{"id": 3, "v": [0.0, 1.0]}])
print(len(refused), collection.num_entities)
"""


def test_nothing_is_begun_where_the_disk_is_nearly_full(tmp_path: Path) -> None:
    ran = _ran(NEARLY_FULL, str(tmp_path / "data"))
    assert ran.stdout.strip() == "4 2", ran.stderr


def _ran(program: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-c", program, *arguments],
        cwd=ROOT, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
