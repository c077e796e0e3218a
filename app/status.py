"""The state of what the service leans on, looked at often and asked for seldom."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Final, Literal

from app.breakers import Breakers
from app.chat.models import Models
from app.db.engine import Database
from app.db.errors import DatabaseUnavailable
from app.generations import Generations
from app.redis import SharedRedis
from graphs.errors import IndexGone, IndexUnavailable, ModelUnavailable
from graphs.models.check import CachedCheck
from graphs.policies.breaker import State as BreakerState

State = Literal["ok", "degraded", "down"]

LOOK = 2.0
"""Longest look at one dependency, seconds."""
FRESH = 1.0
"""Seconds for which an answer stands, so that asking often costs little."""
MODEL_FRESH = 10.0


@dataclass(frozen=True, slots=True)
class Amount:
    """How much is done of what makes a dependency well again."""

    processed: int
    total: int


@dataclass(frozen=True, slots=True)
class Dependency:
    """One thing that the service leans on; `detail` says what is lost without it, `code` names the problem as errors
    do, where one is known. `breaker`: of calls to it, where it has one; `open`: it failed several times in a row and is
    not asked for some seconds; `half-open`: one call tries it, or the next one will."""

    state: State
    detail: str | None = None
    code: str | None = None
    progress: Amount | None = None
    breaker: BreakerState | None = None


OK = Dependency("ok")
SILENT = Dependency("degraded", "The memory index does not answer; words alone are searched, and it catches up later.")
OPENING = Dependency("degraded", "The memory index is being opened; until then words alone are searched.")
LOST = Dependency("degraded", "The memory index is gone; words alone are searched until it was made anew.")
APART = Dependency("degraded", "Redis does not answer; until it is back each process counts for itself.")
AGAIN: Final = "failed several times in a row and is asked again in some seconds"
OPEN: Final = {
    "memory": Dependency("degraded", f"The memory index {AGAIN}; until then words alone are searched."),
    "model": Dependency(
        "down", f"The language model {AGAIN}; messages are kept and can be retried.", ModelUnavailable.code
    ),
    "embedder": Dependency("degraded", f"The embedder {AGAIN}; until then words alone are searched."),
    "reranker": Dependency("degraded", f"The reranker {AGAIN}; until then memories stay in the order without it."),
    "rewriting": Dependency("degraded", f"Completing follow-ups {AGAIN}; until then they are looked for as they are."),
}
"""What is told of a dependency whose breaker is open."""
INSTEAD: Final = Dependency("degraded", f"The language model {AGAIN}; until then another answers.")
FALLBACK: Final = Dependency("degraded", f"This model {AGAIN}; until then others answer.")


def overall(found: dict[str, Dependency]) -> State:
    """`down` when chat cannot work at all; `degraded` when it works with less."""
    if found["postgres"].state == "down":
        return "down"
    return "ok" if all(item.state == "ok" for item in found.values()) else "degraded"


class Status:
    """Looks at every dependency at once, each within its time."""

    def __init__(
        self,
        *,
        database: Database,
        generations: Generations,
        models: Models,
        redis: SharedRedis | None,
        breakers: Breakers,
    ) -> None:
        self._database = database
        self._models = models
        self._breakers = breakers
        self._generations = generations
        self._check = CachedCheck(models.choose(None).config, seconds=MODEL_FRESH)
        self._looks: dict[str, Callable[[], Awaitable[Dependency]]] = {
            "postgres": self._postgres,
            "memory": self._memory,
            "model": self._model,
        }
        if redis is not None:
            self._looks["redis"] = lambda: _redis(redis)
        self._looking = asyncio.Lock()
        self._ping: asyncio.Task[None] | None = None
        self._found: dict[str, Dependency] = {}
        self._until = 0.0

    async def look(self) -> dict[str, Dependency]:
        """The state of each dependency, by name."""
        async with self._looking:
            if time.monotonic() >= self._until:
                found = await asyncio.gather(*(look() for look in self._looks.values()))
                self._found = self._with_breakers(dict(zip(self._looks, found, strict=True)))
                self._until = time.monotonic() + FRESH
            return self._found

    async def index_answers(self) -> bool:
        """Whether the memory index answers a question that is none of a user's."""
        try:
            async with asyncio.timeout(LOOK):
                await self._generations.live.index.count()
        except IndexGone:
            return True
        except (IndexUnavailable, TimeoutError):
            return False
        return True

    async def model_answers(self, name: str) -> bool:
        """Whether the server of the model of that name answers, if only to refuse."""
        return await self._models.answers(name, within=LOOK)

    def _with_breakers(self, found: dict[str, Dependency]) -> dict[str, Dependency]:
        """What the looks found, and what calls did: these may fail where those do not."""
        default = f"model:{self._models.default}"
        rows = {"index": "memory", default: "model"}
        told = dict(found)
        models = [breaker for breaker in self._breakers if breaker.name.startswith("model:")]
        for breaker in self._breakers:
            row = rows.get(breaker.name, breaker.name)
            seen = found.get(row, OK)
            if breaker.state == "open" and seen.state == "ok":
                seen = OPEN.get(row, FALLBACK)
                if row == "model" and any(other.state == "closed" for other in models):
                    seen = INSTEAD
            told[row] = replace(seen, breaker=breaker.state)
        return told

    async def _postgres(self) -> Dependency:
        # Not cancelled when it takes long: who asks a server that is stopped comes back from that seconds later. Nor
        # are there two, each with a connection that it waits on.
        if self._ping is None or self._ping.done():
            self._ping = asyncio.create_task(self._database.ping(), name="ask Postgres")
            self._ping.add_done_callback(lambda ping: ping.cancelled() or ping.exception())
        try:
            async with asyncio.timeout(LOOK):
                await asyncio.shield(self._ping)
        except (DatabaseUnavailable, TimeoutError):
            return Dependency("down", "Postgres does not answer; no message can be kept, and none is taken.")
        return OK

    async def _memory(self) -> Dependency:
        generations = self._generations
        if generations.reached is None:
            return OPENING
        progress, complete = generations.progress, generations.live.pair.complete
        if progress is None and not complete:
            if not generations.reached:
                return SILENT
            if generations.deciding:
                return OPENING
            if generations.elsewhere is not None:
                return Dependency("degraded", "Memories are in another index than this one; words alone are searched.")
            return Dependency("degraded", "Memories wait for a worker to index them; words alone are searched.")
        try:
            async with asyncio.timeout(LOOK):
                await generations.live.index.count()
        except IndexGone:
            return LOST
        except (IndexUnavailable, TimeoutError):
            return SILENT
        if progress is None:
            return OK
        done = f"Memories are being embedded anew: {progress.processed:,} of {progress.total:,} are done."
        amount = Amount(progress.processed, progress.total)
        if progress.recalled:
            return Dependency("ok", f"{done} Recall goes on with the former embeddings.", progress=amount)
        return Dependency("degraded", f"{done} Until then words alone are searched.", progress=amount)

    async def _model(self) -> Dependency:
        try:
            async with asyncio.timeout(LOOK):
                report = await self._check.report()
        except TimeoutError:
            return Dependency(
                "down",
                "The language model does not answer; messages are kept and can be retried.",
                ModelUnavailable.code,
            )
        if report.ok:
            return OK
        return Dependency("down", report.error.title, report.error.code) if report.error else Dependency("down")


async def _redis(redis: SharedRedis) -> Dependency:
    try:
        async with asyncio.timeout(LOOK):
            return OK if await redis.ping() else APART
    except TimeoutError:
        return APART
