"""Conversations of other chats as lines: branches, what was shown, what is left out and counted."""

import json
from collections import Counter
from collections.abc import Iterator
from copy import deepcopy
from decimal import Decimal
from typing import Any

import pytest

from app.transfer.archives import chatgpt as chatgpt_form
from app.transfer.archives import claude as claude_form
from app.transfer.archives.trees import Skipped
from tests.unit.transfer.archives.support import NOBODY, ROOT, chatgpt, claude, node, told


def lines(form: Any, given: dict[str, Any]) -> tuple[list[dict[str, Any]], dict[str, int]]:
    assert form.is_conversation(given)
    skipped: Skipped = Counter()
    made = [json.loads(line.to_json()) for line in form.conversation(given, skipped)]
    return made, {kind: count for kind, count in skipped.items() if count}


def said(given: dict[str, Any], form: Any = chatgpt_form) -> list[str]:
    return [line["message"]["content"] for line in lines(form, given)[0] if "message" in line]


def test_a_talk_of_chatgpts() -> None:
    given = chatgpt(
        "tea",
        [
            node("q", "tea-system", "Which tea?", at=1700000001.5),
            node("a", "q", "Assam.", "assistant", at=1700000002.0, metadata={"model_slug": "gpt-4o"}),
        ],
        "a",
    )
    assert lines(chatgpt_form, given) == (
        [
            {"session": {"id": "tea", "title": "About tea", "created_at": "2023-11-14T22:13:20.250000Z"}},
            {"message": {"id": "q", "role": "user", "content": "Which tea?", "created_at": "2023-11-14T22:13:21.500000Z"}},
            {"message": {"id": "a", "role": "assistant", "content": "Assam.", "created_at": "2023-11-14T22:13:22Z", "model": "gpt-4o"}},
        ],
        {},
    )  # fmt: skip


def test_branches_are_siblings_and_the_last_one_shown_is() -> None:
    given = chatgpt(
        "b",
        [
            node("a2", "q", "Second answer", "assistant", at=30),
            node("q", "b-system", "Question", at=10),
            node("a1", "q", "First answer", "assistant", at=20),
            node("q1", "a1", "And then?", at=40),
        ],
        "a2",
    )
    messages = [line["message"] for line in lines(chatgpt_form, given)[0][1:]]
    assert [(each["id"], each["parent"], each.get("shown", True)) for each in messages] == [
        ("q", None, True), ("a1", "q", False), ("a2", "q", True), ("q1", "a1", False),
    ]  # fmt: skip


def test_what_is_not_taken_leaves_no_gap() -> None:
    given = chatgpt(
        "t",
        [
            node("me", "t-system", content={"content_type": "user_editable_context", "user_profile": "x", "text": "I am"}),
            node("q", "me", "Plot it", at=1, metadata={"attachments": [{"name": "a.csv"}]}),
            node("think", "q", content={"content_type": "thoughts", "thoughts": [{"summary": "s"}]}, role="assistant"),
            node("call", "think", content={"content_type": "code", "text": "plot()"}, role="assistant", recipient="python"),
            node("gave", "call", content={"content_type": "execution_output", "text": "ok"}, role="tool"),
            node("image", "gave", [{"content_type": "image_asset_pointer", "asset_pointer": "x"}], "tool"),
            node("a", "image", "Done", "assistant", at=2),
            node("hidden", "a", "secret", "assistant", metadata={"is_visually_hidden_from_conversation": True}),
            node("weightless", "hidden", "secret", weight=0.0),
            node("thanks", "weightless", "Thanks", at=3),
        ],
        "thanks",
    )  # fmt: skip
    made, skipped = lines(chatgpt_form, given)
    assert [line["message"]["id"] for line in made[1:]] == ["q", "a", "thanks"]
    assert all("parent" not in line["message"] for line in made[1:]), "it is one branch still"
    assert skipped == {"attachments": 2, "tools": 4, "hidden": 3}


@pytest.mark.parametrize(
    ("parts", "text"),
    [
        (["One", "two"], "One\ntwo"),
        ([{"content_type": "audio_transcription", "text": "Spoken", "direction": "in"}], "Spoken"),
        (["What is this?", {"content_type": "image_asset_pointer"}], "What is this?"),
        (["Found it\ue200cite\ue202turn0search1\ue201."], "Found it."),
        (['Ask \ue200entity\ue202["people","Ada Lovelace",0]\ue201 about it'], "Ask Ada Lovelace about it"),
        (["As it says【12†source】."], "As it says."),
        (["nul\0l \ud83d half"], "null  half"),
        (["  \n"], None),
        ([""], None),
        ([None, 7, []], None),
    ],
)
def test_what_of_a_message_is_text(parts: list[Any], text: str | None) -> None:
    given = chatgpt("p", [node("q", ROOT, parts, content={"content_type": "multimodal_text", "parts": parts})], "q")
    assert said(given) == ([] if text is None else [text])


def test_code_that_was_shown_is_code() -> None:
    content = {"content_type": "code", "language": "python", "text": "print(1)"}
    assert said(chatgpt("c", [node("a", ROOT, content=content, role="assistant")], "a")) == ["```python\nprint(1)\n```"]


def test_a_conversation_that_was_archived_or_not_to_be_remembered() -> None:
    given = chatgpt("s", [node("q", ROOT, "psst")], "q", is_archived=True, is_do_not_remember=True)
    heading = lines(chatgpt_form, given)[0][0]["session"]
    assert (heading["archived"], heading["memory_enabled"]) == (True, False)


@pytest.mark.parametrize(
    ("nodes", "head", "kept"),
    [
        ([node("a", "b", "x"), node("b", "a", "y")], "a", ["x", "y"]),
        ([node("a", "a", "x")], "a", ["x"]),
        ([node("a", "b"), node("b", "a"), node("c", "b", "x")], "c", ["x"]),
        ([node("a", "nowhere", "x")], "nowhere either", ["x"]),
        ([node("a", None, "x", at="yesterday"), node("b", "a", "y", at=1e300)], None, ["x", "y"]),
        ([node("a", None, "x", metadata=None, author=None)], "a", []),
        ([node("a", None, "x", author={"role": ["user"]})], "a", []),
        ([{"id": "a", "message": "x", "parent": 3}, node("b", None, "x")], 7, ["x"]),
        ([node("x" * 600, None, "x"), node("b", "x" * 600, "y")], "b", ["x", "y"]),
    ],
)
def test_trees_that_are_none(nodes: list[dict[str, Any]], head: Any, kept: list[str]) -> None:
    given = chatgpt("x", nodes, head, title={"not": "a title"}, create_time="soon")
    assert sorted(said(given)) == kept


def test_a_branch_of_thousands() -> None:
    nodes = [node(f"n{at}", f"n{at - 1}" if at else None, "x" if at % 2 else None) for at in range(20_000)]
    assert len(said(chatgpt("long", nodes[::-1], "n19999"))) == 10_000


def test_a_text_over_our_bound_is_counted() -> None:
    given = chatgpt("l", [node("q", ROOT, "x" * 1_000_001), node("a", "q", "Long!", "assistant")], "a")
    made, skipped = lines(chatgpt_form, given)
    assert [line["message"]["content"] for line in made[1:]] == ["Long!"]
    assert skipped == {"too_long": 1}


def test_a_talk_of_claudes() -> None:
    given = claude("tea", [told("q", "Which tea?"), told("a", "Assam.", "assistant")])
    assert lines(claude_form, given) == (
        [
            {"session": {"id": "tea", "title": "About tea", "created_at": "2024-05-01T09:59:00Z"}},
            {"message": {"id": "q", "role": "user", "content": "Which tea?", "created_at": "2024-05-01T10:00:00.123456Z"}},
            {"message": {"id": "a", "role": "assistant", "content": "Assam.", "created_at": "2024-05-01T10:00:00.123456Z"}},
        ],
        {},
    )  # fmt: skip


def test_branches_of_claudes() -> None:
    given = claude(
        "b",
        [
            told("q", "Question", parent_message_uuid=NOBODY),
            told("a1", "First", "assistant", parent_message_uuid="q", created_at="2024-05-01T10:01:00Z"),
            told("a2", "Second", "assistant", parent_message_uuid="q", created_at="2024-05-01T10:02:00Z"),
        ],
    )
    messages = [line["message"] for line in lines(claude_form, given)[0][1:]]
    assert [(each["id"], each["parent"], each.get("shown", True)) for each in messages] == [
        ("q", None, True), ("a1", "q", False), ("a2", "q", True),
    ]  # fmt: skip


def test_blocks_of_claudes_are_taken_rather_than_the_excuse_for_them() -> None:
    blocks = [
        {"type": "thinking", "thinking": "hm"},
        {"type": "text", "text": "Let me look."},
        {"type": "tool_use", "name": "web_search", "input": {}},
        {"type": "tool_result", "content": []},
        {"type": "text", "text": "It rains."},
    ]
    excuse = "This block is not supported on your current device yet."
    given = claude(
        "w",
        [
            told("q", "Weather?", attachments=[{"file_name": "a.txt", "extracted_content": "…"}], files=[{"file_name": "b"}]),
            told("a", f"Let me look.\n{excuse}\nIt rains.", "assistant", content=blocks),
            told("old", "No blocks then", content=[]),
            told("other", "x", "system"),
        ],
    )  # fmt: skip
    made, skipped = lines(claude_form, given)
    assert [line["message"]["content"] for line in made[1:]] == [
        "Weather?",
        "Let me look.\n\nIt rains.",
        "No blocks then",
    ]
    assert skipped == {"attachments": 2, "tools": 3, "hidden": 1}


def test_a_conversation_of_which_nothing_is_left() -> None:
    assert lines(claude_form, claude("e", [told("q", " ")]))[0] == []
    assert lines(chatgpt_form, chatgpt("e", [], None))[0] == []


ODD = (
    None, True, 0, -1, 10**400, Decimal("1e400"), Decimal("NaN"), 1e300, "", "x", "\0", "\ud800", "9999-99-99", "0001-01-01T00:00:00+23:00",
    "x" * 3000, [], [[]], [None, 1, "x", {}], {}, {"text": []}, {"content_type": [], "parts": {}},
)  # fmt: skip
"""In the place of anything that an archive may hold."""


def places(given: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where anything stands in it."""
    if path:
        yield path
    inside = given.items() if isinstance(given, dict) else enumerate(given) if isinstance(given, list) else ()
    for key, value in inside:
        yield from places(value, (*path, key))


@pytest.mark.parametrize(
    ("form", "given"),
    [
        (
            chatgpt_form,
            chatgpt(
                "odd",
                [
                    node(
                        "q", "odd-system", ["See", {"content_type": "image_asset_pointer", "text": "a picture"}], at=1.5
                    ),
                    node(
                        "a", "q", "Yes.", "assistant", metadata={"model_slug": "gpt-4o", "attachments": [{"id": "f"}]}
                    ),
                    node("c", "q", role="assistant", content={"content_type": "code", "language": "sql", "text": "x"}),
                ],
                "a",
            ),
        ),
        (
            claude_form,
            claude(
                "odd",
                [
                    told("q", "Why?", parent_message_uuid=NOBODY, files=[{"file_name": "f"}]),
                    told("a", "Thus.", "assistant", parent_message_uuid="q", content=[{"type": "tool_use"}]),
                ],
                current_leaf_message_uuid="a",
            ),
        ),
    ],
    ids=["chatgpt", "claude"],
)
def test_whatever_stands_where_something_else_should_is_left_out(form: Any, given: dict[str, Any]) -> None:
    tried = 0
    for path in list(places(given)):
        for odd in ODD:
            mutant = deepcopy(given)
            inside: Any = mutant
            for key in path[:-1]:
                inside = inside[key]
            inside[path[-1]] = odd
            if form.is_conversation(mutant):
                lines(form, mutant)
                tried += 1
    assert tried > 500
