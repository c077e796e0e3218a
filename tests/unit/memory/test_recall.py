"""Asking memory, with its index up, slow and down."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from prometheus_client import REGISTRY
from structlog.testing import capture_logs

from graphs.errors import IndexGone, IndexUnavailable, InvalidMemoryQuery
from graphs.memory.in_memory import InMemoryIndex, InMemoryStore
from graphs.memory.index import Candidate, IndexFilter, IndexQuery, Vector
from graphs.memory.ports import RecallQuery
from graphs.memory.ranking.weights import Ranking
from graphs.memory.recall import MemoryService
from graphs.memory.records import Memory, Source
from graphs.memory.retriever import MemoryRetriever
from graphs.memory.writer import MemoryWriter
from tests.unit.memory.support import NOON, LetterEmbedder, said


class Broken(InMemoryIndex):
    """An index that can be taken down, or made to hang."""

    error: Exception | None = None
    hangs = False
    gone_for = 0
    """Searches that come to a generation that another has just taken the place of."""

    async def search(self, query: IndexQuery) -> list[Candidate]:
        if self.hangs:
            await asyncio.Event().wait()
        if self.gone_for:
            self.gone_for -= 1
            raise IndexGone("dropped, as the test wants it")
        if self.error is not None:
            raise self.error
        return await super().search(query)


class World:
    """A user's memories, in the store and in an index that can break."""

    def __init__(self, deadline: float = 5.0) -> None:
        self.user = uuid4()
        self.index = Broken()
        self.store = InMemoryStore()
        self.embedder = LetterEmbedder()
        self.writer = MemoryWriter(self.embedder, self.index)
        self.service = MemoryService(embedder=self.embedder, index=self.index, store=self.store, deadline=deadline)

    async def tell(self, *texts: str, user: UUID | None = None) -> list[Memory]:
        memories = [said(text, user=user or self.user) for text in texts]
        self.store.add(memories)
        await self.writer.write(memories)
        return memories

    async def ask(self, text: str, k: int = 10) -> list[str]:
        answer = await self.service.recall(RecallQuery(IndexFilter(self.user), text, k=k))
        return [item.memory.text for item in answer.items]


def recalls(outcome: str) -> float:
    return REGISTRY.get_sample_value("memocha_recalls_total", {"outcome": outcome}) or 0.0


async def test_what_was_told_is_recalled() -> None:
    world = World()
    await world.tell("My dog is called Biscuit.", "The tax return is due in May.", "I play the cello.")
    assert (await world.ask("What is my dog called?", k=1)) == ["My dog is called Biscuit."]
    answer = await world.service.recall(RecallQuery(IndexFilter(world.user), "dog"))
    assert not answer.degraded
    assert answer.took_ms > 0


@pytest.mark.parametrize("asked", ["lomakopuko", "Lomakopuko tunifaro", "tunifaro, lomakopuko!"])
async def test_a_word_that_is_looked_up_brings_what_holds_it_before_what_is_like_it(asked: str) -> None:
    world = World()
    # Near in letters and the user's own, and an answer of many words that holds it once.
    await world.tell(*(f"My locker is called lomakopuk{letter}." for letter in "abcdefghijklmnpqrstuvwxyz"))
    words = " ".join(f"bize{letter}ti" for letter in "abcdefghijklmnopqrstuvwxyz")
    answer = said(f"{words} lomakopuko {words} tunifaro", user=world.user, role="assistant")
    world.store.add([answer])
    await world.writer.write([answer])
    assert (await world.ask(asked, k=3))[0] == answer.text


async def test_a_question_brings_what_answers_it_and_not_only_what_holds_its_words() -> None:
    world = World()
    await world.tell("My dog is called Biscuit.")
    answer = said("A dog, a cat and a horse are animals.", user=world.user, role="assistant")
    world.store.add([answer])
    await world.writer.write([answer])
    assert (await world.ask("dog called?", k=1)) == ["My dog is called Biscuit."]


async def test_the_same_question_asked_before_is_left_out_and_its_answer_is_first() -> None:
    world = World()
    question = "What is my dog called?"
    await world.tell("My dog is called Biscuit.", *[question] * 5, "I have a cat as well.")
    assert (await world.ask(question))[0] == "My dog is called Biscuit."
    assert question not in await world.ask(question)
    searched = await world.service.search(RecallQuery(IndexFilter(world.user), question))
    assert searched.items[0].memory.text == "My dog is called Biscuit."
    assert question in [item.memory.text for item in searched.items]


async def test_nothing_is_recalled_for_the_rest_of_an_answer() -> None:
    world = World()
    await world.tell("I continue where others stopped.")
    assert await world.ask("Who continues where others stopped?") != []
    assert await world.ask("Continue where you stopped.") == []


async def test_the_answer_beside_its_question_is_recalled_with_it() -> None:
    world, talk = World(), uuid4()
    words = [
        "Which park did you see on Sunday, was it a nice park to see?",
        "Mmh, by the lake.",
        "I buy ugly bulky hulks",
    ]
    told = [
        replace(memory, session_id=session, seq=at, speaker=name)
        for at, (memory, session, name) in enumerate(
            zip(await world.tell(*words), (talk, talk, uuid4()), ("Ann", "Ben", "Ben"), strict=True)
        )
    ]
    world.store.add(told)
    await world.writer.write(told)
    await world.writer.forget(world.user, [told[1].id])  # the index does not know the answer, so it cannot find it
    texts = [
        item.memory.text
        for item in (await world.service.search(RecallQuery(IndexFilter(world.user), "which park was it?"))).items
    ]
    assert words[1] in texts
    elsewhere = IndexFilter(world.user, session_id=told[2].session_id)
    assert [item.memory.text for item in (await world.service.search(RecallQuery(elsewhere, "park"))).items] == [
        words[2]
    ]


async def test_a_followup_is_looked_for_with_what_it_leans_on_and_other_questions_are_not() -> None:
    world = World()
    await world.tell(
        "My brother Matthes bought my half of the boat, 1,900.", "I paid the baker for the bread and more."
    )

    async def first(text: str, context: str) -> str:
        query = RecallQuery(IndexFilter(world.user), text, context=context)
        return (await world.service.search(query)).items[0].memory.text

    before = "Matthes has put the boat away."
    assert "Matthes" in await first("How much did he pay me for it?", before)
    assert "baker" in await first("How much did he pay me for it?", "")
    alone = "How much did I pay the baker for the bread?"
    with_context = await world.service.search(RecallQuery(IndexFilter(world.user), alone, context=before))
    without = await world.service.search(RecallQuery(IndexFilter(world.user), alone))
    assert with_context.items == without.items
    world.index.error = IndexUnavailable("gone")
    assert "Matthes" in await first("And him?", before), "by words too"


async def test_before_an_event_is_counted_from_when_it_was_spoken_of() -> None:
    world = World()
    old, moved, new = await world.tell("I swim each day", "I moved to Porto", "I swim each dusk")
    days = [NOON, NOON + timedelta(days=3), NOON + timedelta(days=6)]
    world.store.add([replace(memory, created_at=at) for memory, at in zip((old, moved, new), days, strict=True)])

    service = MemoryService(embedder=world.embedder, index=world.index, store=world.store, ranking=Ranking(newer=0.0))

    async def first(question: str) -> str:
        answer = await service.search(RecallQuery(IndexFilter(world.user), question))
        return next(item.memory.text for item in answer.items if "swim" in item.memory.text)

    assert await first("When did I swim before I moved to Porto?") == old.text
    assert await first("When did I swim after I moved to Porto?") == new.text


async def test_scores_can_be_compared_between_questions() -> None:
    world = World()
    await world.tell("My dog is called Biscuit.", "I play the cello.")

    async def best(question: str) -> float:
        return (await world.service.search(RecallQuery(IndexFilter(world.user), question))).items[0].score

    assert 1 >= await best("What is my dog called?") > await best("xyz qqq zzz?") >= 0


async def test_what_the_store_no_longer_holds_is_not_recalled() -> None:
    world = World()
    gone, kept = await world.tell("The code is 1234 for the gate", "The gate is green")
    world.store.remove([gone.id])
    assert await world.ask("gate code") == [kept.text]


async def test_another_users_memories_are_not_recalled() -> None:
    world = World()
    await world.tell("My canary sings", user=uuid4())
    assert await world.ask("canary") == []


@pytest.mark.parametrize("trouble", ["down", "hanging"])
async def test_without_its_index_memory_goes_by_words_and_says_so(trouble: str) -> None:
    world = World(deadline=0.05)
    await world.tell("My dog is called Biscuit.", "I play the cello.")
    before = recalls("degraded")
    world.index.error, world.index.hangs = IndexUnavailable("gone"), trouble == "hanging"
    with capture_logs() as logs:
        answers = [await world.service.recall(RecallQuery(IndexFilter(world.user), "my dogs?")) for _ in range(2)]
    for answer in answers:
        assert answer.degraded
        assert [item.memory.text for item in answer.items] == ["My dog is called Biscuit."]
    assert recalls("degraded") == before + 2
    assert [log["event"] for log in logs] == ["recall_degraded"]
    assert "dog" not in str(logs)
    world.index.error, world.index.hangs = None, False
    with capture_logs() as logs:
        recovered = await world.service.recall(RecallQuery(IndexFilter(world.user), "my dogs?"))
    assert not recovered.degraded
    assert [log["event"] for log in logs] == ["recall_recovered"]


@pytest.mark.parametrize(("gone_for", "degraded"), [(2, False), (100, True)], ids=["another is there", "none is"])
async def test_a_generation_that_goes_while_a_question_is_on_its_way(gone_for: int, degraded: bool) -> None:
    world = World()
    await world.tell("My dog is called Biscuit.")
    world.index.gone_for = gone_for
    answer = await world.service.search(RecallQuery(IndexFilter(world.user), "My dog"))
    assert [item.memory.text for item in answer.items] == ["My dog is called Biscuit."]
    assert answer.degraded is degraded


async def test_each_answer_tells_by_itself_whether_it_was_degraded() -> None:
    """One question is still being answered by words when the next is answered by the index again."""
    world, reached, go_on = World(), asyncio.Event(), asyncio.Event()
    await world.tell("My dog is called Biscuit.")
    read = world.store.sources

    async def slow(user_id: UUID, ids: Sequence[UUID]) -> dict[UUID, tuple[Source, ...]]:
        if not reached.is_set():
            reached.set()
            await go_on.wait()
        return await read(user_id, ids)

    world.store.sources = slow  # type: ignore[method-assign]
    world.index.error = IndexUnavailable("down, as the test wants it")
    first = asyncio.create_task(world.service.search(RecallQuery(IndexFilter(world.user), "dog")))
    await asyncio.wait_for(reached.wait(), 5)
    world.index.error = None
    assert not (await world.service.search(RecallQuery(IndexFilter(world.user), "dog"))).degraded
    go_on.set()
    assert (await first).degraded


async def test_an_embedder_that_is_down_degrades_too() -> None:
    class Down(LetterEmbedder):
        async def embed_query(self, text: str) -> object:  # type: ignore[override]
            raise IndexUnavailable("no embedder")

    world = World()
    await world.tell("My dog is called Biscuit.")
    service = MemoryService(embedder=Down(), index=world.index, store=world.store)  # type: ignore[arg-type]
    answer = await service.recall(RecallQuery(IndexFilter(world.user), "dog"))
    assert answer.degraded
    assert len(answer.items) == 1


async def test_an_error_of_our_own_is_not_hidden() -> None:
    world = World()
    world.index.error = ValueError("a bug")
    with pytest.raises(ValueError, match="a bug"):
        await world.ask("anything")


@pytest.mark.parametrize("k", [0, -1, 10_000])
async def test_k_has_bounds(k: int) -> None:
    with pytest.raises(InvalidMemoryQuery):
        await World().ask("x", k=k)


@pytest.mark.parametrize("text", ["", "  \n", "?", "🎉", "a" * 100_000, "word " * 20_000])
async def test_any_question_is_answered(text: str) -> None:
    world = World()
    await world.tell("My dog is called Biscuit.")
    assert isinstance(await world.ask(text), list)


async def test_the_retriever_gives_documents_and_the_whole_answer() -> None:
    world = World()
    (memory,) = await world.tell("My dog is called Biscuit.")
    retriever = MemoryRetriever(memory=world.service, filter=IndexFilter(world.user), k=3)
    (document,) = await retriever.ainvoke("dog")
    assert document.id == str(memory.id)
    assert document.page_content == memory.text
    assert document.metadata["score"] > 0
    assert document.metadata["sources"][0]["message_id"] == str(memory.sources[0].message_id)
    answer = await retriever.recall("dog")
    assert [item.memory for item in answer.items] == [memory]
    with pytest.raises(NotImplementedError):
        retriever.invoke("dog")


async def test_a_question_is_embedded_while_it_is_read_who_speaks_and_without_their_names() -> None:
    world, embedded = World(), []

    class Noting(LetterEmbedder):
        async def embed_query(self, text: str) -> Vector:
            embedded.append(text)
            known.set()
            return await super().embed_query(text)

    async def speakers(user_id: UUID) -> frozenset[str]:
        await asyncio.wait_for(known.wait(), 5)
        return frozenset({"Ann"})

    known = asyncio.Event()
    [memory] = await world.tell("The dog is called Biscuit")
    world.store.speakers = speakers  # type: ignore[method-assign]
    service = MemoryService(embedder=Noting(), index=world.index, store=world.store)
    for text, meanings in (
        ("What is the dog called?", ["What is the dog called?"]),
        ("What is Ann's dog called?", ["What is Ann's dog called?", "What is dog called?"]),
    ):
        embedded.clear()
        known.clear()
        answer = await service.search(RecallQuery(IndexFilter(world.user), text))
        assert [item.memory.id for item in answer.items] == [memory.id]
        assert embedded == meanings


async def test_without_its_index_a_question_waits_for_who_speaks() -> None:
    world = World(deadline=0.05)
    [memory] = await world.tell("The dog is called Biscuit")
    world.index.error = IndexUnavailable("gone")
    asked = asyncio.Event()

    async def speakers(user_id: UUID) -> frozenset[str]:
        asked.set()
        await asyncio.sleep(0.2)
        return frozenset()

    world.store.speakers = speakers  # type: ignore[method-assign]
    answer = await world.service.search(RecallQuery(IndexFilter(world.user), "dog"))
    assert asked.is_set()
    assert answer.degraded
    assert [item.memory.id for item in answer.items] == [memory.id]


async def test_what_is_forgotten_is_not_found() -> None:
    world = World()
    first, second = await world.tell("The first thing", "The second thing")
    await world.writer.forget(world.user, [first.id])
    assert await world.ask("thing") == [second.text]
    assert second.session_id is not None
    await world.writer.forget_session(world.user, second.session_id)
    assert await world.ask("thing") == []
    await world.tell("The third thing")
    await world.writer.forget_user(world.user)
    assert await world.ask("thing") == []


async def test_a_name_given_to_the_speaker_is_embedded_with_the_words() -> None:
    seen: list[str] = []

    class Noting(LetterEmbedder):
        async def embed_documents(self, texts: Sequence[str]) -> object:  # type: ignore[override]
            seen.extend(texts)
            return await super().embed_documents(texts)

    memory = said("I **painted** a sunrise")
    writer = MemoryWriter(Noting(), InMemoryIndex())  # type: ignore[arg-type]
    await writer.write([memory, replace(memory, speaker="Melanie")])
    assert seen == ["I painted a sunrise", "Melanie: I painted a sunrise"]


async def test_a_question_for_all_that_is_known_is_given_what_tells_most_past_the_gate() -> None:
    world = World()
    world.embedder.relevant_from = 1.1  # nothing is near enough
    told = await world.tell("My dog is called Biscuit.", "What is the capital of France?", "I work as a nurse.")
    question = "What do you know about me?"
    assert await world.ask(question) == ["I work as a nurse.", "My dog is called Biscuit."]
    assert await world.ask(question, k=1) == ["I work as a nurse."]
    hidden = IndexFilter(world.user, hidden_session=told[2].session_id)
    answer = await world.service.recall(RecallQuery(hidden, question))
    assert [item.memory.text for item in answer.items] == ["My dog is called Biscuit."]
    assert answer.relevant == {told[0].id}


async def test_a_question_for_all_that_is_known_waits_no_longer_than_any_other(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World(deadline=0.05)
    await world.tell("My dog is called Biscuit.")

    async def hang(*_: object) -> list[Memory]:
        await asyncio.Event().wait()
        return []

    monkeypatch.setattr(world.store, "telling", hang)
    answer = await world.service.recall(RecallQuery(IndexFilter(world.user), "Who am I?"))
    assert answer.degraded
    assert answer.items == []
