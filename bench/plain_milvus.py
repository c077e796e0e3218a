"""langchain-milvus with its defaults, over the texts that the product was seeded with: the baseline of recall."""

import asyncio
import random
from collections.abc import Sequence
from uuid import uuid4

from bench.recall import WARM_UP, embed_all, plain_store, times
from bench.seed import embedder
from bench.texts import memories_of


async def plain_search(uri: str, users: int, questions: Sequence[str]) -> dict[str, float]:
    """p50 and p95 of its dense search for one of so many users who share 10,000 memories; milliseconds."""
    assert len(questions) > WARM_UP
    dice = random.Random(users)
    owners = [uuid4() for _ in range(users)]
    memories = [memory for owner in owners for memory in memories_of(owner, 10_000 // users, dice)]
    minilm = await embedder()
    store = await asyncio.to_thread(plain_store, uri, minilm, memories, await embed_all(minilm, memories))
    where = f'user_id == "{owners[0]}"'
    taken = await times(questions, lambda text: store.asimilarity_search(text, k=8, expr=where))
    minilm.close()
    return {"p50": taken["p50_ms"], "p95": taken["p95_ms"]}
