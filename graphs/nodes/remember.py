"""remember: record the turn, and let the window go on from it."""

from typing import Any

from langgraph.runtime import Runtime

from graphs.state import ChatContext, ChatState, Turn
from graphs.window import in_view, seq_of, with_recalled


async def remember(state: ChatState, runtime: Runtime[ChatContext]) -> dict[str, Any]:
    """Hands the turn to the recorder, then appends the answer to `messages`."""
    context = runtime.context
    question, answer = state["messages"][-1], state.get("answer")
    assert answer is not None, "generate comes before remember"
    recalled = state.get("recalled", [])
    if context.recorder is not None:
        await context.recorder.record(
            Turn(
                user_id=context.user_id,
                session_id=context.session_id,
                question=question,
                answer=answer,
                recalled=[*recalled, *in_view(state["messages"])],
                window_start=seq_of(state["messages"][0]) or 0,
            )
        )
    sent = with_recalled(question, recalled)
    return {"messages": [sent, answer], "answer": None}
