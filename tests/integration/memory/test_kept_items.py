"""What every LangGraph store does, ours as LangGraph's own: in this process, and over Postgres and Milvus Lite."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest
from langgraph.store.base import (
    BaseStore,
    GetOp,
    InvalidNamespaceError,
    ListNamespacesOp,
    MatchCondition,
    PutOp,
    SearchOp,
)
from langgraph.store.memory import InMemoryStore
from langgraph.store.postgres import AsyncPostgresStore

from graphs.errors import IndexUnavailable, InvalidMemoryQuery
from graphs.memory.in_memory import InMemoryIndex
from graphs.memory.index import Candidate, IndexEntry, IndexQuery
from graphs.memory.milvus import MilvusIndex
from graphs.memory.milvus_store import MilvusConfig
from graphs.memory.minilm import MiniLM
from memocha import KeptMemory
from tests.support.embedded import MiniLm

MINE = ("memories", "mine")


@dataclass(frozen=True, slots=True)
class Made:
    """A memory, and where it keeps things."""

    memory: KeptMemory
    items: BaseStore


@pytest.fixture(scope="module")
def embedder(minilm_files: MiniLm) -> MiniLM:
    return MiniLM(minilm_files.model, minilm_files.tokenizer)


@pytest.fixture(scope="module", params=["in memory", "postgres and milvus"])
async def made(
    request: pytest.FixtureRequest, embedder: MiniLM, milvus_uri: str, module_database_url: str
) -> AsyncIterator[Made]:
    if request.param == "in memory":
        items = InMemoryStore()
        yield Made(KeptMemory(embedder, items), items)
        return
    config = MilvusConfig(uri=milvus_uri, alias=f"kept_{uuid4().hex[:8]}")
    index = MilvusIndex(config, embedder=embedder.name, dimensions=embedder.dimensions)
    await index.prepare()
    async with AsyncPostgresStore.from_conn_string(module_database_url) as kept:
        await kept.setup()
        yield Made(KeptMemory(embedder, kept, index), kept)
    await index.close()


@pytest.fixture
def user() -> UUID:
    return uuid4()


@pytest.fixture
def store(made: Made, user: UUID) -> BaseStore:
    return made.memory.store(user)


@pytest.fixture(params=["ours", "langgraph's own"])
def any_store(request: pytest.FixtureRequest, embedder: MiniLM) -> Callable[[BaseStore], BaseStore]:
    """The store under test, or in its place LangGraph's own: what is asked of ours is what that does."""
    if request.param == "ours":
        return lambda store: store

    async def embed(texts: list[str]) -> list[list[float]]:
        return (await embedder.embed_documents(texts)).tolist()  # type: ignore[no-any-return]

    own = InMemoryStore(index={"dims": embedder.dimensions, "embed": embed})
    return lambda store: own


@pytest.fixture
def same(store: BaseStore, any_store: Callable[[BaseStore], BaseStore]) -> BaseStore:
    return any_store(store)


async def test_an_item_is_given_back_as_it_was_put(same: BaseStore) -> None:
    value = {"text": "Bees", "deep": {"list": [1, 2.5, None, True, {"é": "中文"}]}, "empty": {}}
    await same.aput(MINE, "one", value)
    item = await same.aget(MINE, "one")
    assert item is not None
    assert (item.namespace, item.key, item.value) == (MINE, "one", value)
    assert item.created_at.tzinfo is not None
    assert item.created_at <= item.updated_at
    assert await same.aget(MINE, "two") is None
    assert await same.aget(("memories",), "one") is None, "a namespace is no prefix here"


async def test_putting_again_replaces(same: BaseStore) -> None:
    await same.aput(MINE, "one", {"text": "I keep bees."})
    await same.aput(MINE, "one", {"text": "I keep goats."})
    item = await same.aget(MINE, "one")
    assert item is not None
    assert item.value == {"text": "I keep goats."}
    [found] = await same.asearch(MINE, query="Which animals do I keep?")
    assert found.value == {"text": "I keep goats."}


async def test_what_is_deleted_is_gone(same: BaseStore) -> None:
    await same.aput(MINE, "one", {"text": "I keep bees."})
    await same.adelete(MINE, "one")
    await same.adelete(MINE, "never there")
    assert await same.aget(MINE, "one") is None
    assert await same.asearch(MINE) == []
    assert await same.asearch(MINE, query="bees") == []


async def test_a_batch_reads_before_it_writes_and_the_last_put_counts(same: BaseStore) -> None:
    await same.aput(MINE, "one", {"n": 1})
    first, put, found, spaces = await same.abatch(
        [
            GetOp(MINE, "one"),
            PutOp(MINE, "one", {"n": 2}),
            SearchOp(("memories",)),
            ListNamespacesOp(match_conditions=(MatchCondition("prefix", ("memories",)),)),
        ]
    )
    assert first.value == {"n": 1}  # type: ignore[union-attr]
    assert put is None
    assert [item.value for item in found] == [{"n": 1}]  # type: ignore[union-attr]
    assert spaces == [MINE]
    await same.abatch([PutOp(MINE, "two", {"n": 1}), PutOp(MINE, "two", {"n": 2}), PutOp(MINE, "one", None)])
    assert [item.value for item in await same.asearch(MINE)] == [{"n": 2}]
    assert await same.abatch([]) == []


async def test_a_query_ranks_with_scores(same: BaseStore) -> None:
    for key, text in (("dog", "My dog is called Biscuit."), ("tea", "I take my tea with milk."), ("job", "I teach.")):
        await same.aput(MINE, key, {"text": text})
    found = await same.asearch(MINE, query="What is my dog called?", limit=2)
    assert found[0].key == "dog"
    assert len(found) == 2
    scores = [item.score for item in found if item.score is not None]
    assert scores == sorted(scores, reverse=True)
    assert scores
    assert 0 < scores[0] <= 1
    plain = await same.asearch(MINE)
    assert {item.key for item in plain} == {"dog", "tea", "job"}
    assert all(item.score is None for item in plain)


@pytest.mark.parametrize(
    ("wanted", "keys"),
    [
        ({"kind": "pet"}, ["dog", "cat"]),
        ({"kind": {"$eq": "pet"}}, ["dog", "cat"]),
        ({"kind": {"$ne": "pet"}}, ["tea"]),
        ({"age": {"$gt": 3}}, ["cat", "tea"]),
        ({"age": {"$gte": 3}}, ["dog", "cat", "tea"]),
        ({"age": {"$lt": 4}}, ["dog"]),
        ({"age": {"$lte": 4, "$gt": 3}}, ["cat"]),
        ({"kind": "pet", "age": 4}, ["cat"]),
        ({"missing": "x"}, []),
    ],
    ids=str,
)
@pytest.mark.parametrize("query", [None, "animals"])
async def test_filters(same: BaseStore, wanted: dict[str, object], keys: list[str], query: str | None) -> None:
    for key, kind, age in (("dog", "pet", 3), ("cat", "pet", 4), ("tea", "drink", 9)):
        await same.aput(MINE, key, {"text": f"A {key}", "kind": kind, "age": age})
    assert {item.key for item in await same.asearch(MINE, query=query, filter=wanted)} == set(keys)


async def test_an_operator_that_there_is_none_of(same: BaseStore) -> None:
    await same.aput(MINE, "dog", {"text": "A dog", "age": 3})
    for query in (None, "dog"):
        with pytest.raises(ValueError, match=r"\$near"):
            await same.asearch(MINE, query=query, filter={"age": {"$near": 3}})


@pytest.mark.parametrize("query", [None, "bees"])
async def test_pages_hold_everything_once(same: BaseStore, query: str | None) -> None:
    for number in range(12):
        await same.aput(MINE, f"{number}", {"text": f"Hive number {number} has {number * 7} frames of bees."})
    pages = [await same.asearch(MINE, query=query, limit=5, offset=offset) for offset in (0, 5, 10, 15)]
    assert [len(page) for page in pages] == [5, 5, 2, 0]
    assert len({item.key for page in pages for item in page}) == 12


async def test_a_search_sees_its_namespace_and_those_below(same: BaseStore) -> None:
    for namespace in (("a",), ("a", "b"), ("a", "b", "c"), ("ab",), ("b", "a")):
        await same.aput(namespace, "it", {"text": "I keep bees.", "at": list(namespace)})
    for query in (None, "What do I keep?"):
        below = {item.namespace for item in await same.asearch(("a",), query=query)}
        assert below == {("a",), ("a", "b"), ("a", "b", "c")}
        assert {item.namespace for item in await same.asearch(("a", "b", "c"), query=query)} == {("a", "b", "c")}
        assert len(await same.asearch((), query=query)) == 5
        assert await same.asearch(("nowhere",), query=query) == []


async def test_namespaces_are_listed(same: BaseStore) -> None:
    spaces = [("a", "x", "v1"), ("a", "y", "v1"), ("a", "y", "v2"), ("b", "x", "v1"), ("c",)]
    for namespace in spaces:
        await same.aput(namespace, "it", {"n": 1})
    listed = same.alist_namespaces
    assert sorted(await listed()) == sorted(spaces)
    assert await listed(prefix=("a",)) == spaces[:3]
    assert await listed(suffix=("v1",)) == [spaces[0], spaces[1], spaces[3]]
    assert await listed(prefix=("*", "x")) == [spaces[0], spaces[3]]
    assert await listed(prefix=("a",), suffix=("y", "*")) == [spaces[1], spaces[2]]
    assert await listed(max_depth=1) == [("a",), ("b",), ("c",)]
    assert await listed(prefix=("a",), max_depth=2) == [("a", "x"), ("a", "y")]
    assert await listed(limit=2, offset=1) == sorted(spaces)[1:3]
    assert await listed(suffix=("items", "c")) == [], "what stands before is nobody's to ask for"


async def test_what_is_not_to_be_searched_has_no_score(same: BaseStore) -> None:
    await same.aput(MINE, "said", {"text": "My bicycle is red."})
    await same.aput(MINE, "kept", {"text": "My bicycle is stolen."}, index=False)
    first, *rest = await same.asearch(MINE, query="bicycle")
    assert first.key == "said"
    assert [(item.key, item.score) for item in rest] == [("kept", None)]


async def test_an_item_is_found_by_the_fields_that_were_named(same: BaseStore) -> None:
    await same.aput(MINE, "a", {"notes": [{"body": "I ride a bicycle."}], "more": "the sea"}, index=["notes[*].body"])
    await same.aput(MINE, "b", {"notes": [{"body": "I keep goats."}], "more": "a bicycle"}, index=["notes[*].body"])
    found = await same.asearch(MINE, query="Who rides a bicycle?")
    assert found[0].key == "a"
    assert found[0].value["more"] == "the sea"


@pytest.mark.parametrize("namespace", [(), ("",), ("a.b",), ("langgraph", "x")], ids=str)
async def test_namespaces_that_langgraph_refuses(same: BaseStore, namespace: tuple[str, ...]) -> None:
    with pytest.raises(InvalidNamespaceError):
        await same.aput(namespace, "it", {"n": 1})


# What ours does beside that.


async def test_a_time_to_live_is_refused_rather_than_forgotten_about(store: BaseStore) -> None:
    with pytest.raises(NotImplementedError, match="TTL"):
        await store.aput(MINE, "one", {"n": 1}, ttl=5)


async def test_a_long_text_is_found_by_its_end(store: BaseStore) -> None:
    long = " ".join(f"Paragraph {n} is about the weather in town {n}." for n in range(200))
    await store.aput(MINE, "long", {"text": f"{long} The key lies under the blue flowerpot."})
    await store.aput(MINE, "short", {"text": "I like flowers."})
    found = await store.asearch(MINE, query="Where does the key lie?")
    assert [item.key for item in found] == ["long", "short"]


async def test_no_part_of_a_longer_version_stays(made: Made, user: UUID) -> None:
    store = made.memory.store(user)
    long = " ".join(f"Paragraph {n} is about the weather in town {n}." for n in range(200))
    await store.aput(MINE, "one", {"text": f"{long} The key lies under the blue flowerpot."})
    assert await made.memory.reindex(user) > 1
    await store.aput(MINE, "one", {"text": "I like flowers."})
    assert await made.memory.reindex(user) == 1
    assert not await _anywhere(made, user, "flowerpot")


async def test_deleted_is_gone_from_everywhere(made: Made, user: UUID) -> None:
    store = made.memory.store(user)
    await store.aput(MINE, "one", {"text": "The canary's name is Quetzalcoatl."})
    assert await _anywhere(made, user, "Quetzalcoatl")
    await store.adelete(MINE, "one")
    assert not await _anywhere(made, user, "Quetzalcoatl")


async def test_forgetting_a_memory_removes_its_item_and_forgetting_a_user_everything(made: Made, user: UUID) -> None:
    store, other = made.memory.store(user), uuid4()
    await store.aput(MINE, "one", {"text": "I keep bees."})
    await store.aput(MINE, "two", {"text": "I keep goats."})
    await made.memory.store(other).aput(MINE, "one", {"text": "I keep quiet."})
    [bees] = [memory for memory in await made.memory._records.page(user, 0) if "bees" in memory.text]
    await made.memory.forget(other, [bees.id])
    assert len(await store.asearch(MINE)) == 2, "another's id is nobody's"
    await made.memory.forget(user, [bees.id])
    assert [item.key for item in await store.asearch(MINE, query="bees")] == ["two"]
    await made.memory.forget_user(user)
    assert not await made.items.asearch((str(user),))
    assert await store.asearch(MINE, query="bees") == []
    assert len(await made.memory.store(other).asearch(MINE, query="quiet")) == 1


async def test_users_do_not_meet_whatever_their_namespaces_say(made: Made) -> None:
    alice, bob = uuid4(), uuid4()
    await made.memory.store(alice).aput(("users", "alice"), "secret", {"text": "The code is 4711."})
    hostile = made.memory.store(bob)
    tries = [("users", "alice"), (str(alice),), (str(alice), "items"), (str(alice), "items", "users", "alice"), ("%",)]
    await hostile.aput(("users", "alice"), "mine", {"text": "Nothing of note."})
    assert await hostile.alist_namespaces() == [("users", "alice")]
    for namespace in [*tries, ("*",)]:
        assert await hostile.aget(namespace, "secret") is None
        for query in (None, "What is the code?", "what do you know about me?"):
            assert all("4711" not in str(item.value) for item in await hostile.asearch(namespace, query=query))
    assert [item.key for item in await hostile.asearch((), query="code")] == ["mine"]
    await hostile.adelete(("users", "alice"), "secret")
    assert await made.memory.store(alice).aget(("users", "alice"), "secret") is not None


@pytest.mark.parametrize("nobody", [None, "alice", ""], ids=repr)
async def test_without_a_user_nothing_is_done(made: Made, nobody: object) -> None:
    store = made.memory.store(lambda: nobody)  # type: ignore[arg-type, return-value]
    with pytest.raises(InvalidMemoryQuery):
        await store.asearch((), query="anything")
    with pytest.raises(InvalidMemoryQuery):
        await store.aput(MINE, "one", {"n": 1})


async def test_what_is_not_a_coroutine_may_ask_from_its_thread(made: Made, user: UUID) -> None:
    store = made.memory.store(user)
    await asyncio.to_thread(store.put, MINE, "one", {"text": "I keep bees."})
    [found] = await asyncio.to_thread(lambda: store.search(MINE, query="bees"))
    assert found.key == "one"
    with pytest.raises(RuntimeError, match="asynchronously"):
        store.get(MINE, "one")


async def test_a_lost_index_is_filled_again(made: Made, user: UUID) -> None:
    store = made.memory.store(user)
    await store.aput(MINE, "dog", {"text": "My dog is called Biscuit."})
    await store.aput(MINE, "tea", {"text": "I take my tea with milk."})
    await made.memory._writer.forget_user(user)
    found = await store.asearch(MINE, query="What is my dog called?")
    assert [item.score for item in found] == [None, None]
    assert await made.memory.reindex(user) == 2
    found = await store.asearch(MINE, query="What is my dog called?")
    assert found[0].key == "dog"
    assert found[0].score


async def _anywhere(made: Made, user: UUID, word: str) -> bool:
    """Whether anything that is kept of the user, or found of it, holds the word."""
    kept = await made.items.asearch((str(user),), limit=1000)
    found = await made.memory.store(user).asearch((), query=word)
    return any(word in str(item.value) for item in [*kept, *found])


class BrokenIndex(InMemoryIndex):
    """Is down when told to be."""

    down = False

    async def upsert(self, entries: Sequence[IndexEntry]) -> None:
        self._check()
        await super().upsert(entries)

    async def delete(self, user_id: UUID, ids: Sequence[UUID]) -> None:
        self._check()
        await super().delete(user_id, ids)

    async def search(self, query: IndexQuery) -> list[Candidate]:
        self._check()
        return await super().search(query)

    def _check(self) -> None:
        if self.down:
            raise IndexUnavailable("down")


async def test_while_the_index_is_down_words_are_searched_and_nothing_is_lost(embedder: MiniLM, user: UUID) -> None:
    index = BrokenIndex()
    store = KeptMemory(embedder, index=index).store(user)
    await store.aput(MINE, "dog", {"text": "My dog is called Biscuit."})
    await store.aput(MINE, "tea", {"text": "I take my tea with milk."})
    index.down = True
    found = await store.asearch(MINE, query="What is my dog called?")
    assert (found[0].key, found[0].score is not None) == ("dog", True)
    with pytest.raises(IndexUnavailable):
        await store.aput(MINE, "cat", {"text": "My cat is called Olga."})
    with pytest.raises(IndexUnavailable):
        await store.adelete(MINE, "tea")
    assert {item.key for item in await store.asearch(MINE)} == {"dog", "tea", "cat"}
    index.down = False
    await store.aput(MINE, "cat", {"text": "My cat is called Olga."})
    await store.adelete(MINE, "tea")
    assert {item.key for item in await store.asearch(MINE)} == {"dog", "cat"}
    assert (await store.asearch(MINE, query="What is my cat called?"))[0].key == "cat"
    assert await index.count(user) == 2
