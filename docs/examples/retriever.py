"""Memories as a LangChain retriever, in a chain of your own."""

import asyncio
from uuid import uuid4

from langchain_core.runnables import RunnableLambda

from memocha import IndexFilter, KeptMemory, MemoryRetriever, minilm


async def main() -> None:
    memory, user = KeptMemory(await minilm()), uuid4()
    notes = memory.store(user)
    for key, text in (("dog", "My dog is called Biscuit."), ("tea", "I take my tea with milk.")):
        await notes.aput(("notes",), key, {"text": text})
    retriever = MemoryRetriever(memory=memory, filter=IndexFilter(user), k=3)
    chain = retriever | RunnableLambda(lambda found: "\n".join(f"- {document.page_content}" for document in found))
    print(await chain.ainvoke("What is my dog called?"))


asyncio.run(main())
