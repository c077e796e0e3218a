"""Memocha as the long-term store of a LangGraph app: one graph for all users, to each their own memories."""

import asyncio
from dataclasses import dataclass
from uuid import UUID, uuid4

from langgraph.graph import START, MessagesState, StateGraph
from langgraph.runtime import Runtime, get_runtime

from memocha import KeptMemory, minilm


@dataclass
class Who:
    user_id: UUID


async def answer(state: MessagesState, runtime: Runtime[Who]) -> dict:
    said = state["messages"][-1]
    found = await runtime.store.asearch(("memories",), query=said.text, limit=1)
    await runtime.store.aput(("memories",), said.id, {"text": said.text})
    return {"messages": [("ai", found[0].value["text"] if found else "I know nothing yet.")]}


async def main() -> None:
    store = KeptMemory(await minilm()).store(lambda: get_runtime(Who).context.user_id)
    graph = (
        StateGraph(MessagesState, context_schema=Who).add_node(answer).add_edge(START, "answer").compile(store=store)
    )
    ann, ben = Who(uuid4()), Who(uuid4())
    for who, text in ((ann, "My dog is called Rex."), (ann, "How is my dog called?"), (ben, "How is my dog called?")):
        state = await graph.ainvoke({"messages": [("human", text)]}, context=who)
        print(text, "->", state["messages"][-1].text)


asyncio.run(main())
