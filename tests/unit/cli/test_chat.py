"""The chat in the terminal, against a service that is scripted event by event."""

import io
import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from app.cli import service
from app.cli.chat import chat, clean
from app.cli.exits import ExitCode
from tests.support.service_double import (
    RUN,
    SESSION,
    ServiceDouble,
    done,
    error,
    memories,
    memory,
    run_event,
    tokens,
)


class Keyboard(io.StringIO):
    """Lines as a person in a terminal types them."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def double() -> Iterator[ServiceDouble]:
    with ServiceDouble() as double:
        yield double


def talk(double: ServiceDouble, *lines: str, terminal: bool = False, **options: Any) -> tuple[int, str, str]:
    """The exit code, the answers, and what was said beside them (all in one in a terminal)."""
    typed = (Keyboard if terminal else io.StringIO)("".join(f"{line}\n" for line in lines))
    out, notes = io.StringIO(), io.StringIO()
    code = chat(double.url, lines=typed, out=out, notes=notes, **options)
    return code, out.getvalue(), notes.getvalue()


def test_an_answer_is_shown_with_the_memories_it_was_given(double: ServiceDouble) -> None:
    given = memories(memory(1, "My dog is called\nBiscuit."), memory(2, "I like tea.", score=None, in_view=True))
    double.scripts = [[run_event(), given, *tokens("Your dog |is |Biscuit."), ("usage", {}), done()]]
    code, answers, notes = talk(double, "What is my dog called?")
    assert code == 0
    assert answers == "Your dog is Biscuit.\n"
    assert "Given 2 memories:" in notes
    assert "1. 03 May 2026, fact, 0.50: My dog is called Biscuit." in notes
    assert "2. 03 May 2026, fact, from before: I like tea." in notes
    assert "\x1b" not in answers + notes
    assert double.bodies == [{"message": "What is my dog called?"}]


def test_a_session_goes_on_until_a_new_one_is_asked_for(double: ServiceDouble) -> None:
    double.scripts = [[run_event(), *tokens(str(number)), done()] for number in range(4)]
    code, answers, _ = talk(double, "a", "b", "/new", "c", "/quit", "never said")
    assert (code, answers) == (0, "0\n1\n2\n")
    assert [body.get("session_id") for body in double.bodies] == [None, SESSION, None]


def test_an_earlier_session_is_continued(double: ServiceDouble) -> None:
    double.scripts = [[run_event(), *tokens("Yes."), done()]]
    _, _, notes = talk(double, "Still there?", session=SESSION)
    assert "Going on with: Tea" in notes
    assert double.bodies[0]["session_id"] == SESSION


def test_an_unknown_session_is_said_at_once(double: ServiceDouble) -> None:
    code, _, notes = talk(double, "Hello", session="0199a3c0-0000-7000-8000-000000000000")
    assert code == ExitCode.NOT_FOUND
    assert "no such session" in notes
    assert double.bodies == []


def test_a_lost_connection_goes_on_after_the_last_event(double: ServiceDouble) -> None:
    double.scripts = [[run_event(), *tokens("one |two |three |four"), done()]]
    double.drop_after = [3, 0, 1]
    code, answers, _ = talk(double, "Count")
    assert (code, answers) == (0, "one two three four\n")
    assert double.resumed_after == ["3", "3", "4"]
    assert len(double.bodies) == 1


def test_a_connection_that_stays_lost_is_said(double: ServiceDouble, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "TRIES", 2)
    double.scripts = [[run_event(), *tokens("one|two"), done()]]
    double.drop_after = [2, 0, 0, 0]
    code, answers, notes = talk(double, "Count")
    assert code == 1
    assert answers.startswith("one")
    assert "connection is lost" in notes


def test_a_message_that_was_not_taken_is_not_sent_twice(double: ServiceDouble) -> None:
    double.scripts = [[run_event(), done()]]
    double.drop_after = [0]
    code, _, notes = talk(double, "Hello")
    assert code == 1
    assert "send it again" in notes
    assert len(double.bodies) == 1


def test_as_json_each_event_is_a_line_and_what_went_wrong_a_problem(double: ServiceDouble) -> None:
    double.memories = [memory(1, "I like tea.")]
    double.scripts = [[run_event(), memories(), *tokens("Yes|."), done()], [run_event(), error("No model.")]]
    code, lines, notes = talk(double, "Tea?", "/memories", "/quti", "Again?", as_json=True)
    told = [json.loads(line) for line in lines.splitlines()]
    first = ["run", "memories", "token", "token", "done"]
    assert [event["event"] for event in told] == [*first, "listed", "run", "error"]
    assert told[2]["data"] == {"text": "Yes"}
    assert [json.loads(line)["title"] for line in notes.splitlines()] == [
        "There is no /quti. /help shows what there is."
    ]
    assert code == ExitCode.FAILED


def test_a_failed_run_says_why_and_can_be_tried_again(double: ServiceDouble) -> None:
    double.scripts = [
        [run_event(), *tokens("Half an"), error("The language model did not answer.")],
        [run_event(), *tokens("Whole."), done()],
    ]
    code, answers, notes = talk(double, "Hello", "/retry", terminal=True)
    assert code == 0
    assert "The language model did not answer. /retry asks again." in answers + notes
    assert double.bodies[1] == {"session_id": SESSION, "regenerate": "u1"}


def test_a_refused_message_is_said(double: ServiceDouble) -> None:
    double.problem = (409, {"title": "This session is answering another message.", "code": "run_active"})
    code, _, notes = talk(double, "Hello")
    assert code == 1
    assert "answering another message" in notes


def test_no_service_says_how_to_start_it() -> None:
    out, notes = io.StringIO(), io.StringIO()
    code = chat("http://127.0.0.1:9", lines=io.StringIO("Hello\n"), out=out, notes=notes)
    assert code == ExitCode.UNREACHABLE
    assert "Memocha is not running at http://127.0.0.1:9. Start it with: make up" in notes.getvalue()


def test_the_key_is_sent_and_a_wrong_one_is_said(double: ServiceDouble) -> None:
    double.key = "the right key of the service"
    code, _, notes = talk(double, "Hello", key=SecretStr("a wrong one"))
    assert code == ExitCode.REFUSED
    assert "MEMOCHA_API_KEY" in notes
    assert talk(double, key=SecretStr(double.key))[0] == 0


def test_what_is_down_is_said_at_the_start(double: ServiceDouble) -> None:
    double.dependencies["memory"] = {"state": "degraded", "detail": "The memory index does not answer."}
    assert "memory: The memory index does not answer." in talk(double)[2]


def test_memories_are_listed_searched_and_forgotten_by_number(double: ServiceDouble) -> None:
    double.memories = [memory(1, "I like tea."), memory(2, "My dog is Biscuit.")]
    code, _, notes = talk(double, "/memories", "/memories dog", "/forget 1", "/forget 1", "/forget 7")
    assert code == 1, "there is no seventh"
    assert double.searched == ["dog"]
    assert double.forgotten == ["memory-2"], "numbers are those that were shown last"
    assert "Forgotten: My dog is Biscuit." in notes
    assert "stay in their conversation" in notes
    assert "was forgotten already" in notes
    assert "No memory was last shown as 7" in notes


def test_forgetting_by_words_asks_which(double: ServiceDouble) -> None:
    double.memories = [memory(1, "I like tea."), memory(2, "I like green tea.")]
    talk(double, "/forget tea", "2", "/forget tea", "", "/forget nothing like it", terminal=True)
    assert double.forgotten == ["memory-2"]


def test_forgetting_by_words_in_a_pipe_only_shows(double: ServiceDouble) -> None:
    double.memories = [memory(1, "I like tea.")]
    talk(double, "/forget tea")
    assert double.forgotten == []
    talk(double, "/forget tea", "/forget 1")
    assert double.forgotten == ["memory-1"]


def test_given_memories_can_be_forgotten_by_their_numbers(double: ServiceDouble) -> None:
    double.scripts = [[run_event(), memories(memory(5, "Old.")), *tokens("Hm."), done()]]
    talk(double, "Hello", "/forget 1")
    assert double.forgotten == ["memory-5"]


def test_a_command_that_is_none_is_not_said_to_the_model(double: ServiceDouble) -> None:
    assert "There is no /quti" in talk(double, "/quti", terminal=True)[1]
    assert double.bodies == []


def test_what_would_steer_the_terminal_is_taken_out(double: ServiceDouble) -> None:
    nasty = "a\x1b]0;owned\x07\x1b[2J\x9b31m\rb\x08"
    assert clean(nasty + "\n\tc") == "a]0;owned[2J31mb\n\tc"
    double.scripts = [[run_event(), memories(memory(1, nasty)), ("token", {"text": nasty}), done()]]
    _, answers, notes = talk(double, "Hello")
    assert not {"\x1b", "\x07", "\x9b", "\x08", "\r"} & set(answers + notes)


def test_markup_in_an_answer_is_text(double: ServiceDouble) -> None:
    double.scripts = [[run_event(), *tokens("[bold]x[/bold] |[/] :smile:"), done()]]
    assert talk(double, "Hello")[1] == "[bold]x[/bold] [/] :smile:\n"


def test_ctrl_c_stops_the_run_and_keeps_what_was_written(double: ServiceDouble, tmp_path: Path) -> None:
    double.scripts = [[run_event(), *tokens("This is |only ")], [run_event(), *tokens("Next."), done()]]
    process = subprocess.Popen(
        [sys.executable, "-m", "app.cli", "chat", "--url", double.url],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={"PATH": "", "PYTHONPATH": str(Path(__file__).parents[3]), "HOME": str(tmp_path)},
        cwd=tmp_path,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        process.stdin.write("Tell me all\n")
        process.stdin.flush()
        written = ""
        deadline = time.monotonic() + 20
        while "only" not in written:
            assert time.monotonic() < deadline
            written += process.stdout.read(1)
        process.send_signal(signal.SIGINT)
        rest, notes = process.communicate("And now?\n", timeout=20)
    finally:
        process.kill()
    assert double.cancelled == [RUN]
    assert "stopped; what was written is kept" in notes
    assert (written + rest).split() == ["This", "is", "only", "Next."]
    assert process.returncode == 0
