"""Two sessions with the chat graph alone: what is said in one is known in the other."""

import asyncio
from os import getenv as env
from uuid import uuid4

from langchain_core.messages import HumanMessage
from langgraph.checkpoint.memory import InMemorySaver

from memocha import ChatContext, ChatModel, LocalMemory, ModelConfig, ModelTokenCounter, build_chat_graph, minilm


async def main() -> None:
    if not (llm := env("MEMOCHA_LLM")):
        raise SystemExit("Which model? Set MEMOCHA_LLM, such as openai:gpt-5-mini, and OPENAI_API_KEY.")
    config = ModelConfig(name=llm, base_url=env("MEMOCHA_LLM_BASE_URL"), api_key=env("OPENAI_API_KEY"))
    model, tokens, memory = ChatModel(config), ModelTokenCounter(config), LocalMemory(await minilm())
    graph, user = build_chat_graph(InMemorySaver()), uuid4()
    for text in ("My dog is called Biscuit.", "What is my dog called?"):
        session = uuid4()
        context = ChatContext(user, session, model=model, tokens=tokens, memory=memory, recorder=memory)
        thread = {"configurable": {"thread_id": str(session)}}
        state = await graph.ainvoke({"messages": [HumanMessage(text)]}, thread, context=context)
        print([item.memory.text for item in state["recalled"]], "->", state["messages"][-1].text)


asyncio.run(main())
