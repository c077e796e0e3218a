"""The graph alone in a process of its own: run as `python -m bench.graph_process`, each line is a number of turns."""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, Process
from typing import Self
from uuid import uuid4

import uvloop

from bench.model import CONTEXT, LONGEST, MODEL


class GraphProcess:
    """That process, seen from the outside."""

    def __init__(self, base_url: str) -> None:
        self._base_url = base_url

    async def __aenter__(self) -> Self:
        environment = {**os.environ, "BENCH_MODEL_URL": self._base_url}
        self._process: Process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bench.graph_process", stdin=PIPE, stdout=PIPE, env=environment
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        self._process.terminate()
        await self._process.wait()

    @property
    def pid(self) -> int:
        return self._process.pid

    async def turns(self, count: int) -> None:
        """Have it take so many turns."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{count}\n".encode())
        if (await self._process.stdout.readline()).strip() != b"done":
            raise RuntimeError("the process with the graph ended")


async def _serve() -> None:
    from langchain_core.messages import HumanMessage
    from langgraph.checkpoint.memory import InMemorySaver

    from graphs.chat import build_chat_graph
    from graphs.models.chat import ChatModel
    from graphs.models.config import ModelConfig
    from graphs.models.tokens import ModelTokenCounter
    from graphs.state import ChatContext

    config = ModelConfig(
        name=f"openai:{MODEL}", base_url=os.environ["BENCH_MODEL_URL"], context=CONTEXT, max_tokens=LONGEST
    )
    model, tokens, graph = ChatModel(config), ModelTokenCounter(config), build_chat_graph(InMemorySaver())
    while line := await asyncio.to_thread(sys.stdin.readline):
        for _ in range(int(line)):
            context = ChatContext(uuid4(), uuid4(), model=model, tokens=tokens, memory=None)
            thread = {"configurable": {"thread_id": str(context.session_id)}}
            question = HumanMessage("Tell me a long story about the cellar.")
            seen = 0
            async for _chunk in graph.astream(
                {"messages": [question]},
                thread,
                context=context,
                stream_mode="messages",  # type: ignore[call-overload]
            ):
                seen += 1
            assert seen, "the graph streams its model's pieces"
        print("done", flush=True)


if __name__ == "__main__":
    uvloop.run(_serve())
