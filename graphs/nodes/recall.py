"""recall: find what earlier conversations hold for the new question."""

from collections.abc import Sequence
from typing import Any

from langchain_core.messages import AnyMessage, HumanMessage
from langgraph.runtime import Runtime

from graphs.memory.index import IndexFilter
from graphs.memory.packing import pack
from graphs.memory.ranking.followup import context_of, leans
from graphs.memory.records import Recalled
from graphs.memory.retriever import MemoryRetriever
from graphs.nodes.trim import plan
from graphs.prompting import block_of, memory_line, text_of
from graphs.state import ChatContext, ChatState
from graphs.window import (
    has_numbers,
    in_view,
    most_tokens,
    numbered,
    numbered_to,
    recalled_with,
    seq_of,
    stamp,
    with_recalled,
    without_numbers,
)


async def recall(state: ChatState, runtime: Runtime[ChatContext]) -> dict[str, Any]:
    """Adds `recalled` and `in_view`. Never fails for a memory that is down: the answer goes on without it."""
    context = runtime.context
    *earlier, question = state["messages"]
    assert isinstance(question, HumanMessage), "a turn begins with a message of the user"
    seq = seq_of(question)
    changed: dict[str, Any] = {"answer": None}
    if seq is None:
        seq = 1 + max((seq_of(m) or 0 for m in earlier), default=-1)
        question = stamp(question, seq=seq, at=context.now)
        changed["messages"] = [question]
    if without := {message.id: message for message in switched_off(earlier, context)}:
        earlier = [without.get(message.id, message) for message in earlier]
        changed["messages"] = [*without.values(), *changed.get("messages", [])]
    if context.memory is None:
        runtime.stream_writer({"memories": [], "degraded": False, "took_ms": 0.0})
        return {**changed, "recalled": [], "in_view": [], "degraded": False}

    kept = await plan([*earlier, question], context)
    still_there = in_view(kept)
    window_start = min((s for m in kept if (s := seq_of(m)) is not None), default=seq)
    retriever = MemoryRetriever(
        memory=context.memory,
        filter=IndexFilter(user_id=context.user_id, hidden_session=context.session_id, hidden_from_seq=window_start),
        # Room for what is in view and will be left out; where more than that is, the best are known already.
        k=context.recall_k + min(len(still_there), context.recall_k),
        now=context.now,
        context=await leaning_on(text_of(question), earlier, context),
    )
    found = await retriever.recall(text_of(question))
    seen = {item.memory.id for item in still_there}
    fresh = [item for item in found.items if item.memory.id not in seen][: context.recall_k]
    recalled = await fit(fresh, context, after=numbered_to(earlier))
    runtime.stream_writer({"memories": [*recalled, *still_there], "degraded": found.degraded, "took_ms": found.took_ms})
    return {**changed, "recalled": recalled, "in_view": still_there, "degraded": found.degraded}


def switched_off(earlier: Sequence[AnyMessage], context: ChatContext) -> list[AnyMessage]:
    """Those of the earlier messages that carry what is switched off now, without it: with memory off the model reads
    none, with citations off none by number."""
    if context.memory is None:
        return [with_recalled(message, []) for message in earlier if recalled_with(message)]
    if not context.citations:
        return [without_numbers(message) for message in earlier if has_numbers(message)]
    return []


async def leaning_on(question: str, earlier: Sequence[AnyMessage], context: ChatContext) -> str:
    """What a follow-up is looked for with: what the user said before it, and the whole question where a model completes
    it. Small ones often complete it wrongly, so that is added to what is looked for (docs/memory/recall.md)."""
    before = context_of([text_of(message) for message in earlier if isinstance(message, HumanMessage)])
    if context.rewriting is None or not before or not leans(question):
        return before
    completed = await context.rewriting.rewrite(question, earlier)
    return f"{before}\n{completed}" if completed else before


async def fit(found: list[Recalled], context: ChatContext, *, after: int = 0) -> list[Recalled]:
    """Those that fit the budget in the model's tokens, oldest first, and numbered where citations are asked for.

    `after`: the last number that is taken.
    """
    # Which number a memory gets shows when they stand in order; none is longer than the last one.
    longest = after + len(found) if context.citations else None
    chosen = await _fitting(found, [memory_line(item.memory, longest) for item in found], context)
    return numbered(chosen, after) if context.citations else chosen


async def _fitting(found: list[Recalled], lines: list[str], context: ChatContext) -> list[Recalled]:
    # What asks for citations costs as much as a memory or two; the few words that stand there otherwise do not count.
    around = [block_of([], numbered=True)] if context.citations else []
    budget = context.budgets.memories
    # Each new text is a request to the model's server. Most often all lines fit: their bytes or one text of all tell.
    texts = [*around, *lines]
    if most_tokens(texts) <= budget or (await context.tokens.count(["\n".join(texts)]))[0] <= budget:
        return pack(found, budget=0, length=lambda _: 0)
    counts = await context.tokens.count(texts)
    budget -= sum(counts[: len(around)])
    lengths = dict(zip([item.memory.id for item in found], counts[len(around) :], strict=True))
    return pack(found, budget=budget, length=lambda item: lengths[item.memory.id])
