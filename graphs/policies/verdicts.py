"""What the end of a call tells of a dependency: only that it was away counts for its breaker. A wrong key, too long a
prompt or an index that is gone are answers, and what somebody cancelled says nothing."""

from http import HTTPStatus

from graphs.errors import (
    EmbedderRefused,
    EmbedderUnavailable,
    IndexGone,
    IndexIncomplete,
    IndexMismatch,
    IndexUnavailable,
    ModelOverloaded,
    ModelRejected,
    ModelUnavailable,
    RerankerRefused,
    RerankerUnavailable,
)
from graphs.policies.breaker import Verdict


def of_model(error: BaseException) -> Verdict:
    """For a chat model. `TimeoutError`: of a deadline of the caller's own that is part of what is asked for."""
    if isinstance(error, ModelUnavailable | ModelOverloaded | TimeoutError):
        return Verdict.FAULT
    return Verdict.ANSWER if isinstance(error, ModelRejected) else Verdict.NOTHING


def of_index(error: BaseException) -> Verdict:
    """For searching the memory index."""
    if isinstance(error, IndexGone | IndexMismatch):
        return Verdict.ANSWER
    if isinstance(error, EmbedderUnavailable | IndexIncomplete):
        return Verdict.NOTHING
    return Verdict.FAULT if isinstance(error, IndexUnavailable) else Verdict.NOTHING


def of_embedder(error: BaseException) -> Verdict:
    """For an embedder behind an address."""
    if isinstance(error, EmbedderRefused):
        return Verdict.ANSWER
    return Verdict.FAULT if isinstance(error, EmbedderUnavailable) else Verdict.NOTHING


def of_reranker(error: BaseException) -> Verdict:
    """For a reranker. `TimeoutError`: of its deadline."""
    if isinstance(error, RerankerRefused):
        return Verdict.ANSWER
    return Verdict.FAULT if isinstance(error, RerankerUnavailable | TimeoutError) else Verdict.NOTHING


def refuses(status: int) -> bool:
    """Whether an HTTP status says that the server is well and will not do it: a wrong key, a wrong request."""
    later = (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS)
    return 400 <= status < 500 and status not in later
