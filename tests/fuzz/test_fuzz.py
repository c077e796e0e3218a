"""What the service answers is what it describes, whatever it is asked. Longer, and another time each: `make fuzz`."""

import pytest

from tests.fuzz.fuzzing import fuzz

SECONDS = 30


@pytest.mark.timeout(400)
async def test_what_is_answered_is_what_is_described() -> None:
    outcome = await fuzz(SECONDS, seed=1)
    assert outcome.failed == 0, outcome.report
    assert outcome.faults == []
    # Had it asked little, it would have found little.
    assert len(outcome.requests) > 40
    assert outcome.total > 300
