"""Which texts are embedded in one pass."""

import random

from graphs.memory.sentences import BATCH, PADDING, PIECES, passes


def test_a_short_question_is_not_computed_as_long_as_its_answer() -> None:
    assert passes([230, 11, 228, 9]) == [[3, 1], [2], [0]]


def test_every_text_goes_once_and_none_is_filled_up_by_more_than_a_pass_costs() -> None:
    dice = random.Random(5)
    lengths = [dice.choice((3, 12, 40, 50, 120, 256)) + dice.randrange(8) for _ in range(300)]
    found = passes(lengths)
    assert sorted(at for batch in found for at in batch) == list(range(300))
    assert len(found) < 150, "short ones share a pass"
    for batch in found:
        longest = max(lengths[at] for at in batch)
        assert len(batch) <= BATCH
        assert len(batch) == 1 or len(batch) * longest <= PIECES
        assert sum(longest - lengths[at] for at in batch) <= PADDING * (len(batch) - 1)


def test_nothing_takes_no_pass() -> None:
    assert passes([]) == []
