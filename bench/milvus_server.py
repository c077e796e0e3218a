"""The dense path on a real Milvus server, 2.3.5, out of a package; `bench.tuning` runs this in a namespace of its own.

unshare --net sh -c 'ip link set lo up && python -m bench.milvus_server FOLDER'
"""

import asyncio
import json
import socket
import sys
import time
from functools import partial
from pathlib import Path
from typing import Any

from milvus import MilvusServer
from pymilvus import DataType, MilvusClient

from bench.searches import WANTED, Data, search_all
from graphs.memory.index import Vector

PORT = 19530
EF = (24, 64, 128, 256, 512)
KINDS: dict[str, tuple[dict[str, Any], str, tuple[int, ...]]] = {
    "FLAT": ({}, "", (0,)),
    "HNSW": ({"M": 16, "efConstruction": 200}, "ef", EF),
    "AUTOINDEX": ({}, "level", (1, 2, 3)),
}
"""By index: how it is made, the parameter of a search, and its values."""
LEVELS = ("Strong", "Bounded", "Eventually")
"""Consistency, beside Session, which all else is asked with; nothing is written meanwhile."""
AT_ONCE = 2000
READY_WITHIN = 900


def main(folder: Path, kinds: list[str]) -> None:
    others = [name for _, name in socket.if_nameindex() if name != "lo"]
    if others:
        sys.exit(f"this network is not its own (it has {', '.join(others)}); the server would be open to it")
    data = Data.load(folder / "data.npz")
    server = MilvusServer()
    server.set_base_dir(str(folder / "milvus"))
    server.listen_port = PORT
    server.start()
    try:
        figures = asyncio.run(measure(data, kinds))
    finally:
        server.stop()
    (folder / "figures.json").write_text(json.dumps(figures), encoding="utf-8")


async def measure(data: Data, kinds: list[str]) -> dict[str, Any]:
    """Each index with and without rows spread by user, or these with them spread."""
    client = MilvusClient(f"http://127.0.0.1:{PORT}")
    answers = data.answers()
    figures: dict[str, Any] = {}
    for spread in (True,) if kinds else (False, True):
        fill(client, data, spread=spread)
        for kind, (build, parameter, values) in ((name, KINDS[name]) for name in kinds or KINDS):
            name = f"Milvus 2.3.5, {kind}{', partition key' if spread else ''}"
            figures[f"{name}, made in s"] = index(client, kind, build)
            for value in values:
                params = {parameter: value} if parameter else {}
                label = f"{name}, {parameter} {value}" if parameter else name
                figures[label] = await search_all(data, answers, partial(search, client, params))
            if kind == "FLAT":
                for level in LEVELS:
                    asking = partial(search, client, {}, level=level)
                    figures[f"{name}, {level}"] = await search_all(data, answers, asking)
            client.release_collection("tuning")
            client.drop_index("tuning", "dense")
        client.drop_collection("tuning")
    return figures


def fill(client: MilvusClient, data: Data, *, spread: bool) -> None:
    """A collection with all rows, not loaded yet."""
    schema = client.create_schema(auto_id=False, enable_dynamic_field=False)
    schema.add_field("id", DataType.INT64, is_primary=True)
    schema.add_field("user_id", DataType.VARCHAR, max_length=36, is_partition_key=spread)
    schema.add_field("dense", DataType.FLOAT_VECTOR, dim=data.vectors.shape[1])
    client.create_collection("tuning", schema=schema, consistency_level="Session")
    for at in range(0, len(data.vectors), AT_ONCE):
        rows = range(at, min(at + AT_ONCE, len(data.vectors)))
        client.insert(
            "tuning",
            [{"id": row, "user_id": f"user {data.owner(row)}", "dense": data.vectors[row].tolist()} for row in rows],
        )
    client.flush("tuning")


def index(client: MilvusClient, kind: str, build: dict[str, Any]) -> int:
    """Make the index and load the collection; seconds."""
    start = time.monotonic()
    wanted = client.prepare_index_params()
    wanted.add_index("dense", index_type=kind, metric_type="IP", params=build)
    client.create_index("tuning", wanted)
    while True:
        state = client.describe_index("tuning", "dense")
        if state.get("pending_index_rows", 0) == 0 and state.get("state") in (None, "Finished"):
            break
        if time.monotonic() - start > READY_WITHIN:
            raise TimeoutError(f"{kind} was not made within {READY_WITHIN} s")
        time.sleep(0.5)
    client.load_collection("tuning")
    return round(time.monotonic() - start)


async def search(client: MilvusClient, params: dict[str, int], question: Vector, *, level: str = "Session") -> set[int]:
    found = client.search(
        "tuning", [question.tolist()], filter='user_id == "user 0"', limit=WANTED, output_fields=["id"],
        search_params={"metric_type": "IP", "params": params}, consistency_level=level,
    )  # fmt: skip
    return {int(hit["id"]) for hit in found[0]}


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
