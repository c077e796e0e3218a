"""Ranking as recall runs it, over given scores."""

from datetime import UTC, datetime

from graphs.memory.ranking.neighbours import lend
from graphs.memory.ranking.order import best_first, choose
from graphs.memory.ranking.priors import Priors
from graphs.memory.ranking.question import read_question
from graphs.memory.ranking.said import Said
from graphs.memory.ranking.weights import Ranking
from graphs.memory.records import Memory

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
"""A Sunday."""


def ranked(
    question: str,
    scored: dict[str, tuple[Memory, float]] | list[tuple[Memory, float]],
    k: int = 10,
    ranking: Ranking | None = None,
) -> list[str]:
    """The texts, best first."""
    pairs = list(scored.values()) if isinstance(scored, dict) else scored
    weights = ranking or Ranking()
    memories = [memory for memory, _ in pairs]
    speakers = {memory.speaker for memory in memories if memory.speaker}
    read = read_question(question, now=NOW, speakers=speakers)
    near = lend(memories, {memory.id: score for memory, score in pairs}, weights)
    oldest = min((memory.created_at for memory in memories), default=NOW)
    newest = max((memory.created_at for memory in memories), default=NOW)
    priors = Priors(read, weights, oldest=oldest, newest=newest)
    ranked = best_first(
        memories,
        lambda memory: near[memory.id] + priors.of(memory),
        lambda memory: near[memory.id] + priors.at_most(memory),
    )
    return [item.memory.text for item in choose(ranked, k, read, Said(), weights)]
