"""generate: have the model answer, piece by piece."""

from contextlib import aclosing
from typing import Any

from langchain_core.messages import AIMessage, AIMessageChunk
from langgraph.runtime import Runtime

from graphs.personal import system_message
from graphs.prompting import render, text_of
from graphs.state import ChatContext, ChatState
from graphs.window import seq_of, with_recalled


async def generate(state: ChatState, runtime: Runtime[ChatContext]) -> dict[str, Any]:
    """Sets `answer`. Each piece of text goes to the stream as `{"token": text}` the moment it comes."""
    context = runtime.context
    *earlier, question = state["messages"]
    sent = with_recalled(question, state.get("recalled", []))
    system = await system_message(context.personal, context.model, context.tokens)
    pieces: list[str] = []
    last: AIMessageChunk | None = None
    async with aclosing(context.model.stream(render([*earlier, sent], system), context.parameters)) as chunks:
        async for chunk in chunks:
            if text := text_of(chunk):
                pieces.append(text)
                runtime.stream_writer({"token": text})
            last = chunk
    answer = AIMessage(
        id=str(context.answer_id),
        content="".join(pieces),
        usage_metadata=last.usage_metadata if last else None,
        response_metadata={"model_name": context.model.name, **(last.response_metadata if last else {})},
        additional_kwargs={"seq": (seq_of(question) or 0) + 1},
    )
    return {"answer": answer}
