"""A Memocha with a key, as `memocha up` starts it, and the command that finds it by its data folder."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.command import Command
from tests.support.instance import Instance, running_instance

SERVICE_KEY = "the key of this very service"


@pytest.fixture(scope="module")
async def instance() -> AsyncIterator[Instance]:
    async with running_instance(MEMOCHA_API_KEY=SERVICE_KEY) as instance:
        yield instance


@pytest.fixture
def memocha(instance: Instance, tmp_path: Path) -> Command:
    return Command(tmp_path, {"MEMOCHA_DATA_DIR": str(instance.data_dir), "MEMOCHA_API_KEY": SERVICE_KEY})
