"""Milvus Lite opens a collection once, however many ask for it at the same time."""

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
    ran = subprocess.run(
        [sys.executable, "-c", OPEN_AT_ONCE, str(tmp_path / "data"), whose],
        cwd=ROOT, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert ran.stdout.strip() == opened, ran.stderr
