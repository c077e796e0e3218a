"""What a worker tells of the jobs that fail."""

from types import SimpleNamespace
from typing import Any, cast

import pytest
from prometheus_client import REGISTRY
from structlog.testing import capture_logs

from app.jobs.worker import tell
from graphs.errors import IndexUnavailable


def failed(task: str) -> float:
    return REGISTRY.get_sample_value("memocha_jobs_failed_total", {"task": task}) or 0.0


@pytest.mark.parametrize(
    ("error", "event", "counted"),
    [(ValueError("a fault of ours"), "job failed", 1), (IndexUnavailable("away"), "job put off", 0)],
    ids=["a fault is counted", "what is tried again is not"],
)
async def test_a_job_that_fails(error: Exception, event: str, counted: int) -> None:
    async def do() -> None:
        raise error

    context = SimpleNamespace(job=SimpleNamespace(task_name="a_task", id=7, attempts=0))
    before = failed("a_task")
    with capture_logs() as logs, pytest.raises(type(error)):
        await tell(do, cast("Any", context), cast("Any", None))
    assert [(log["event"], log["task"], log["job_id"]) for log in logs] == [(event, "a_task", 7)]
    assert failed("a_task") == before + counted
