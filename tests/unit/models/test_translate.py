import time
from email.utils import formatdate

import pytest

from graphs.models.translate import retry_after


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "3"}, 3.0),
        ({"retry-after": "0.5"}, 0.5),
        ({"retry-after-ms": "250", "retry-after": "9"}, 0.25),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "-4"}, None),
        ({"retry-after": ""}, None),
    ],
    ids=str,
)
def test_how_long_a_server_asks_to_wait(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(headers) == seconds


def test_a_date_to_wait_for() -> None:
    wait = retry_after({"retry-after": formatdate(time.time() + 20, usegmt=True)})
    assert wait is not None
    assert 17 < wait <= 20
    assert retry_after({"retry-after": formatdate(time.time() - 20, usegmt=True)}) == 0
