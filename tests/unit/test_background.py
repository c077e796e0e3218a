"""Background tasks end when their block does."""

import asyncio

import pytest

from app.background import background, end


async def deaf(times: int) -> None:
    """Goes on after so many cancellations."""
    while True:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            times -= 1
            if times < 0:
                raise


async def test_a_task_that_loses_a_cancellation_is_ended_all_the_same() -> None:
    task = asyncio.create_task(deaf(2))
    await asyncio.sleep(0)
    async with asyncio.timeout(5):
        await end(task, again_after=0.01)
    assert task.cancelled()


async def test_the_work_ends_with_the_block() -> None:
    async with background(deaf(0), name="work") as task:
        await asyncio.sleep(0)
        assert not task.done()
    assert task.cancelled()


async def test_a_failure_is_raised_when_the_block_ends() -> None:
    async def fail() -> None:
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        async with background(fail(), name="work"):
            await asyncio.sleep(0.01)
