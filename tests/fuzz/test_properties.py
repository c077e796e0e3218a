"""Some hundred made-up inputs of each kind, the same each time. Many more, led by what they reach: `make fuzz`."""

import asyncio
import json
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from app.chat.events import DoneEvent, ErrorEvent, RunEvent, TokenEvent
from graphs.memory.index import IndexEntry, IndexFilter
from graphs.memory.records import MemoryKind
from tests.fuzz.checks import texts
from tests.fuzz.checks.dates import FIRST, LAST, check_dates
from tests.fuzz.checks.environment import NAMES, SECRET, SECRETS, check_secret_file, check_settings
from tests.fuzz.checks.filters import check_filter, check_literal
from tests.fuzz.checks.imports import check_archive, check_lines, check_tree, zipped
from tests.fuzz.checks.streams import check_stream, read
from tests.fuzz.guided import NAMES as GUIDED
from tests.fuzz.targets import EPOCH, TARGETS, VECTOR
from tests.fuzz.words import PIECES

some = settings(
    max_examples=200,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    phases=[Phase.explicit, Phase.generate, Phase.shrink],
)
few = settings(some, max_examples=60)

WORDS: Final = st.text(max_size=12) | st.sampled_from(PIECES)
TEXTS: Final = st.lists(WORDS, max_size=25).map("".join)
AGAIN: Final = st.builds(
    lambda before, piece, times, after: before + piece * (times // len(piece)) + after,
    st.sampled_from(PIECES), st.lists(st.sampled_from(PIECES), min_size=1, max_size=3).map("".join),
    st.sampled_from([50, 4000]), st.sampled_from(PIECES),
)  # fmt: skip
IDS: Final = st.integers(0, 3).map(lambda number: UUID(int=number))
MOMENTS: Final = st.integers(-3, 12).map(lambda number: EPOCH + timedelta(milliseconds=number))


def test_the_targets_are_those_that_are_tried() -> None:
    assert tuple(TARGETS) == GUIDED


@some
@given(TEXTS)
@pytest.mark.parametrize("check", texts.EACH, ids=lambda check: check.__name__)
def test_any_text(check: Any, text: str) -> None:
    check(text)


@few
@given(AGAIN)
def test_a_piece_over_and_over(text: str) -> None:
    """What looks through the rest of a text from each of its characters shows here."""
    texts.check_readers(text)
    check_dates(text, EPOCH.date())


@some
@given(TEXTS, TEXTS, TEXTS)
def test_a_statement_that_a_model_gave(statement: str, quote: str, message: str) -> None:
    texts.check_fact(statement, quote, message)
    texts.check_fact(f"I {quote}", quote, f"{message}\nI {quote}.")


@some
@given(TEXTS, st.dates(FIRST, LAST), st.text(max_size=12) | st.dates().map(str))
def test_dates_that_a_text_names(text: str, said: date, told: str) -> None:
    check_dates(text, said, told)


@some
@given(TEXTS | st.text())
def test_a_value_in_a_filter_is_the_value_and_no_more(value: str) -> None:
    check_literal(value)


@some
@given(
    st.builds(
        IndexFilter, IDS, st.none() | IDS, st.frozensets(st.sampled_from(MemoryKind)), st.none() | MOMENTS,
        st.none() | MOMENTS, st.none() | IDS, st.integers(0, 6),
    ),
    st.lists(
        st.builds(
            IndexEntry, id=IDS, user_id=IDS, kind=st.sampled_from(MemoryKind), words=st.just(""), vector=st.just(VECTOR),
            created_at=MOMENTS, session_id=st.none() | IDS, seq=st.integers(0, 6),
        ),
        max_size=12,
    ),
)  # fmt: skip
def test_a_filter_selects_what_it_says(wanted: IndexFilter, entries: list[IndexEntry]) -> None:
    check_filter(wanted, entries)


VALUES: Final = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS | st.just("zqcanaryzq") | st.just(10**400),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
NAMED: Final = st.sampled_from(["a", "b", "c", "d"])


def of_form(fields: dict[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[dict[str, Any]]:
    """An object with some of these fields, and something else in the place of some."""
    return st.fixed_dictionaries({}, optional={name: values | VALUES for name, values in fields.items()})


LINE: Final = st.one_of(
    of_form({"session": of_form({"id": TEXTS, "title": TEXTS, "created_at": st.datetimes().map(lambda at: f"{at.isoformat()}Z")})}),
    of_form({"message": of_form({"id": NAMED, "role": st.sampled_from(["user", "assistant"]), "content": TEXTS, "parent": NAMED, "pinned": st.lists(st.integers())})}),
    of_form({"memory": of_form({"id": NAMED, "text": TEXTS, "kind": st.sampled_from(["fact", "digest"]), "created_at": st.just("2026-05-04T00:00:00Z")})}),
    of_form({"me": of_form({"about_me": TEXTS, "keep_days": st.integers()})}),
)  # fmt: skip


@some
@given(st.lists(LINE.map(json.dumps) | TEXTS.filter(lambda text: "\ud800" not in text), max_size=5), st.integers(1, 40))
def test_lines_that_are_imported(lines: list[str], size: int) -> None:
    check_lines("\n".join(lines).encode("utf-8", "surrogatepass"), size)


@some
@given(st.binary(max_size=200), st.integers(1, 40))
def test_bytes_that_are_imported(body: bytes, size: int) -> None:
    check_lines(body, size)


CHATGPT: Final = of_form(
    {
        "mapping": st.dictionaries(
            NAMED,
            of_form({
                "parent": NAMED,
                "message": of_form({
                    "author": of_form({"role": st.sampled_from(["user", "assistant", "tool"])}),
                    "content": of_form({"content_type": st.just("text"), "parts": st.lists(TEXTS, max_size=2)}),
                    "create_time": st.floats() | st.just(1.7e9), "metadata": of_form({"attachments": st.lists(VALUES, max_size=2)}),
                }),
            }),
            max_size=4,
        ),
        "current_node": NAMED, "title": TEXTS, "create_time": st.just(1.7e9), "conversation_id": TEXTS,
    }
)  # fmt: skip
CLAUDE: Final = of_form(
    {
        "chat_messages": st.lists(
            of_form({
                "uuid": NAMED, "parent_message_uuid": NAMED, "sender": st.sampled_from(["human", "assistant"]), "text": TEXTS,
                "content": st.lists(of_form({"type": st.just("text"), "text": TEXTS}), max_size=2),
                "created_at": st.datetimes().map(lambda at: at.isoformat()),
            }),
            max_size=4,
        ),
        "uuid": TEXTS, "name": TEXTS, "current_leaf_message_uuid": NAMED,
    }
)  # fmt: skip


@some
@given(CHATGPT | CLAUDE)
def test_trees_of_other_chats(conversation: dict[str, Any]) -> None:
    check_tree(conversation)


@few
@given(
    st.lists(CHATGPT | CLAUDE | VALUES, max_size=3).map(json.dumps).map(str.encode) | st.binary(max_size=60),
    st.lists(st.tuples(st.integers(0, 10**4), st.integers(0, 255)), max_size=3),
)
def test_archives_whole_and_damaged(content: bytes, damage: list[tuple[int, int]]) -> None:
    body = bytearray(zipped(content))
    for place, change in damage:
        body[place % len(body)] ^= change
    with asyncio.Runner() as runner:
        check_archive(bytes(body), runner)


EVENTS: Final = (
    RunEvent(run_id=UUID(int=1), session_id=UUID(int=2), user_message_id=UUID(int=3), message_id=UUID(int=4), title="Hello"),
    TokenEvent(text="a\u2028b\x85c\r\n\n: é 漢"),
    DoneEvent(message_id=UUID(int=4), finish_reason="stop"),
    ErrorEvent(code="a", title="b", retryable=True),
)  # fmt: skip
WRITTEN: Final = [
    f"id: {number}\r\nevent: {name}\r\ndata: {event.model_dump_json()}\r\n\r\n".encode()
    for number, (name, event) in enumerate(zip(["run", "token", "done", "error"], EVENTS, strict=True), 1)
]
OTHER: Final = st.sampled_from([b": ping\n\n", b"\xef\xbb\xbf", b"\r", b"\n", b"event: later\ndata: {}\n\n", b"id: x\n", b"data: {\n\n",
                                b"event: token\n", b"id: \xd9\xa1\n", b"retry: 1\n", b"data:\n\n"]) | st.binary(max_size=6)  # fmt: skip


@some
@given(st.lists(st.sampled_from(WRITTEN) | OTHER, max_size=6).map(b"".join), st.lists(st.integers(0, 2000), max_size=6))
def test_a_stream_however_it_is_cut(body: bytes, cuts: list[int]) -> None:
    check_stream(body, cuts)


def test_a_stream_of_ours_comes_out_as_it_went_in() -> None:
    whole = b"".join(WRITTEN)
    assert read([whole[at : at + 1] for at in range(len(whole))]) == (list(enumerate(EVENTS, 1)), "")


@some
@given(
    st.dictionaries(
        st.sampled_from(NAMES),
        TEXTS.map(storable := lambda text: text.replace("\0", "").replace("\ud800", "")),
        max_size=2,
    ),
    st.sampled_from(SECRETS),
    TEXTS.map(storable),
)
def test_settings(variables: dict[str, str], secret: str, before: str) -> None:
    check_settings(variables | {secret: before + SECRET})


@few
@given(
    st.sampled_from(SECRETS),
    st.binary(max_size=40) | TEXTS.map(lambda text: f"{text}{SECRET}\n".encode("utf-8", "ignore")),
)
def test_files_of_secrets(variable: str, content: bytes) -> None:
    check_secret_file(content, variable)
