"""The errors of a turn.

    MemochaError
    ├── Retryable                 the same call may succeed later; carries `retry_after` where that is known
    │   ├── ModelUnavailable        not reached, timed out, broke off, or answered with a server error
    │   │   └── ModelResting          it failed several times in a row, and is not asked again yet
    │   ├── ModelOverloaded         asks to be called later (429)
    │   ├── RerankerUnavailable     the reranker was not reached, or answered with what is no answer
    │   │   ├── RerankerResting       it failed several times in a row, and is not asked again yet
    │   │   └── RerankerRefused       it refuses the key or the request
    │   └── IndexUnavailable        the memory index was not reached or did not answer in time
    │       ├── IndexMismatch         it was filled by another embedder, and serves again after a reindex
    │       ├── IndexIncomplete       it does not have all memories yet, and is not asked
    │       ├── IndexGone             it is not there: lost, or a generation that another has taken the place of
    │       └── EmbedderUnavailable   the embedder was not reached: nothing can be looked for by meaning
    │           └── EmbedderRefused     it refuses the key or the request
    └── Permanent                 the same call will fail again until something is changed
        ├── ModelRejected           the model server refuses the request
        │   ├── ModelCredential       the key is missing, wrong or not allowed to
        │   ├── ModelUnknown          there is no such model there
        │   └── PromptTooLong         the prompt does not fit the model's context
        └── InvalidMemoryQuery      a query without a user, or with values out of bounds

`code` is stable and public; `title` is a sentence for people. What an exception says in its message is for logs and
the operator, and is not sent to clients.
"""

from math import ceil
from typing import ClassVar, Final

KEPT: Final = "Your message is kept"
"""Part of some titles."""


def unkept(title: str) -> str:
    """The title for one whose message is kept nowhere."""
    return title.replace(f"{KEPT}; try", "Try").removesuffix(f" {KEPT}.")


class MemochaError(Exception):
    """The root: every error that Memocha raises on purpose."""

    code: ClassVar[str] = "internal_error"
    title: str = "Something went wrong on our side."


class Retryable(MemochaError):
    """The same call may succeed later."""

    retry_after: float | None = None
    """Seconds; None: not known."""


class Permanent(MemochaError):
    """The same call will fail again until something is changed."""


class ModelUnavailable(Retryable):
    """The model server was not reached, timed out, broke off, or answered with a server error."""

    code = "model_unavailable"
    title = f"The language model did not answer. {KEPT}; try again."


class ModelResting(ModelUnavailable):
    """The model failed several times in a row, and is not asked before `retry_after` is over."""

    def __init__(self, model: str, retry_after: float) -> None:
        super().__init__(f"{model} failed several times in a row; it is asked again in {retry_after:.1f} s")
        self.retry_after = retry_after
        self.title = (
            "The language model does not answer at the moment; it is asked again "
            f"in {max(1, ceil(retry_after))} s. {KEPT}."
        )


class ModelOverloaded(Retryable):
    """The model server asks to be called later."""

    code = "model_overloaded"
    title = f"The language model is busy. {KEPT}; try again in a moment."

    def __init__(self, message: str, *, retry_after: float | None = None) -> None:
        super().__init__(message)
        # What the server asked to wait.
        self.retry_after = retry_after


class RerankerUnavailable(Retryable):
    """The reranker was not reached, or answered with what is no answer."""

    code = "reranker_unavailable"
    title = "Memories cannot be put in a better order right now."


class RerankerResting(RerankerUnavailable):
    """The reranker failed several times in a row, and is not asked before `retry_after` is over."""

    def __init__(self, retry_after: float) -> None:
        super().__init__(f"it failed or was late several times in a row; it is asked again in {retry_after:.1f} s")
        self.retry_after = retry_after


class RerankerRefused(RerankerUnavailable):
    """The reranker refuses the key or the request."""


class IndexUnavailable(Retryable):
    """The memory index was not reached or did not answer in time."""

    code = "memory_unavailable"
    title = "Memory cannot be searched right now."


class IndexMismatch(IndexUnavailable):
    """The memory index was filled by another embedder, and serves again after a reindex."""


class IndexIncomplete(IndexUnavailable):
    """The memory index does not have all memories yet, and is not asked before it has."""


class EmbedderUnavailable(IndexUnavailable):
    """The embedder was not reached, or answered with what are no vectors."""


class EmbedderRefused(EmbedderUnavailable):
    """The embedder refuses the key or the request."""


class IndexGone(IndexUnavailable):
    """The memory index is not there: it was lost, or this generation of it was dropped for another."""


class ModelRejected(Permanent):
    """The model server refuses the request."""

    code = "model_rejected"
    title = "The language model refused the request."


class ModelCredential(ModelRejected):
    """The key for the model server is missing, wrong, or not allowed to use the model."""

    code = "model_credential"
    title = "The language model's key was refused. Whoever runs this service must set a valid one."


class ModelUnknown(ModelRejected):
    """The model server knows no model of that name."""

    code = "model_unknown"
    title = "The language model server has no model of the configured name."


class PromptTooLong(ModelRejected):
    """The prompt does not fit the model's context."""

    code = "prompt_too_long"
    title = "The message is too long for the language model."


class InvalidMemoryQuery(Permanent):
    """A memory query without a user, or with values out of bounds."""

    code = "invalid_memory_query"
    title = "The memory query is not valid."
