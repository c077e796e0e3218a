"""trim: keep the window within the model's context."""

from collections.abc import Sequence
from typing import Any

from langchain_core.messages import AnyMessage, RemoveMessage
from langgraph.runtime import Runtime

from graphs.errors import PromptTooLong
from graphs.personal import system_message
from graphs.prompting import render_window, text_of
from graphs.state import ChatContext, ChatState
from graphs.window import first_kept, most_tokens

LONGEST_ANSWER = 512
"""Tokens kept free for the answer where no limit is given."""


async def trim(state: ChatState, runtime: Runtime[ChatContext]) -> dict[str, Any]:
    """Removes the oldest turns from `messages` when the window is over its budget."""
    kept = await plan(state["messages"], runtime.context)
    dropped = state["messages"][: len(state["messages"]) - len(kept)]
    # Nothing is said of the messages when all stay: each time they are touched, the whole window is checkpointed.
    return {"messages": [RemoveMessage(id=str(message.id)) for message in dropped]} if dropped else {}


async def plan(messages: Sequence[AnyMessage], context: ChatContext) -> Sequence[AnyMessage]:
    """The messages that stay. Recall asks too, since what is about to leave may be recalled and what stays need not.

    Raises `PromptTooLong` when the question alone does not fit.
    """
    tokens = context.tokens
    texts = [text_of(message) for message in render_window(messages)]
    budget = await window_budget(context)
    if most_tokens(texts) + len(texts) * tokens.per_message <= budget:
        return messages
    lengths = [count + tokens.per_message for count in await tokens.count(texts)]
    if lengths[-1] > budget:
        raise PromptTooLong(f"the message has {lengths[-1]} tokens; the window has room for {budget}")
    return messages[first_kept(messages, lengths, budget) :]


async def window_budget(context: ChatContext) -> int:
    """Tokens for the window: what the system prompt, the memory block and the answer leave of the context."""
    tokens, budgets = context.tokens, context.budgets
    [system] = await tokens.count([await system_message(context.personal, context.model, tokens)])
    answer = context.parameters.max_tokens or LONGEST_ANSWER
    room = context.model.context - system - tokens.per_message - tokens.per_answer - budgets.memories - answer
    return min(room, budgets.window) if budgets.window else room
