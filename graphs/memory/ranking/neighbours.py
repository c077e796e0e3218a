"""What stands beside a message counts for it: an answer, or the question before it, may hold none of the words."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from graphs.memory.ranking.weights import Ranking
from graphs.memory.records import Memory, MemoryKind

Place = tuple[UUID, int]
"""A session, and the position of a message in it."""

REACH = 2
"""Places to either side that a message lends to."""
STEPS = (-2, -1, 1, 2)


def place_of(memory: Memory) -> Place | None:
    """Where an episode stands; None for what does not stand in a conversation."""
    if memory.kind is not MemoryKind.EPISODE or memory.session_id is None:
        return None
    return memory.session_id, memory.seq


def best_placed(scores: Mapping[UUID, float], ranking: Ranking) -> list[UUID]:
    """The best, whose neighbours are to be looked at too; none where nothing is lent."""
    if not (ranking.beside or ranking.chat_beside):
        return []
    return sorted(scores, key=lambda key: (-scores[key], key.int))[: ranking.neighbours_of]


def places_near(memories: Iterable[Memory]) -> list[Place]:
    """The places within `REACH` of those memories that stand in a conversation, their own left out."""
    wanted: dict[Place, None] = {}
    for session, seq in filter(None, map(place_of, memories)):
        for step in STEPS:
            if seq + step >= 0:
                wanted[session, seq + step] = None
    return list(wanted)


def lend(memories: Iterable[Memory], scores: Mapping[UUID, float], ranking: Ranking) -> dict[UUID, float]:
    """The scores with what messages lend to the ones beside them, in the same session. Of a message in parts the best
    part lends. (In spirit the smoothing of passage scores over a document, as in Callan's "Passage-level evidence in
    document retrieval", 1994; the weights are our measurement.)"""
    # By session, then by position: one look at a session's id for each memory in place of five.
    sessions: dict[UUID, dict[int, float]] = {}
    scored = [(memory, scores[memory.id]) for memory in memories]
    for memory, score in scored:
        if (place := place_of(memory)) is not None:
            session, seq = place
            best = sessions.setdefault(session, {})
            best[seq] = max(best.get(seq, 0.0), score)
    return {memory.id: score + _lent(memory, sessions, ranking) for memory, score in scored}


def _lent(memory: Memory, sessions: Mapping[UUID, Mapping[int, float]], ranking: Ranking) -> float:
    beside, beyond = (ranking.beside, ranking.beyond) if memory.speaker else (ranking.chat_beside, ranking.chat_beyond)
    place = place_of(memory)
    if place is None or not (beside or beyond):
        return 0.0
    session, seq = place
    near = sessions[session].get
    return (
        beyond * near(seq - 2, 0.0)
        + beside * near(seq - 1, 0.0)
        + beside * near(seq + 1, 0.0)
        + beyond * near(seq + 2, 0.0)
    )
