"""What Schemathesis cannot know by itself, run within its process: how bodies that are no JSON are written, which ids
there are, and what makes a turn of a body that is merely well formed."""

import atexit
import json
import os
import random
import re
from collections import Counter, defaultdict, deque
from collections.abc import Callable
from pathlib import Path
from typing import Any

import schemathesis
from hypothesis import strategies as st

COUNTS = "MEMOCHA_FUZZ_COUNTS"
"""The variable that names the file for the counts: by route, how many answers of each status."""
KEPT = "MEMOCHA_FUZZ_KEPT"
"""The variable that lists the ids that are not asked for again: what everything is asked with would be deleted."""
ID = re.compile(r'"(id|\w+_id)": ?"([0-9a-f]{8}-[0-9a-f-]{27})"')
OF = {
    "/api/keys": "key_id",
    "/api/users": "user_id",
    "/api/auth/sign-ins": "sign_in_id",
    "/api/sessions": "session_id",
    "/api/memories": "memory_id",
    "/api/import": "job_id",
}
"""What a plain `id` is, by the beginning of the path."""
NOBODYS = "00000000-0000-7000-8000-000000000009"
MESSAGES = ("regenerate", "edit_of", "head")
NO_CONFIG = "N4XyA"
"""`{}` as LangServe's playground packs it."""
TURNS = 1 / 4
"""Of what is asked at the doors of other ecosystems, as much is made a turn: it takes far longer than a refusal."""
FRESH = 30
"""Of each kind the ids that are asked for again: those that were told last."""

WORDS = st.text(max_size=200)
IDS = st.none() | st.text(max_size=20)
TIMES = st.none() | st.datetimes(timezones=st.timezones()).map(lambda moment: moment.isoformat()) | WORDS
SESSION = st.fixed_dictionaries({}, optional={"id": IDS, "title": WORDS, "created_at": TIMES})
MESSAGE = st.fixed_dictionaries(
    {"role": st.sampled_from(["user", "assistant", "system"]), "content": WORDS},
    optional={"id": IDS, "name": WORDS, "created_at": TIMES},
)
MEMORY = st.fixed_dictionaries({"text": WORDS}, optional={"id": IDS, "created_at": TIMES, "kind": st.just("fact")})
LINES = st.lists(
    st.fixed_dictionaries({"session": SESSION})
    | st.fixed_dictionaries({"message": MESSAGE})
    | st.fixed_dictionaries({"memory": MEMORY}),
    max_size=8,
).map(lambda lines: "\n".join([json.dumps({"session": {}}), *map(json.dumps, lines)]))

dice = random.Random(5)
kept = frozenset(json.loads(os.environ.get(KEPT, "[]")))
counts: Counter[tuple[str, int]] = Counter()
told: defaultdict[str, deque[str]] = defaultdict(lambda: deque(maxlen=FRESH))

schemathesis.openapi.media_type("application/x-ndjson", LINES | WORDS)
schemathesis.openapi.media_type("application/zip", st.binary(max_size=200).map(lambda data: b"PK\x03\x04" + data))


@schemathesis.serializer("application/x-ndjson", "application/zip")
def plain(_context: schemathesis.SerializationContext, value: Any) -> Any:
    """As it is."""
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "surrogatepass")


@schemathesis.hook
def before_call(context: schemathesis.HookContext, case: schemathesis.Case, kwargs: dict[str, Any]) -> None:
    """Ask for things that are there, and for turns that are taken; every third request stays as it was made up."""
    for name, value in case.path_parameters.items():
        if value in kept:  # by a link from what lists them
            case.path_parameters[name] = NOBODYS
    if dice.random() < 1 / 3:
        return
    _there(case.path_parameters, lambda name: name)
    _there(case.headers, lambda name: "session_id" if name.lower() == "x-memocha-session" else "")
    if not isinstance(case.body, dict):
        return
    _there(case.body, lambda name: dice.choice(["message_id", "user_message_id"]) if name in MESSAGES else name)
    path = case.operation.path
    if path == "/api/chat":
        _turn(case.body)
    elif path == "/v1/chat/completions" and dice.random() < TURNS:
        _plain(case.body)
    elif path.startswith("/chat/") and dice.random() < TURNS:
        _last_word(case.body)


@schemathesis.hook
def after_call(context: schemathesis.HookContext, case: schemathesis.Case, response: schemathesis.Response) -> None:
    """Note what was asked, and the ids in the answer."""
    counts[case.operation.label, response.status_code] += 1
    plain = next((kind for path, kind in OF.items() if case.operation.path.startswith(path)), "id")
    for name, found in ID.findall(response.content[:20_000].decode("utf-8", "replace")):
        if found not in kept:
            told[plain if name == "id" else name].append(found)


def _there(values: Any, kind_of: Callable[[str], str]) -> None:
    """Put ids that were told in the place of those that were made up."""
    for name, value in values.items():
        kind = kind_of(name)
        if name == "config_hash":
            values[name] = NO_CONFIG
        elif isinstance(value, str) and told[kind] and value not in told[kind]:
            values[name] = dice.choice(told[kind])


def _turn(body: dict[str, Any]) -> None:
    """A new message, in a new session or in one that is there, or another answer to one."""
    kind = dice.choice(["new", "on", "edit", "again"])
    body.pop("model", None)
    if kind != "new":
        body.pop("temporary", None)
    for name in {"new": ("session_id", "regenerate", "edit_of"), "on": ("regenerate", "edit_of"),
                 "edit": ("regenerate",), "again": ("message", "edit_of")}[kind]:  # fmt: skip
        body.pop(name, None)


def _plain(body: dict[str, Any]) -> None:
    """A completion with no more than words and how they are to be sent, as well formed as those were."""
    kept = {name: body[name] for name in ("stream", "stream_options", "temperature") if name in body}
    body.clear()
    body |= kept | {"model": dice.choice(["memocha", "memocha-readonly"]), "messages": [{"role": "user", **_words()}]}


def _last_word(body: dict[str, Any]) -> None:
    """Have the person speak last, where messages are well formed."""
    if dice.random() < 1 / 2:
        body.pop("config", None)
    for given in (body.get("input"), *_listed(body.get("inputs"))):
        if isinstance(given, dict) and isinstance(given.get("messages"), list):
            given["messages"].append({"type": "human", **_words()})


def _words() -> dict[str, str]:
    return {"content": f"Now tell me of {dice.randrange(1000)}."}


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


@atexit.register
def _write() -> None:
    if COUNTS in os.environ:
        by_route: dict[str, dict[str, int]] = {}
        for (route, status), count in sorted(counts.items()):
            by_route.setdefault(route, {})[str(status)] = count
        Path(os.environ[COUNTS]).write_text(json.dumps(by_route), encoding="utf-8")
