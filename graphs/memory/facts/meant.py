"""Which memories somebody means who says "forget that ...": strict, since what is deleted in error is gone."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from graphs.memory.chunking import sentences
from graphs.memory.facts.person import speaks_of_self
from graphs.memory.normalise import normalise
from graphs.memory.ports import Embedder
from graphs.memory.stem import stem_query, stem_text

ALIKE = 0.8
"""Cosine similarity (MiniLM) from which the same is said, in other words perhaps."""
NEAR = 0.5
WORDED = 0.4
"""From which it is meant where every telling word is there: "my address" lies at 0.41 from an address."""
APART = 0.15
"""Behind the best of those that pass by more than this, another is not meant: the best is clearly above it."""
MOST_SENTENCES = 80


@dataclass(frozen=True, slots=True)
class Candidate:
    """A memory or a message that may be meant."""

    id: UUID
    text: str


async def meant(what: str, candidates: Sequence[Candidate], embedder: Embedder) -> list[UUID]:
    """Those of the candidates that `what` ("my sister is called Anika", "my address") speaks of; most often none.

    Each is judged by its sentence that fits best. Raises `IndexUnavailable` where a remote embedder is down.
    """
    telling = set(stem_query(what).split())
    parts = [
        (candidate.id, sentence, share)
        for candidate in candidates
        for sentence in sentences(normalise(candidate.text))
        if (share := _share(telling, sentence)) >= 1 / 3
    ][:MOST_SENTENCES]
    if not parts:
        return []
    asked = await embedder.embed_query(what)
    vectors = await embedder.embed_documents([sentence for _, sentence, _ in parts])
    whole = speaks_of_self(what) and len(telling) > 1 and not _names_a_thing(what)
    best: dict[UUID, float] = {}
    for (candidate_id, _, share), vector in zip(parts, vectors, strict=True):
        similarity = float(asked @ vector)
        if _passes(similarity, share, whole=whole):
            best[candidate_id] = max(similarity, best.get(candidate_id, 0.0))
    top = max(best.values(), default=0.0)
    return [candidate_id for candidate_id, similarity in best.items() if similarity >= top - APART]


def _share(telling: set[str], sentence: str) -> float:
    """Of the telling words those that the sentence has."""
    return len(telling & set(stem_text(sentence).split())) / len(telling) if telling else 0.0


def _passes(similarity: float, share: float, *, whole: bool) -> bool:
    """A statement must be there whole, or in other words: "I hate coffee" does not mean "I like coffee"."""
    if similarity >= ALIKE or (share == 1 and similarity >= WORDED):
        return True
    return not whole and similarity >= NEAR and share >= 0.5


def _names_a_thing(what: str) -> bool:
    """Whether it is "my sister's name" or "my job at Bosch" rather than a statement with a subject of its own."""
    first = what.split(maxsplit=1)[0].casefold()
    return first in _OWN and not set(what.casefold().split()) & _VERBS


_OWN = frozenset(
    ("my", "our", "the", "mein", "meine", "meinen", "unser", "mi", "mis", "mon", "ma", "mes", "where", "what")
)
_VERBS = frozenset(
    ("is", "are", "was", "were", "has", "have", "had", "lives", "works", "ist", "sind", "heißt", "hat", "es", "está",
     "tiene", "est", "a", "s'appelle")
)  # fmt: skip
