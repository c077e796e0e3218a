"""One Memocha for the tests of a module, which each leave it well. The moments of faults come from a printed seed."""

import os
import random
from collections.abc import AsyncIterator, Iterator

import pytest

from tests.chaos.ledger import Clock
from tests.chaos.words import Words
from tests.support.instance import Instance, running_instance


@pytest.fixture(scope="module")
async def memocha() -> AsyncIterator[Instance]:
    """API and worker in one process, the scripted model."""
    async with running_instance() as instance:
        yield instance


@pytest.fixture
def dice(request: pytest.FixtureRequest) -> random.Random:
    """Chance, printed: MEMOCHA_CHAOS_SEED gives the same moments again."""
    seed = f"{os.environ.get('MEMOCHA_CHAOS_SEED') or random.randrange(1_000_000)}"
    print(f"MEMOCHA_CHAOS_SEED={seed}")
    return random.Random(f"{seed} {request.node.nodeid}")


@pytest.fixture
def words() -> Words:
    """New words in every test, also of one seed, since the tests share a memory."""
    return Words(random.Random())


@pytest.fixture(scope="session")
def clocks() -> Iterator[list[Clock]]:
    """How long each recovery took; all of them are printed at the end (pytest -s)."""
    seen: list[Clock] = []
    yield seen
    print("\n" + "\n".join(map(str, seen)))
