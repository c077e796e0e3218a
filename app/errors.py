"""The service's errors, and how each is told to a client.

    MemochaError (graphs/errors.py: the errors of a turn are there)
    ├── Retryable
    │   ├── DatabaseUnavailable     503 Postgres was not reached (app/db/errors.py)
    │   │   └── StorageFull             507 it has no space left
    │   ├── RunActive               409 the session is answering another message; carries `run_id`
    │   ├── BudgetSpent             429 the turn might cost more than is left; carries `limit`, `left`, `retry_after`
    │   ├── TooManyRuns             429 so many turns of the user's are being answered already
    │   ├── RateLimited             429 too many requests or turns a minute; carries `limit`, `left`, `retry_after`
    │   ├── TooManyImports          429 so many imports of the user's are being taken in already
    │   ├── TooManyStreams          429 so many of the user's clients follow what happens already
    │   ├── ShuttingDown            503 the process is about to stop and takes no new turn
    │   ├── TooManyAttempts         429 to sign in; carries `retry_after`
    │   ├── RunTakenOver            503 another process goes on with the run; its events are to be asked for again
    │   └── RunFailed               503 a turn that was to be answered whole failed; has the failure's own code
    └── Permanent
        ├── InvalidRequest          422 a value is missing, malformed or out of bounds
        │   ├── InvalidLine         422 a line of an import breaks a rule; carries `line`
        │   └── InvalidArchive      422 an archive of an import is broken
        │       ├── EncryptedArchive    422 it is locked
        │       ├── UnknownArchive      422 it is of no chat that is known
        │       ├── EmptyArchive        422 it holds no conversation
        │       └── ArchiveTooLarge     413 what it holds is too much
        ├── InvalidCursor           422 a cursor that no list gave (app/db/errors.py)
        ├── Unauthorized            401 no credential, or a wrong one
        │   ├── SignInNeeded            401 the same where there are accounts
        │   └── WrongPassword           401 the login or the password is wrong
        ├── Forbidden               403 the credential is good, and not for this
        │   ├── OutOfScope              403 the key is not for this; names the scope
        │   ├── AdminsOnly              403
        │   └── PasswordChangeNeeded    403 another chose the password: it is to be changed first
        ├── LoginTaken              409 somebody signs in with this already
        ├── LastAdmin               409 nobody could make accounts any more
        ├── NotFound                404 there is no such thing, or it is not yours: the answer is the same
        │   ├── SessionNotFound
        │   ├── MessageNotFound
        │   ├── ModelNotFound
        │   ├── MemoryNotFound
        │   ├── AccountsOff             404 the service has no accounts
        │   ├── KeyNotFound
        │   ├── SignInNotFound
        │   ├── UserNotFound
        │   ├── RunNotFound
        │   └── JobNotFound
        ├── ForeignOrigin           403 sent by a page of another origin, or to a name that is not ours
        ├── NotRunning              409 the run has ended already
        ├── NotOnBranch             409 the message is on a branch that is not shown
        ├── AnswerTooLong           the model does not come to an end; told in the stream
        ├── UnsupportedMedia        415 a body of a kind that is not taken
        └── RequestTooLarge         413

A client gets RFC 9457 `application/problem+json`: `{type, title, status, code, request_id}` and, for some codes,
members of their own. It never gets an exception's message, which may hold addresses or somebody's words.
"""

from http import HTTPStatus
from math import ceil
from typing import Any
from uuid import UUID

from app.db.errors import DatabaseUnavailable, InvalidCursor, StorageFull
from graphs import errors as turn
from graphs.errors import MemochaError, Permanent, Retryable


class RunActive(Retryable):
    """The session is answering another message."""

    code = "run_active"
    title = "This session is still answering another message. Wait for it, or cancel it."

    def __init__(self, run_id: UUID) -> None:
        super().__init__(f"run {run_id} is live")
        self.run_id = run_id


class BudgetSpent(Retryable):
    """The turn might cost more than is left. `left`: in the budget's unit; `retry_after`: seconds until it is whole."""

    code = "budget_spent"
    title = "The budget does not suffice for another answer."

    def __init__(self, *, whose: str, unit: str, limit: float, left: float, retry_after: float) -> None:
        super().__init__(f"{left:g} of {limit:g} {unit} are left to the {whose}")
        self.limit, self.left, self.unit, self.whose = limit, left, unit, whose
        self.retry_after = retry_after

    @property
    def detail(self) -> str:
        """For the client."""
        mine = "Yours" if self.whose == "user" else "That of everyone here together"
        if self.unit == "tokens":
            return f"{mine} is {self.limit:,.0f} tokens a day; {self.left:,.0f} are left until midnight in UTC."
        return f"{mine} is {self.limit:,.2f} USD a month; {self.left:,.2f} are left until the next."


class TooManyRuns(Retryable):
    """So many turns of the user's are being answered already."""

    code = "too_many_runs"
    title = "Too many of your messages are being answered. Wait for one of them."

    def __init__(self, limit: int) -> None:
        super().__init__(f"{limit} runs are live")
        self.retry_after = 1.0


class RateLimited(Retryable):
    """Too many in too short a time. `left`: what may still be asked for, where several were at once; `window`,
    `retry_after`: seconds."""

    code = "rate_limited"
    title = "Too many requests in a short time. Nothing was done; try again in a moment."
    retry_after: float

    def __init__(self, *, whose: str, unit: str, limit: int, left: int, window: int, retry_after: float) -> None:
        super().__init__(f"{limit} {unit} of the {whose} in {window} s")
        self.limit, self.left, self.unit, self.whose, self.window = limit, left, unit, whose, window
        self.retry_after = retry_after

    @property
    def detail(self) -> str:
        """For the client."""
        mine = "You have" if self.whose == "user" else "Your address has"
        return f"{mine} {self.limit:,} {self.unit} a minute; there is more in {ceil(self.retry_after)} s."


class TooManyImports(Retryable):
    """So many imports of the user's are being taken in already."""

    code = "too_many_imports"
    title = "Too many of your imports are being taken in. Wait for one of them."
    retry_after = 10.0


class TooManyStreams(Retryable):
    """So many of the user's clients follow what happens already."""

    code = "too_many_streams"
    title = "Too many of your clients follow what happens. Close one of them."
    retry_after = 30.0


class AnswerTooLong(Permanent):
    """The model goes on and on, whatever it was asked."""

    code = "answer_too_long"
    title = "The model did not come to an end. What it said until then is kept."


class ShuttingDown(Retryable):
    """The process is about to stop and takes no new turn."""

    code = "shutting_down"
    title = "The service is restarting. Try again in a moment."


class RunTakenOver(Retryable):
    """Another process goes on with the run, since this one was not heard of for too long."""

    code = "run_taken_over"
    title = "The answer goes on elsewhere. Ask for the run's events again."


class RunFailed(Retryable):
    """A turn that was to be answered whole failed, with the `code`, `title` and `retry_after` that its stream told."""

    def __init__(self, code: str, title: str, retry_after: float | None = None) -> None:
        super().__init__(code)
        self.retry_after = retry_after
        self.failure_code = code
        self.failure_title = title


class InvalidRequest(Permanent):
    """A value is missing, malformed or out of bounds. `detail` is shown to the client, so it names no user data."""

    code = "invalid_request"
    title = "The request is not valid."

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class InvalidLine(InvalidRequest):
    """A line of an import breaks a rule. `number` counts lines as an editor does, from 1."""

    code = "invalid_line"
    title = "A line is not valid. Nothing was imported."

    def __init__(self, number: int, rule: str) -> None:
        super().__init__(f"line {number}: {rule}")
        self.number = number


class InvalidArchive(InvalidRequest):
    """An archive of an import is no zip file, broken, cut off, or holds broken JSON."""

    code = "invalid_archive"
    title = "The archive cannot be read. Nothing was imported."


class EncryptedArchive(InvalidArchive):
    """It is locked by a password."""

    code = "encrypted_archive"
    title = "The archive is locked by a password. Nothing was imported."


class UnknownArchive(InvalidArchive):
    """It is of no chat that is known."""

    code = "unknown_archive"
    title = "The archive is neither ChatGPT's export nor Claude's. Nothing was imported."


class EmptyArchive(InvalidArchive):
    """It is as it should be, and nobody has said anything in it."""

    code = "empty_archive"
    title = "The archive holds no conversation. Nothing was imported."


class ArchiveTooLarge(InvalidArchive):
    """What it holds is more than is taken, or more than can be meant."""

    code = "archive_too_large"
    title = "What the archive holds is too large. Nothing was imported."


class Unauthorized(Permanent):
    """No credential, or a wrong one."""

    code = "unauthorized"
    title = "A valid key is needed."


class SignInNeeded(Unauthorized):
    """No credential, or a wrong one, where there are accounts."""

    code = "sign_in_needed"
    title = "Sign in, or send a valid key."


class WrongPassword(Unauthorized):
    """The login or the password is wrong, or the account is disabled: the answer is the same."""

    code = "wrong_password"
    title = "The login or the password is wrong."


class Forbidden(Permanent):
    """The credential is good, and not for this."""

    code = "forbidden"
    title = "You may not do that."


class OutOfScope(Forbidden):
    """The key is not for this."""

    code = "out_of_scope"
    title = "This key is not for that."

    def __init__(self, scope: str) -> None:
        super().__init__(scope)
        self.scope = scope
        self.detail = f"It would need the scope {scope}"


class AdminsOnly(Forbidden):
    """For admins."""

    code = "admins_only"
    title = "Only an admin may do that."


class PasswordChangeNeeded(Forbidden):
    """Another chose the password: until it is changed nothing else is done."""

    code = "password_change_needed"
    title = "Choose a password of your own first."


class LoginTaken(Permanent):
    """Somebody signs in with this already."""

    code = "login_taken"
    title = "There is an account of that login already."


class LastAdmin(Permanent):
    """Nobody could make accounts any more."""

    code = "last_admin"
    title = "This is the last admin. Make another first."


class TooManyAttempts(Retryable):
    """To sign in. `retry_after`: seconds until the next is taken."""

    code = "too_many_attempts"
    title = "There were too many attempts. Wait a while."

    def __init__(self, retry_after: float) -> None:
        super().__init__(f"again in {retry_after:.0f} s")
        self.retry_after = retry_after


class NotFound(Permanent):
    """There is no such thing, or it is not yours: the answer is the same."""

    code = "not_found"
    title = "There is nothing here."


class SessionNotFound(NotFound):
    """There is no such session."""

    code = "session_not_found"
    title = "There is no such session."


class MessageNotFound(NotFound):
    """There is no such message in the session."""

    code = "message_not_found"
    title = "There is no such message."


class ModelNotFound(NotFound):
    """There is no such model. `wanted` is the client's own word."""

    code = "model_not_found"
    title = "There is no such model; GET /v1/models lists those that there are."


class MemoryNotFound(NotFound):
    """There is no such memory."""

    code = "memory_not_found"
    title = "There is no such memory."


class AccountsOff(NotFound):
    """The service has no accounts."""

    code = "accounts_off"
    title = "This service has no accounts; MEMOCHA_AUTH=accounts gives it some."


class KeyNotFound(NotFound):
    """There is no such key."""

    code = "key_not_found"
    title = "There is no such key."


class SignInNotFound(NotFound):
    """There is no such sign-in."""

    code = "sign_in_not_found"
    title = "There is no such sign-in."


class UserNotFound(NotFound):
    """There is no such user."""

    code = "user_not_found"
    title = "There is no such user."


class RunNotFound(NotFound):
    """There is no such run."""

    code = "run_not_found"
    title = "There is no such run."


class JobNotFound(NotFound):
    """There is no such job."""

    code = "job_not_found"
    title = "There is no such job."


class ForeignOrigin(Permanent):
    """Sent by a page of another origin, or to a name that is not ours."""

    code = "foreign_origin"
    title = "Pages of other origins are refused; MEMOCHA_CORS_ORIGINS and MEMOCHA_ALLOWED_HOSTS allow them."


class NotRunning(Permanent):
    """The run has ended already."""

    code = "not_running"
    title = "The run has ended already."


class NotOnBranch(Permanent):
    """The message is on a branch that is not shown."""

    code = "not_on_branch"
    title = "The message is on another branch of the conversation than the one that is shown."


class UnsupportedMedia(Permanent):
    """A body of a kind that is not taken. `detail` says which are."""

    code = "unsupported_media_type"
    title = "The body is of a kind that is not taken here."

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class RequestTooLarge(Permanent):
    """The request's body is larger than the service takes."""

    code = "request_too_large"
    title = "The request is too large."


STATUS: dict[type[MemochaError], HTTPStatus] = {
    turn.ModelOverloaded: HTTPStatus.TOO_MANY_REQUESTS,
    turn.PromptTooLong: HTTPStatus.UNPROCESSABLE_ENTITY,
    turn.InvalidMemoryQuery: HTTPStatus.UNPROCESSABLE_ENTITY,
    InvalidCursor: HTTPStatus.UNPROCESSABLE_ENTITY,
    turn.ModelRejected: HTTPStatus.BAD_GATEWAY,
    BudgetSpent: HTTPStatus.TOO_MANY_REQUESTS,
    TooManyRuns: HTTPStatus.TOO_MANY_REQUESTS,
    RateLimited: HTTPStatus.TOO_MANY_REQUESTS,
    TooManyImports: HTTPStatus.TOO_MANY_REQUESTS,
    TooManyStreams: HTTPStatus.TOO_MANY_REQUESTS,
    AnswerTooLong: HTTPStatus.BAD_GATEWAY,
    RunActive: HTTPStatus.CONFLICT,
    InvalidRequest: HTTPStatus.UNPROCESSABLE_ENTITY,
    Unauthorized: HTTPStatus.UNAUTHORIZED,
    Forbidden: HTTPStatus.FORBIDDEN,
    LoginTaken: HTTPStatus.CONFLICT,
    LastAdmin: HTTPStatus.CONFLICT,
    TooManyAttempts: HTTPStatus.TOO_MANY_REQUESTS,
    NotFound: HTTPStatus.NOT_FOUND,
    ForeignOrigin: HTTPStatus.FORBIDDEN,
    NotRunning: HTTPStatus.CONFLICT,
    NotOnBranch: HTTPStatus.CONFLICT,
    UnsupportedMedia: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    RequestTooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    ArchiveTooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    Retryable: HTTPStatus.SERVICE_UNAVAILABLE,
    DatabaseUnavailable: HTTPStatus.SERVICE_UNAVAILABLE,
    StorageFull: HTTPStatus.INSUFFICIENT_STORAGE,
}


def wait_of(error: MemochaError) -> float | None:
    """Seconds after which it may be tried again, where that is known."""
    return error.retry_after if isinstance(error, Retryable) else None


def status_of(error: MemochaError) -> HTTPStatus:
    """The status for an error: its own class's, else its nearest ancestor's, else 500."""
    for cls in type(error).__mro__:
        if cls in STATUS:
            return STATUS[cls]
    return HTTPStatus.INTERNAL_SERVER_ERROR


def problem(
    status: HTTPStatus, code: str, title: str, *, request_id: str | None = None, **members: Any
) -> dict[str, Any]:
    """A problem+json body."""
    body = {"type": "about:blank", "title": title, "status": int(status), "code": code, **members}
    return body | ({"request_id": request_id} if request_id else {})


def problem_of(error: MemochaError, *, request_id: str | None = None) -> dict[str, Any]:
    """The body for an error, with the members of its own that clients may use."""
    members: dict[str, Any] = {}
    if isinstance(error, RunActive):
        members["run_id"] = str(error.run_id)
    if isinstance(error, BudgetSpent | RateLimited):
        members |= {"limit": error.limit, "left": error.left, "unit": error.unit, "whose": error.whose}
    if isinstance(error, InvalidRequest | UnsupportedMedia | BudgetSpent | RateLimited | OutOfScope):
        members["detail"] = error.detail
    if isinstance(error, InvalidLine):
        members["line"] = error.number
    code, title = error.code, error.title
    if isinstance(error, RunFailed):
        code, title = error.failure_code, error.failure_title
    return problem(status_of(error), code, title, request_id=request_id, **members)
