"""The chat graph with a memory that outlasts the process: kept in Postgres, found in Milvus."""

import asyncio
from os import getenv as env
from sys import argv
from uuid import UUID, uuid4

from langgraph.store.postgres import AsyncPostgresStore

from memocha import (
    ChatContext,
    ChatModel,
    KeptMemory,
    MilvusConfig,
    MilvusIndex,
    ModelConfig,
    ModelTokenCounter,
    build_chat_graph,
    minilm,
)


async def main(question: str) -> None:
    config = ModelConfig(name=env("MEMOCHA_LLM"), base_url=env("MEMOCHA_LLM_BASE_URL"), api_key=env("OPENAI_API_KEY"))
    model, tokens, embedder, user = ChatModel(config), ModelTokenCounter(config), await minilm(), UUID(int=1)
    milvus = MilvusConfig(uri=env("MEMOCHA_MILVUS_URI"), alias="my_program")
    index = MilvusIndex(milvus, embedder=embedder.name, dimensions=embedder.dimensions)
    await index.prepare()
    async with AsyncPostgresStore.from_conn_string(env("MEMOCHA_DATABASE_URL")) as items:
        await items.setup()
        memory = KeptMemory(embedder, items, index)
        context = ChatContext(user, uuid4(), model=model, tokens=tokens, memory=memory, recorder=memory)
        state = await build_chat_graph().ainvoke({"messages": [("human", question)]}, context=context)
        print([item.memory.text for item in state["recalled"]], "->", state["messages"][-1].text)
    await index.close()


if not all(map(env, ("MEMOCHA_LLM", "MEMOCHA_MILVUS_URI", "MEMOCHA_DATABASE_URL"))):
    raise SystemExit("Set MEMOCHA_LLM, MEMOCHA_MILVUS_URI and MEMOCHA_DATABASE_URL; docs/library.md says to what.")
asyncio.run(main(argv[1]))
