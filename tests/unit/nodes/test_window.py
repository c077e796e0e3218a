"""Which messages stay in the window."""

import pytest
from langchain_core.messages import AIMessage, AnyMessage, HumanMessage

from graphs.window import first_kept, most_tokens


def turns(count: int) -> list[AnyMessage]:
    """So many turns, and a question."""
    made: list[AnyMessage] = []
    for number in range(count):
        made += [HumanMessage(f"question {number}"), AIMessage(f"answer {number}")]
    return [*made, HumanMessage("the question")]


@pytest.mark.parametrize(
    ("budget", "first"),
    [
        pytest.param(210, 0, id="what fits stays whole"),
        pytest.param(209, 12, id="what does not fit drops to half at once, not by one"),
        pytest.param(100, 16, id="and to half of what there is room for"),
        pytest.param(10, 20, id="the question stays, whatever else"),
    ],
)
def test_the_window_drops_in_large_steps_and_by_whole_turns(budget: int, first: int) -> None:
    messages = turns(10)
    kept = first_kept(messages, [10] * len(messages), budget)
    assert kept == first
    assert isinstance(messages[kept], HumanMessage)


def test_after_a_drop_several_turns_only_append() -> None:
    messages, drops = turns(0), 0
    for number in range(50):
        messages = [*messages, AIMessage(f"answer {number}"), HumanMessage(f"question {number}")]
        kept = first_kept(messages, [10] * len(messages), 200)
        drops += kept > 0
        messages = messages[kept:]
        assert len(messages) * 10 <= 200
    assert drops <= 10


def test_bytes_bound_tokens() -> None:
    assert most_tokens(["abc", "é", "日本"]) == 3 + 2 + 6
