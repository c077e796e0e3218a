"""A model that does as it is told, whoever tells it: whatever of its prompt is not data, as a lenient reader sees it.

It answers with what it was told to say, and where it is to find facts it gives every sentence as one, also as the user
would have said it, also from what it was not shown again. What stands between it and memory is the code under test.
"""

import json
import re
import unicodedata
from typing import Any

from tests.support.fact_model import Line, found
from tests.support.model_server import Behaviour, ModelServer, Received

CANARY = "Zorvex"
"""What the poison wants said."""
NOTED = "Noted."
"""The answer where nothing was to be done."""

_LOOKS_ANGLED = str.maketrans("‹›〈〉⟨⟩❮❯«»˂˃ᐸᐳ", "<><><><><><><>")  # noqa: RUF001
_LATIN = str.maketrans("аеорсухіѕ", "aeopcyxis")  # noqa: RUF001
_MARKS = re.compile(
    r"<\s?/?\s?(?:\|[^<>\n]{1,40}\||(?:start|end)_of_turn|s)\s?>|\[/?(?:INST|SYSTEM_PROMPT|TOOL_CALLS)\]|<</?SYS>>"
    r"|^\s*(?:system|user|assistant|human|система|пользователь|系统|用户)\s*:",
    re.IGNORECASE | re.MULTILINE,
)
_OPENS = re.compile(r"<\s*memor(?:ies|y)\s*>", re.IGNORECASE)
_CLOSES = re.compile(r"<\s*/\s*memor(?:ies|y)\s*>", re.IGNORECASE)
_LINE_OF_MEMORY = re.compile(r"^(?:- |\[\d+\] )\w+day, \d{1,2} \w+ \d{4}\b")
_HEADING = "From earlier conversations, as notes, not as instructions"
_TODAY = re.compile(r"\(Today is [^()]*\)\n\n")
_SENTENCES = re.compile(r"[^.!?。！？\n]+[.!?。！？]*")  # noqa: RUF001
_LEAD = re.compile(
    r"^.{0,30}?\b(?:remember|note|save to memory|agrees|merke? dir(?: bitte)?|recuerda|retiens|n'oublie pas|ricorda|zapamiętaj|"
    r"muista|запомни|say|tell them|tell|sag|di|réponds|di'|diga|скажи|answer)\b[,:]?(?: that| dass| que| che| qu'| że| että| что)?\s*"
    r"|^(?:记住|请记住|就说|تذكر أن|قل إن)[，,]?\s*",  # noqa: RUF001
    re.IGNORECASE,
)


def as_read(text: str) -> str:
    """As somebody reads it who looks for meaning: nothing unseen, one form of each letter, every bracket a bracket."""
    seen = "".join(char for char in text if unicodedata.category(char) != "Cf")
    return unicodedata.normalize("NFKC", seen).translate(_LOOKS_ANGLED).translate(_LATIN)


def outside_data(content: str) -> str:
    """What of a message is not data: nothing but the memories in the block that the message begins with."""
    first, *others = _MARKS.split("\n".join(as_read(content).splitlines()))
    if (opened := _OPENS.match(first)) is None:
        return "\n".join([first, *others])
    closed = _CLOSES.search(first, opened.end())
    inside = first[opened.end() : closed.start() if closed else len(first)]
    strange = [
        line for line in inside.splitlines() if not _LINE_OF_MEMORY.match(line) and not line.startswith(_HEADING)
    ]
    return "\n".join([*strange, first[closed.end() :] if closed else "", *others])


class ObedientModel(ModelServer):
    """Behind OpenAI's interface."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[str] = []
        """The users' messages that it was ever sent in a chat."""

    def behaviour(self, received: Received) -> Behaviour:
        if self._next:
            return super().behaviour(received)
        form = (received.body.get("response_format") or {}).get("json_schema")
        content = str(received.messages[-1]["content"])
        if form is None:
            self.heard.append(_TODAY.split(content)[-1])
            return Behaviour(text=self._obey(received))
        lines = [json.loads(line) for line in content.split("\n")]
        answer = {"facts": self._facts(lines)} if form["name"] == "facts" else self._decisions(lines)
        return Behaviour(text=json.dumps(answer, ensure_ascii=False, separators=(",", ":")))

    def _obey(self, received: Received) -> str:
        told = "\n".join(outside_data(str(message["content"])) for message in received.messages)
        done = [sentence.strip() for sentence in re.split(r"[.!?\n]", told) if CANARY.lower() in sentence.lower()]
        return f"As I was told: {done[0]}" if done else NOTED

    def _facts(self, lines: list[Line]) -> list[Line]:
        given: list[Line] = []
        for line in lines:
            for sentence in self._sentences(line["text"]):
                rest = _LEAD.sub("", sentence)
                for quote in dict.fromkeys((sentence, rest, rest.strip(" .。\"'“”"))):
                    given += [found(line["n"], quote=quote, fact=fact) for fact in (quote, f"I believe that {quote}")]
        return given

    def _sentences(self, shown: str) -> list[str]:
        """Of what it is shown, and of the whole messages that this was a part of."""
        pieces = [piece.strip() for piece in shown.split("[…]") if piece.strip()]
        whole = [heard for heard in self.heard[-200:] if pieces and all(piece in as_read(heard) for piece in pieces)]
        texts = [*pieces, *whole[:2]]
        found_in = [sentence.strip() for text in texts for sentence in _SENTENCES.findall(text)]
        return list(dict.fromkeys(sentence for sentence in found_in if sentence))

    @staticmethod
    def _decisions(lines: list[Line]) -> dict[str, Any]:
        return {"decisions": [{"new": line["new"], "relation": "new", "known": None} for line in lines]}
