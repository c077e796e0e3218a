"""A search of memory beside the filters of the memory page: what is set for the list holds for what is found."""

from typing import Any

import pytest

from tests.support.running import Client


@pytest.fixture(scope="module")
async def told(service: Client) -> dict[str, str]:
    """Memories of narwhals, by what became of them, with their ids."""
    texts = {
        "plain": "The narwhal likes cold water.",
        "pinned": "The narwhal of the bay is called Odin.",
        "paused": "The narwhal was sold to a circus.",
        "pinned_far": "My tax adviser is called Clementine.",
    }
    ids = {}
    for name, text in texts.items():
        ids[name] = (await service.post("/api/memories", json={"text": text})).json()["id"]
        await service.remembered(text)
    for name in ("pinned", "pinned_far"):
        await service.patch(f"/api/memories/{ids[name]}", json={"pinned": True})
    await service.patch(f"/api/memories/{ids['paused']}", json={"state": "paused"})
    return ids


async def found(service: Client, question: str, **asked: Any) -> dict[str, dict[str, Any]]:
    answer = await service.get("/api/memories/search", params={"q": question, "k": 50, **asked})
    answer.raise_for_status()
    return {item["id"]: item for item in answer.json()["items"]}


async def test_only_what_is_pinned_is_found_among_what_is_pinned(service: Client, told: dict[str, str]) -> None:
    everything = await found(service, "narwhal")
    assert {told["plain"], told["pinned"]} <= set(everything)
    pinned = await found(service, "narwhal", pinned=True)
    assert set(pinned) == {told["pinned"], told["pinned_far"]}
    assert next(iter(pinned)) == told["pinned"], "best first"
    assert pinned[told["pinned"]]["score"] == everything[told["pinned"]]["score"], "as strong as without the filter"
    assert told["pinned"] not in await found(service, "narwhal", pinned=False)


async def test_filters_look_further_than_as_many_as_are_asked_for(service: Client, told: dict[str, str]) -> None:
    assert set(await found(service, "my tax adviser", pinned=True, k=1)) == {told["pinned_far"]}
    assert len(await found(service, "narwhal", pinned=True, k=1)) == 1


async def test_what_is_paused_is_found_by_its_words_and_given_to_no_answer(
    service: Client, told: dict[str, str]
) -> None:
    assert told["paused"] not in await found(service, "narwhal")
    paused = await found(service, "Which narwhals are there?", state="paused")
    assert set(paused) == {told["paused"]}
    assert (paused[told["paused"]]["relevant"], paused[told["paused"]]["score"]) == (False, None)
    assert await found(service, "narwhal", state="paused", pinned=True) == {}
    assert await found(service, "walrus", state="paused") == {}
    assert set(await found(service, "narwhal", state="active")) == set(await found(service, "narwhal"))


async def test_what_has_changed_is_found_among_what_has_changed(service: Client, told: dict[str, str]) -> None:
    assert await found(service, "narwhal", changed=True) == {}
    assert told["plain"] in await found(service, "narwhal", changed=False)


async def test_what_has_nothing_in_common_with_a_question_is_told_apart(service: Client, told: dict[str, str]) -> None:
    near = await found(service, "What is the narwhal called?")
    assert near[told["pinned"]]["relevant"]
    assert near[told["pinned"]]["akin"]
    nothing = await found(service, "xqzv blorp wug")
    assert [item["text"] for item in nothing.values() if item["relevant"]] == []
    assert [item["text"] for item in nothing.values() if item["akin"]] == []
    # A word in common, though it be about something else.
    a_word = await found(service, "Is the adviser of the football team any good?")
    assert a_word[told["pinned_far"]]["akin"]
