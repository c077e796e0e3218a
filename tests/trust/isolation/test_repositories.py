"""Every public method of a repository takes the user whose rows it reads or changes, without a default, or is named here
with a reason."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from typing import Any

import app.db
from app.db.models import Base
from graphs.memory.index import IndexFilter

PLUMBING = {"engine", "errors", "ids", "idle", "migrate", "models", "outlast", "paging", "watched"}
"""Modules that know no table of a user's."""
FOR_ALL = {
    "accounts.Accounts.create": "makes the user",
    "accounts.Accounts.by_login": "who signs in, by what they sign in with: there is no user before",
    "accounts.Accounts.by_identity": "who signs in, by what they sign in with: there is no user before",
    "accounts.Accounts.all": "an admin's: accounts, without anything that was said",
    "accounts.Accounts.any_admin": "whether, of all",
    "api_keys.ApiKeys.valid": "whose a key is: there is no user before",
    "api_keys.ApiKeys.used": "of a key that was read by its own secret",
    "checkpoints.forget_checkpoints": "called with the session's row held, which was read as the user's",
    "convert.to_memories": "of rows that were read as the user's",
    "convert.sources_of": "of memories that were read as the user's; `of` says so where they were not",
    "convert.to_memory": "reads nothing",
    "convert.to_source_message": "reads nothing",
    "convert.utc": "reads nothing",
    "digests.Digests.waiting": "the worker's: which user has a day to be told of; ids and days only",
    "digests.Digests.put_off": "of a day that was read as the user's, who is in it",
    "digests.Digests.store": "of a day that was read as the user's, who is in it",
    "digests.due": "reads nothing",
    "erasing.owned": "names tables",
    "facts.Facts.waiting": "the worker's: which session is to be read, of whom; ids only",
    "facts.Facts.anyone_talks": "whether, of all; nothing of whom",
    "import_lines.ImportLines.add": "of one import, a job that was made as the user's",
    "import_lines.ImportLines.set_keys": "of one import, a job that was begun as the user's",
    "import_lines.ImportLines.after": "of one import, a job that was begun as the user's",
    "import_lines.ImportLines.get": "of one import, a job that was begun as the user's",
    "import_lines.ImportLines.drop": "of one import, a job that was begun as the user's",
    "import_lines.ImportLines.drop_all": "of one import, a job that was begun as the user's",
    "indexing.Indexing.pending": "the worker's: what the index is missing, by user; ids only",
    "indexing.Indexing.page": "for making the index anew: user and id only",
    "indexing.Indexing.taken_since": "for making the index anew: user and id only",
    "indexing.Indexing.count": "a number, for making the index anew",
    "indexing.Indexing.expect_since": "for making the index anew: has all of it indexed again",
    "indexing.Indexing.any_taken": "whether, of all",
    "jobs.Jobs.expire": "the worker's: imports of all users that ended long ago",
    "memories.words_of": "reads nothing",
    "notices.Notices.job": "of a row that was read as the user's, who is in it",
    "recallable.any_word_of": "reads nothing",
    "retention.Retention.over": "the worker's: which of these users are over a limit; ids only",
    "retention.Retention.forget_departed": "the worker's: notes of all users that are old",
    "runs.Runs.heartbeat": "a process', for the runs that it signs",
    "runs.Runs.finish": "a process', for a run that it signs",
    "runs.Runs.expired": "runs whose process is gone; whoever takes one over reads on as its user",
    "runs.Runs.adopt": "a process', for a run whose process is gone",
    "sentences.PostgresSentences.put": "by ids of memories' rows, which say whose they are; gives nothing",
    "sentences.PostgresSentences.keep_only": "drops what another embedder made, of all",
    "session_matches.snippet": "reads nothing",
    "sessions.Sessions.expired_temporary": "the worker's: user and id of temporary sessions that are old",
    "sweeping.Sweeping.want": "notes that something was deleted, and of nobody what",
    "sweeping.Sweeping.due": "the worker's: when something was deleted; a time only",
    "sweeping.Sweeping.done": "the worker's: takes notes of times away",
    "sweeping.Sweeping.put_off": "the worker's: changes notes of times",
    "sweeping.sweep": "writes the same rows anew, of all",
    "limits_in_force.LimitsInForce.at": "of the deployment: the one row that says what limits were seen",
    "limits_in_force.LimitsInForce.note": "of the deployment: the one row that says what limits were seen",
    "checkpoints.count_checkpoints": "called with sessions that were read as the user's; a number",
    "tally.how_many": "of rows of a session that was read as the user's; a number",
    "tally.Tally.of": "the user is in it",
    "tally.Tally.of_messages": "the user is in it",
    "tally.Tally.went": "of memories that were read as the user's, who is in it",
    "sign_ins.SignIns.valid": "whose a sign-in is: there is no user before",
    "sign_ins.SignIns.seen": "of a sign-in that was read by its own secret",
    "sign_ins.SignIns.end_with": "of a sign-in, by its own secret",
}
OF_NO_USER = {"index_state": "where the index is: of the installation"}
OPTIONAL = {
    "accounts.Accounts.counts": "None: of every account, numbers, for an admin",
    "users.Users.create": "None: a new id",
    "usage.Usage.spent": "None: what the deployment has spent, a number",
    "usage.Usage.reserved": "None: what the deployment has reserved, a number",
    "users.Users.limits": "None: the limits of all, for retention's job",
}


def methods() -> Iterator[tuple[str, Callable[..., Any]]]:
    """All public functions of the repositories, and the public methods of their classes, by name."""
    for found in pkgutil.iter_modules(app.db.__path__):
        if found.name in PLUMBING | OF_NO_USER.keys():
            continue
        module = importlib.import_module(f"app.db.{found.name}")
        for name, each in vars(module).items():
            if name.startswith("_") or getattr(each, "__module__", None) != module.__name__:
                continue
            if inspect.isfunction(each):
                yield f"{found.name}.{name}", each
            elif inspect.isclass(each) and not issubclass(each, Base):
                for method, function in inspect.getmembers(each, inspect.isfunction):
                    if not method.startswith("_") and function.__module__ == module.__name__:
                        yield f"{found.name}.{name}.{method}", function


def takes_user(function: Callable[..., Any]) -> inspect.Parameter | None:
    """The parameter that says whose rows."""
    parameters = inspect.signature(function).parameters
    return parameters.get("user_id") or next(
        (each for each in parameters.values() if each.annotation is IndexFilter), None
    ) or parameters.get("user_ids")  # fmt: skip


def test_every_method_is_told_whose_rows_it_may_touch() -> None:
    untold = {name for name, function in methods() if takes_user(function) is None}
    assert untold - FOR_ALL.keys() == set(), "takes no user"
    assert FOR_ALL.keys() - untold <= {"retention.Retention.over"}, "named, and is there no more or takes a user"


def test_no_user_is_taken_for_granted() -> None:
    loose = {
        name
        for name, function in methods()
        if (user := takes_user(function)) is not None
        and (user.default is not inspect.Parameter.empty or "None" in str(user.annotation))
    }
    assert loose == OPTIONAL.keys()


def test_the_list_is_looked_through() -> None:
    """Else an empty one would pass."""
    names = {name for name, _ in methods()}
    assert {"memories.Memories.get", "sessions.Sessions.delete", "recallable.Recallable.around"} <= names
    assert len(names) > 120
