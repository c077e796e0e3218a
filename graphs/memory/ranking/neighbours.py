"""What stands beside a message counts for it: an answer, or the question before it, may hold none of the words."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from graphs.memory.ranking.weights import Ranking
from graphs.memory.records import Memory, MemoryKind

Place = tuple[UUID, int]
"""A session, and the position of a message in it."""


def place_of(memory: Memory) -> Place | None:
    """Where an episode stands; None for what does not stand in a conversation."""
    if memory.kind is not MemoryKind.EPISODE or memory.session_id is None:
        return None
    return memory.session_id, memory.seq


def beside_best(memories: Sequence[Memory], scores: Mapping[UUID, float], ranking: Ranking) -> list[Place]:
    """The places beside the best that no memory at hand stands in."""
    if not (ranking.beside or ranking.chat_beside):
        return []
    best = sorted(memories, key=lambda memory: (-scores[memory.id], memory.id.int))[: ranking.neighbours_of]
    known = {place_of(memory) for memory in memories}
    wanted: dict[Place, None] = {}
    for place in filter(None, map(place_of, best)):
        session, seq = place
        for step in (-2, -1, 1, 2):
            if seq + step >= 0 and (session, seq + step) not in known:
                wanted[session, seq + step] = None
    return list(wanted)


def lend(memories: Iterable[Memory], scores: Mapping[UUID, float], ranking: Ranking) -> dict[UUID, float]:
    """The scores with what messages lend to the ones beside them, in the same session. Of a message in parts the best
    part lends. (In spirit the smoothing of passage scores over a document, as in Callan's "Passage-level evidence in
    document retrieval", 1994; the weights are our measurement.)"""
    memories = list(memories)
    best: dict[Place, float] = {}
    for memory in memories:
        if (place := place_of(memory)) is not None:
            best[place] = max(best.get(place, 0.0), scores[memory.id])
    return {memory.id: scores[memory.id] + _lent(memory, best, ranking) for memory in memories}


def _lent(memory: Memory, best: Mapping[Place, float], ranking: Ranking) -> float:
    place = place_of(memory)
    if place is None:
        return 0.0
    session, seq = place
    beside, beyond = (ranking.beside, ranking.beyond) if memory.speaker else (ranking.chat_beside, ranking.chat_beyond)
    return sum(
        weight * best.get((session, seq + step), 0.0)
        for step, weight in ((-2, beyond), (-1, beside), (1, beside), (2, beyond))
    )
