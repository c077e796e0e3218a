"""Asking memory: read the question, embed it, search the index, read the memories, rank them."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from heapq import nlargest
from uuid import UUID

import structlog

from graphs.errors import IndexGone, IndexUnavailable, InvalidMemoryQuery
from graphs.memory.continuing import only_continues
from graphs.memory.index import Candidate, IndexFilter, IndexQuery, MemoryIndex, Vector
from graphs.memory.metrics import RECALL_SECONDS, RECALLS
from graphs.memory.normalise import normalise
from graphs.memory.ports import Embedder, MemoryStore, Recall, RecallQuery
from graphs.memory.ranking.asking import same_question
from graphs.memory.ranking.confidence import akin, bearing, confidence, rated
from graphs.memory.ranking.followup import leans, weighed
from graphs.memory.ranking.fusion import fuse
from graphs.memory.ranking.lookup import LookedUp
from graphs.memory.ranking.neighbours import best_placed, lend
from graphs.memory.ranking.oneself import asks_of_self, most_telling
from graphs.memory.ranking.order import best_first, choose
from graphs.memory.ranking.priors import Priors
from graphs.memory.ranking.question import Anchor, Question, read_followup, read_question
from graphs.memory.ranking.reranked import mixed
from graphs.memory.ranking.said import Said
from graphs.memory.ranking.weights import Ranking
from graphs.memory.records import Memory, Recalled
from graphs.memory.rerank import Reranking
from graphs.memory.second_look import SentenceVectors, look_closer
from graphs.memory.stem import stem_query
from graphs.policies import verdicts
from graphs.policies.breaker import Breaker

log = structlog.get_logger(__name__)

MAX_K = 200
CANDIDATES = 48
"""Wanted from each side of the index."""
QUESTION_WORDS = 64
"""Different words of a question that are searched for: a pasted page would make word search walk everything."""
SILENT = 0.9
"""Share of the deadline after which a search of the index is given up as silent. The deadline itself, which ends it a
little later, does not tell whether it was the index or the embedder that took so long."""
SURE_OF = 10
"""How many of the best the confidence is read from, by rank and by nearness alone."""

TELLING = 200
"""Facts, and messages of the user, among which the most telling are looked for where all that is known is asked for."""
EVENT_SURE = 1.5
"""Times the bound of relevance from which on a memory is taken to speak of the event that a question counts from."""
ANCHOR_HALVES = 14
"""Days from an event after which what is added for it has halved."""


def index_breaker() -> Breaker:
    """For searching the memory index."""
    return Breaker(
        "index",
        judge=verdicts.of_index,
        refusal=lambda again_in: IndexUnavailable(f"it failed several times in a row; asked again in {again_in:.1f} s"),
    )


@dataclass(frozen=True, slots=True)
class _Found:
    """What the index named and the store holds."""

    candidates: Mapping[UUID, Candidate]
    memories: Sequence[Memory] = ()
    vector: Vector | None = None
    """What was looked for by meaning."""


class MemoryService:
    """`MemoryPort` over an index and the store behind it.

    When the index does not answer in time, words in the store are searched instead and the answer says `degraded`:
    memory never blocks chat. The change is logged once, each such answer is counted. Once the index failed several
    times in a row it is not asked, and not waited for, until one question tries it again.
    """

    def __init__(
        self,
        *,
        embedder: Embedder,
        index: MemoryIndex,
        store: MemoryStore,
        sentences: SentenceVectors | None = None,
        reranker: Reranking | None = None,
        rerank_best: int = 20,
        ranking: Ranking | None = None,
        deadline: float = 2.0,
        candidates: int = CANDIDATES,
    ) -> None:
        """`sentences`: the vectors for a second look; None for none. `reranker`: what reads the `rerank_best` best
        together with the question, for a better order; None for none. `deadline`: seconds for embedding and index
        together, and once more for the fall-back. `candidates`: wanted from each side at the least, three times `k`
        otherwise."""
        self._embedder = embedder
        self._index = index
        self._store = store
        self._sentences = sentences
        self._reranker = reranker
        self._rerank_best = rerank_best
        self._ranking = ranking or Ranking()
        self._deadline = deadline
        self._candidates = candidates
        self.breaker = index_breaker()
        self._degraded = False

    @property
    def degraded(self) -> bool:
        """Whether the last question had to do without the index."""
        return self._degraded

    async def recall(self, query: RecallQuery) -> Recall:
        """What a turn is given: the best that bear on the question, without earlier ones that only ask the same.

        Nothing for the rest of an answer: what that was given is in view.
        """
        if only_continues(query.text):
            return Recall()
        answer = await self.search(query)
        items = [
            item
            for item in answer.items
            if item.memory.id in answer.relevant and not same_question(query.text, item.memory.text)
        ]
        return replace(answer, items=items)

    async def search(self, query: RecallQuery) -> Recall:
        """The `k` best, best first. Raises `InvalidMemoryQuery` for a `k` out of bounds."""
        if not 1 <= query.k <= MAX_K:
            raise InvalidMemoryQuery(f"k is {query.k}; it must lie between 1 and {MAX_K}")
        started = time.perf_counter()
        if not query.text.strip():
            return Recall()
        if asks_of_self(query.text):
            return await self._of_the_user(query, started)
        query = replace(query, now=query.now or datetime.now(UTC))
        guess = self._read(query, frozenset())
        reading = asyncio.create_task(self._read_with_names(query, guess))
        degraded = False
        try:
            async with asyncio.timeout(self._deadline):
                with self.breaker.calling():
                    try:
                        found = await self._candidates_of(query, guess, reading)
                    except IndexGone:
                        # Another generation took its place on the way. If there is none, there is none the second time.
                        found = await self._candidates_of(query, guess, reading)
                question = reading.result()
                event = await self._event(query.filter, question.anchor) if question.anchor else None
                found = await self._read_in(query.filter, found)
        except (IndexUnavailable, TimeoutError) as error:
            degraded = True
            self._note(degraded=True, reason=f"{type(error).__name__}: {error}")
            question = await reading
            items = await self._by_words(query, question)
            relevant = shared = frozenset(item.memory.id for item in items)
        else:
            self._note(degraded=False)
            items = await self._best(query, question, found, event)
            bound = self._embedder.relevant_from
            relevant = bearing(found.candidates, items, bound, self._ranking)
            shared = relevant | akin(found.candidates, items, bound, self._ranking)
        finally:
            reading.cancel()
        items = await self._with_sources(query.filter.user_id, items)
        took = time.perf_counter() - started
        RECALL_SECONDS.observe(took)
        return Recall(items, relevant=relevant, akin=shared, degraded=degraded, took_ms=took * 1000)

    async def _of_the_user(self, query: RecallQuery, started: float) -> Recall:
        """What tells most of the user, all of it relevant: no memory is near to "what do you know about me?"."""
        try:
            async with asyncio.timeout(self._deadline):
                items = most_telling(await self._store.telling(query.filter, TELLING), query.k, self._ranking)
                items = await self._with_sources(query.filter.user_id, items)
        except TimeoutError:
            items, degraded = [], True
        else:
            degraded = False
        RECALLS.labels("degraded" if degraded else "ok").inc()
        took = time.perf_counter() - started
        RECALL_SECONDS.observe(took)
        relevant = frozenset(item.memory.id for item in items)
        return Recall(items, relevant=relevant, akin=relevant, degraded=degraded, took_ms=took * 1000)

    def _read(self, query: RecallQuery, speakers: frozenset[str]) -> Question:
        assert query.now is not None
        keep_names = not self._ranking.names
        if self._ranking.followups and query.context.strip() and leans(query.text):
            return read_followup(query.text, query.context, now=query.now, speakers=speakers, keep_names=keep_names)
        return read_question(query.text, now=query.now, speakers=speakers, keep_names=keep_names)

    async def _read_with_names(self, query: RecallQuery, guess: Question) -> Question:
        """The question as it reads beside the names of those who speak; `guess`: as it does without any."""
        speakers = await self._store.speakers(query.filter.user_id)
        return self._read(query, speakers) if speakers else guess

    async def _candidates_of(self, query: RecallQuery, guess: Question, reading: asyncio.Task[Question]) -> _Found:
        """What the index names. Words are searched while the question is still being embedded, and who speaks read."""
        words = (
            weighed(query.text, guess.context, QUESTION_WORDS)
            if guess.context
            else " ".join(stem_query(query.text).split()[:QUESTION_WORDS])
        )
        limit = max(self._candidates, 3 * query.k)
        (vector, dense), sparse = await asyncio.gather(
            self._by_meaning(query.filter, guess.meaning, reading, limit),
            self._look_up(IndexQuery(query.filter, None, words or None, limit)),
        )
        near = {candidate.id: candidate.dense for candidate in dense}
        said = {candidate.id: candidate.sparse for candidate in sparse}
        return _Found({key: Candidate(key, near.get(key), said.get(key)) for key in near | said}, vector=vector)

    async def _by_meaning(
        self, where: IndexFilter, guess: str, reading: asyncio.Task[Question], limit: int
    ) -> tuple[Vector, Sequence[Candidate]]:
        """Most questions name nobody who speaks in memories, so embedding does not wait until that is known."""
        guessed = asyncio.ensure_future(self._embedder.embed_query(guess))
        try:
            # Shielded: what the question is must be known where the index gives no answer in time, too.
            meaning = (await asyncio.shield(reading)).meaning
            vector = await (guessed if meaning == guess else self._embedder.embed_query(meaning))
        finally:
            guessed.cancel()
        return vector, await self._look_up(IndexQuery(where, vector, None, limit))

    async def _look_up(self, query: IndexQuery) -> list[Candidate]:
        patience = SILENT * self._deadline
        try:
            async with asyncio.timeout(patience):
                return await self._index.search(query)
        except TimeoutError as error:
            raise IndexUnavailable(f"the index was silent for {patience:g} s") from error

    async def _event(self, where: IndexFilter, anchor: Anchor) -> datetime | None:
        """When the event was spoken of that the question counts from; None where memory does not know it."""
        vector = await self._embedder.embed_query(normalise(anchor.clause) or anchor.clause)
        nearest = await self._look_up(IndexQuery(where, vector, None, 3))
        near = {item.id: item.dense or 0.0 for item in nearest}
        memories = await self._store.get(where.user_id, list(near))
        best = max(memories, key=lambda memory: near[memory.id], default=None)
        bound = EVENT_SURE * self._embedder.relevant_from
        return best.created_at if best is not None and near[best.id] >= bound else None

    async def _read_in(self, where: IndexFilter, found: _Found) -> _Found:
        """With the memories behind the candidates, those that stand beside the best, and a second look at them.

        They are read after the index: it may lag behind them, and what they no longer hold is not recalled.
        """
        ranking, candidates = self._ranking, found.candidates
        best = best_placed(fuse(list(candidates.values()), ranking), ranking)
        memories, closer = await asyncio.gather(
            self._store.around(where, list(candidates), best), self._look_closer(where, found)
        )
        return replace(found, memories=memories, candidates=closer)

    async def _look_closer(self, where: IndexFilter, found: _Found) -> Mapping[UUID, Candidate]:
        weight = self._ranking.sentence
        if self._sentences is None or not weight or found.vector is None:
            return found.candidates
        near = [candidate.id for candidate in found.candidates.values() if candidate.dense is not None]
        vectors = await self._sentences.get(where.user_id, self._embedder.name, near)
        return look_closer(found.candidates, vectors, found.vector, weight)

    async def _with_sources(self, user_id: UUID, items: Sequence[Recalled]) -> list[Recalled]:
        sources = await self._store.sources(user_id, [item.memory.id for item in items]) if items else {}
        return [replace(item, memory=replace(item.memory, sources=sources.get(item.memory.id, ()))) for item in items]

    async def _best(
        self, query: RecallQuery, question: Question, found: _Found, event: datetime | None
    ) -> list[Recalled]:
        """The `k` best, in the reranker's order too where there is one and it answers in time."""
        if self._reranker is None:
            return self._ranked(query.k, question, found, event)
        items = self._ranked(max(query.k, self._rerank_best), question, found, event)
        asked = f"{question.context}\n{query.text}".strip()
        chances = await self._reranker.scores(asked, [_as_read(item.memory) for item in items[: self._rerank_best]])
        return (items if chances is None else mixed(items, chances, self._ranking.rerank))[: query.k]

    def _ranked(self, k: int, question: Question, found: _Found, event: datetime | None) -> list[Recalled]:
        ranking, memories = self._ranking, found.memories
        if not memories:
            return []
        named = [candidate for memory in memories if (candidate := found.candidates.get(memory.id))]
        fused = fuse(named, ranking)
        share = {memory.id: fused.get(memory.id, 0.0) for memory in memories}
        near = lend(memories, share, ranking)
        oldest, newest = (pick(memory.created_at for memory in memories) for pick in (min, max))
        priors = Priors(question, ranking, oldest=oldest, newest=newest)

        said = Said()
        looked_up = LookedUp(question, found.candidates, said)

        def score(memory: Memory) -> float:
            held = ranking.looked_up if looked_up.holds(memory) else 0.0
            return near[memory.id] + priors.of(memory) + _side_of(memory, event, question, ranking) + held

        def at_most(memory: Memory) -> float:
            held = max(ranking.looked_up, 0.0) if looked_up.may_hold(memory) else 0.0
            return near[memory.id] + priors.at_most(memory) + _side_of(memory, event, question, ranking) + held

        chosen = choose(best_first(memories, score, at_most), k, question, said, ranking)
        nearest = nlargest(SURE_OF, memories, key=lambda memory: share[memory.id])
        told = {memory.id: memory for memory in [*nearest, *(item.memory for item in chosen[:SURE_OF])]}
        return rated(chosen, confidence(question, list(told.values()), found.candidates, said))

    async def _by_words(self, query: RecallQuery, question: Question) -> list[Recalled]:
        try:
            async with asyncio.timeout(self._deadline):
                asked = f"{question.context}\n{query.text}".strip()
                found = await self._store.search_words(query.filter, asked, max(self._candidates, 2 * query.k))
        except TimeoutError:
            return []
        memories = {memory.id: memory for memory, _ in found}
        candidates = {memory.id: Candidate(memory.id, None, score) for memory, score in found}
        return self._ranked(query.k, question, _Found(candidates, list(memories.values())), None)

    def _note(self, *, degraded: bool, reason: str = "") -> None:
        RECALLS.labels("degraded" if degraded else "ok").inc()
        if degraded != self._degraded:
            self._degraded = degraded
            if degraded:
                log.warning("recall_degraded", reason=reason[:300])
            else:
                log.info("recall_recovered")


def _as_read(memory: Memory) -> str:
    """What a reranker reads of a memory: who said it is part of the answer between named people."""
    return f"{memory.speaker}: {memory.text}" if memory.speaker else memory.text


def _side_of(memory: Memory, event: datetime | None, question: Question, ranking: Ranking) -> float:
    """What is added to a memory on the right side of the event that the question names: less with each fortnight that
    lies between, since people ask of what is near. What was said along with the event may be on either side."""
    if event is None or question.anchor is None:
        return 0.0
    days = (event.date() - memory.created_at.date()).days * (1 if question.anchor.side == "before" else -1)
    return ranking.anchor * 0.5 ** (days / ANCHOR_HALVES) if days >= 0 else 0.0
