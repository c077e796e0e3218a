"""A scripted reader of facts behind the scripted model server: what it is to find in which words, and how it compares.

It answers what it is asked, in the form that it is asked for, so a test sees what really went over the wire.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.support.model_server import Behaviour, ModelServer, Received

Line = dict[str, Any]


@dataclass
class FactModel(ModelServer):
    """`finds`: by words that a line holds, what is given for it (`fact`, and `quote` where it is not the words).
    `compares`: the relation and known fact's text by the new fact's text."""

    finds: dict[str, Sequence[Line]] = field(default_factory=dict)
    compares: dict[str, tuple[str, str]] = field(default_factory=dict)
    also: Callable[[list[Line]], list[Line]] | None = None
    """More that is given, whatever was asked: for a model that was talked into something."""

    def __post_init__(self) -> None:
        ModelServer.__init__(self)

    def behaviour(self, received: Received) -> Behaviour:
        form = (received.body.get("response_format") or {}).get("json_schema")
        if form is None or self._next:
            return super().behaviour(received)
        assert form["strict"] is True
        lines = [json.loads(line) for line in str(received.messages[-1]["content"]).splitlines()]
        answer = self._facts(lines) if form["name"] == "facts" else self._decisions(lines)
        return Behaviour(text=json.dumps(answer, ensure_ascii=False))

    @property
    def read(self) -> list[Line]:
        """All lines that were to be read, over all requests."""
        lines: list[Line] = []
        for received in self.requests:
            if (received.body.get("response_format") or {}).get("json_schema", {}).get("name") == "facts":
                lines += [json.loads(line) for line in str(received.messages[-1]["content"]).splitlines()]
        return lines

    def _facts(self, lines: list[Line]) -> dict[str, Any]:
        given = []
        for line in lines:
            for words, facts in self.finds.items():
                if words in line["text"]:
                    given += [found(line["n"], quote=fact.get("quote", words), **without_quote(fact)) for fact in facts]
        return {"facts": [*given, *(self.also(lines) if self.also is not None else [])]}

    def _decisions(self, lines: list[Line]) -> dict[str, Any]:
        decisions = []
        for line in lines:
            relation, text = self.compares.get(line["fact"], ("new", ""))
            known = next((each["id"] for each in line["known"] if each["fact"] == text), None)
            decisions.append({"new": line["new"], "relation": relation if known else "new", "known": known})
        return {"decisions": decisions}


def without_quote(fact: Line) -> Line:
    return {name: value for name, value in fact.items() if name != "quote"}


def found(number: int, *, quote: str, fact: str, **more: Any) -> Line:
    """One fact as a model gives it."""
    line = {"message": number, "quote": quote, "fact": fact, "topic": "other", "since": None, "until": None}
    return {**line, "lasting": True, **more}
