"""The product's one promise, on the real thing: what is said in one session is known in the next, across a restart."""

import pytest

from bench.remembers import FACTS, OTHER_TURNS, converse, given, said
from tests.support.instance import running_instance


@pytest.mark.model
async def test_what_a_person_tells_is_known_in_a_new_session_after_a_restart() -> None:
    async with running_instance(model="local") as memocha:
        [(fact, turn)] = await converse(memocha, FACTS[:1], OTHER_TURNS[:3])
    assert given(fact, turn)
    assert said(fact, turn), turn.text
