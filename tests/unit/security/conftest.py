"""A clock that the windows go by."""

from types import SimpleNamespace

import pytest

from app.security import windows
from tests.support.clock import Clock


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(windows, "time", SimpleNamespace(time=made.time, monotonic=made.time))
    return made
