"""`memocha chat`: a conversation in the terminal."""

import json
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Final, TextIO

import httpx
from pydantic import SecretStr
from rich.console import Console

from app.cli.exits import ExitCode, of_status
from app.cli.screen import clean, count, escaped, problem_of
from app.cli.service import Event, Service, ServiceDown, ServiceError, ServiceRefused, Turn

HELP: Final = """\
/new                start a new conversation
/memories [words]   what is remembered: the latest, or what is nearest to the words
/forget NUMBER      forget a memory, by the number it was last shown with
/forget WORDS       find the memory to forget
/retry              have the last message answered again
/help               this
/quit               leave (or Ctrl-D)
Ctrl-C while an answer is written stops it; what was written is kept."""
SHOWN: Final = 10
LATEST, NEAREST, WHICH = LISTS = ("Latest:", "Nearest:", "Which one?")
"""What lists of memories are shown under that were asked for."""
LONGEST: Final = 240


def chat(
    url: str,
    session: str | None = None,
    *,
    key: SecretStr | None = None,
    lines: TextIO | None = None,
    out: TextIO | None = None,
    notes: TextIO | None = None,
    as_json: bool = False,
) -> int:
    """Talks until the person leaves or the input ends; the command's exit code.

    In a terminal all is shown together; with piped input, answers go to `out`, everything else to `notes`. With
    `as_json` each event of a turn is a line of `out`, and `notes` has what went wrong.
    """
    source = lines or sys.stdin
    interactive = source.isatty() and not as_json
    answers = _console(out or sys.stdout, plain=not interactive)
    aside = answers if interactive else _console(notes or sys.stderr, plain=True)
    service = Service(url, key)
    try:
        return _Terminal(service, answers, aside, source, interactive=interactive, as_json=as_json).run(session)
    except ServiceError as error:
        if as_json:
            aside.file.write(f"{json.dumps(problem_of(error.code, str(error)))}\n")
        else:
            aside.print(str(error), style="red", markup=False)
        return _exit_code(error)
    finally:
        service.close()


def _console(file: TextIO, *, plain: bool) -> Console:
    forced = False if plain else None
    return Console(file=file, force_terminal=forced, no_color=plain or None, emoji=False, soft_wrap=True)


def _exit_code(error: ServiceError) -> ExitCode:
    match error:
        case ServiceDown():
            return ExitCode.UNREACHABLE
        case ServiceRefused():
            return of_status(error.status)
        case _:
            return ExitCode.FAILED


class _Terminal:
    """One conversation with a person, or with a pipe."""

    def __init__(
        self, service: Service, answers: Console, aside: Console, source: TextIO, *, interactive: bool, as_json: bool
    ) -> None:
        self._service = service
        self._answers = answers
        self._aside = aside
        self._source = source
        self._interactive = interactive
        self._json = as_json
        self._session: str | None = None
        self._shown: list[dict[str, Any]] = []
        self._last_message: str | None = None
        self._failed = False
        self._commands: dict[str, Callable[[str], None]] = {
            "/new": self._new,
            "/memories": self._memories,
            "/forget": self._forget,
            "/retry": self._retry,
            "/help": lambda _: self._note(HELP),
        }

    def run(self, session: str | None) -> int:
        """Reads and answers until the end; the exit code. Raises `ServiceError` where it cannot begin."""
        self._greet(session)
        while (line := self._read("\nYou: ")) is not None:
            if line == "/quit":
                break
            if line:
                self._take(line)
        if self._interactive and self._session is not None:
            self._note(f"To go on with this conversation: memocha chat --session {self._session}")
        return 1 if self._failed and not self._interactive else 0

    def _greet(self, session: str | None) -> None:
        state = self._service.ready()
        for name, dependency in state["dependencies"].items():
            if dependency["state"] != "ok":
                detail = dependency.get("detail") or f"It is {dependency['state']}."
                self._note(f"{name}: {detail}")
        if session is not None:
            self._note(f"Going on with: {self._service.session(session)['title']}")
            self._session = session
        else:
            self._service.signed_in()
        if self._interactive:
            self._note("Memocha remembers what you tell it. /help shows what you can do here.")

    def _read(self, prompt: str) -> str | None:
        """The next line without blanks around it; None at the end of the input."""
        try:
            if self._interactive and self._source is sys.stdin:
                return self._answers.input(prompt).strip()
            line = self._source.readline()
        except EOFError:
            return None
        except KeyboardInterrupt:
            self._note("\n/quit or Ctrl-D leaves.")
            return ""
        return line.strip() if line else None

    def _take(self, line: str) -> None:
        name, _, rest = line.partition(" ")
        try:
            if name in self._commands:
                self._commands[name](rest.strip())
            elif line.startswith("/"):
                self._fail(f"There is no {name}. /help shows what there is.")
            else:
                self._follow(self._service.say(line, self._session))
        except ServiceError as error:
            self._fail(str(error))

    # --- turns

    def _follow(self, turn: Turn) -> None:
        """Shows a turn as it comes. Ctrl-C stops the run, whose last events still come; again, it leaves it."""
        events = turn.events()
        try:
            with self._stopping(turn):
                for event in events:
                    self._show(event)
        except KeyboardInterrupt:
            self._note("\nNo longer waiting; the answer may still be written to the conversation.")
        finally:
            events.close()

    @contextmanager
    def _stopping(self, turn: Turn) -> Iterator[None]:
        # An exception in the middle of a read or a print would lose or double what was under way.
        stopper = threading.Thread(target=self._stop, args=(turn,), daemon=True)

        def interrupted(*_: object) -> None:
            if turn.run_id is None or stopper.ident is not None:
                raise KeyboardInterrupt
            stopper.start()

        before = signal.signal(signal.SIGINT, interrupted)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, before)

    def _stop(self, turn: Turn) -> None:
        try:
            turn.cancel()
        except (ServiceError, httpx.TransportError) as error:
            self._fail(f"\nIt could not be stopped ({error}). Ctrl-C again leaves it to itself.")

    def _show(self, event: Event) -> None:
        data = event.data
        if self._json:
            self._line(event.name, data)
        match event.name:
            case "run":
                self._session = data["session_id"]
                self._last_message = data["user_message_id"]
            case "memories":
                self._show_given(data)
            case "token" if not self._json:
                self._answers.file.write(clean(data["text"]))
                self._answers.file.flush()
            case "done" if not self._json:
                self._answers.print()
                if data["finish_reason"] == "stopped":
                    self._note("(stopped; what was written is kept)")
                elif data["finish_reason"] == "length":
                    self._note("(the longest answer that is allowed ends here)")
            case "error" if self._json:
                self._failed = True
            case "error":
                self._answers.print()
                self._fail(data["title"] + (" /retry asks again." if data["retryable"] else ""))

    def _line(self, name: str, data: object) -> None:
        """One event as a line of JSON."""
        self._answers.file.write(escaped(json.dumps({"event": name, "data": data}, ensure_ascii=False)) + "\n")
        self._answers.file.flush()

    def _show_given(self, data: dict[str, Any]) -> None:
        if data["degraded"]:
            self._note("The memory index is down; memories were searched by words alone.")
        if data["items"]:
            self._list(data["items"], f"Given {count(len(data['items']), 'memory', 'memories')}:")

    # --- commands

    def _new(self, _: str) -> None:
        self._session = self._last_message = None
        self._note("A new conversation. What you told me before is remembered.")

    def _retry(self, _: str) -> None:
        if self._session is None or self._last_message is None:
            self._note("There is nothing to answer again.")
            return
        self._follow(self._service.retry(self._last_message, self._session))

    def _memories(self, words: str) -> None:
        found = self._service.search_memories(words, SHOWN) if words else self._service.recent_memories(SHOWN)
        self._list(found, NEAREST if words else LATEST)

    def _forget(self, what: str) -> None:
        if not what:
            self._note("Say which: /forget NUMBER, as last shown, or /forget WORDS.")
        elif all(word.isdecimal() for word in what.split()):
            self._forget_numbers([int(word) for word in what.split()])
        else:
            self._list(self._service.search_memories(what, SHOWN), WHICH)
            if self._shown and self._interactive:
                answer = self._read("Forget (numbers, or Enter for none): ") or ""
                self._forget_numbers([int(word) for word in answer.split() if word.isdecimal()])
            elif self._shown:
                self._note("Forget one with: /forget NUMBER")

    def _forget_numbers(self, numbers: list[int]) -> None:
        for number in numbers:
            if not 1 <= number <= len(self._shown):
                self._fail(f"No memory was last shown as {number}. /memories shows them.")
                continue
            memory = self._shown[number - 1]
            try:
                receipt = self._service.forget(memory["id"])
            except ServiceRefused as problem:
                if problem.status != 404:
                    raise
                self._note(f"{number}. was forgotten already.")
                continue
            self._note(f"Forgotten: {_short(memory['text'])}")
            if receipt.get("note"):
                self._note(receipt["note"])

    # --- what is shown

    def _list(self, memories: list[dict[str, Any]], title: str) -> None:
        self._shown = memories
        if self._json and title in LISTS:
            self._line("listed", {"items": memories})
        self._note(title if memories else "Nothing of that kind is remembered.")
        for number, memory in enumerate(memories, 1):
            self._note(f"  {number}. {_described(memory)}")

    def _note(self, text: str) -> None:
        if not self._json:
            self._aside.print(clean(text), style="dim", markup=False, highlight=False)

    def _fail(self, text: str) -> None:
        self._failed = True
        if self._json:
            self._aside.file.write(f"{json.dumps(problem_of('chat', text.strip()))}\n")
            return
        self._aside.print(clean(text), style="red", markup=False, highlight=False)


def _described(memory: dict[str, Any]) -> str:
    date = datetime.fromisoformat(memory["created_at"]).astimezone().strftime("%d %b %Y")
    parts = [date, memory["kind"]]
    if memory.get("score") is not None:
        parts.append(f"{memory['score']:.2f}")
    if memory.get("in_view"):
        parts.append("from before")
    return f"{', '.join(parts)}: {_short(memory['text'])}"


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"
