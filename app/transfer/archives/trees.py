"""From a tree of messages to lines: parents before their answers, in the order in which they were said.

What is not taken (a tool's result, a hidden message) leaves no gap: what stood below it hangs on the next one above.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any

from app.transfer.lines import EARLIEST, LATEST, Line, MessageLine, SessionLine
from graphs.memory.records import Role

Skipped = Counter[str]
"""What was not taken in, by kind: `attachments`, files and pictures; `tools`, what they were asked and gave, and a
model's thinking; `hidden`, what the other chat did not show; `too_long`, over our bound; `conversations` of which
nothing is left."""

TITLE, CONTENT, NAME, ID = 1_000, 1_000_000, 200, 500
"""Characters, as `app.transfer.lines` bounds them."""
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


@dataclass(slots=True)
class Node:
    """A message of another chat."""

    id: str
    parent: str | None
    at: datetime | None = None
    role: Role | None = None
    """None: it is not taken."""
    content: str = ""
    model: str | None = None


def lines_of(session: SessionLine, nodes: Sequence[Node], head: str | None) -> list[Line]:
    """The conversation as lines; none where nothing of it is taken. `head`: the last message that is shown, or one
    below it; None: the one that was said last."""
    tree = _Tree({node.id: node for node in nodes})
    order = tree.in_order()
    if not order:
        return []
    last = tree.near(head) or order[-1].id
    shown = tree.path(last)
    branched = len(shown) < len(order)
    lines = [Line(session=session)]
    for node in order:
        # Where nothing branches off, what is new in a later archive goes to the end of what was said here meanwhile.
        parent: dict[str, Any] = {"parent": tree.above[node.id]} if branched else {}
        hidden: dict[str, Any] = {} if node.id in shown else {"shown": False}
        lines.append(Line(message=_message(node, **parent, **hidden)))
    return lines


def _message(node: Node, **more: Any) -> MessageLine:
    told = {"id": node.id, "role": node.role, "content": node.content, "created_at": node.at, "model": node.model}
    return MessageLine(**{name: value for name, value in told.items() if value is not None}, **more)


class _Tree:
    """Which message stands where, of those that are taken. Goes round in circles for nobody, and is not recursive: a
    branch may be thousands long."""

    def __init__(self, nodes: dict[str, Node]) -> None:
        self._nodes = nodes
        self._near: dict[str, str | None] = {}
        self.above: dict[str, str | None] = {}
        """By message, the one that it answers."""
        self.placed: dict[str, tuple[float, int, int]] = {}
        """By message: not before its parent's time; how deep; its place in the file."""

    def near(self, name: str | None) -> str | None:
        """The message itself, or the nearest above it that is taken."""
        passed: list[str] = []
        while name is not None and name not in self._near:
            node = self._nodes.get(name)
            if node is None:
                name = None
            elif node.role is not None:
                break
            else:
                passed.append(name)
                # Whoever comes here again has gone in a circle.
                self._near[name] = None
                name = node.parent
        found = self._near.get(name, name) if name is not None else None
        self._near.update(dict.fromkeys(passed, found))
        return found

    def in_order(self) -> list[Node]:
        """Those that are taken, by time, each after its parent."""
        taken = [node for node in self._nodes.values() if node.role is not None]
        self.above = {node.id: self.near(node.parent) for node in taken}
        places = {node.id: at for at, node in enumerate(taken)}
        for node in taken:
            self._place(node.id, places)
        return sorted(taken, key=lambda each: self.placed[each.id])

    def _place(self, name: str, places: dict[str, int]) -> None:
        path: list[str] = []
        seen: set[str] = set()
        at: str | None = name
        while at is not None and at not in self.placed:
            if at in seen:
                self.above[path[-1]] = None
                break
            seen.add(at)
            path.append(at)
            at = self.above[at]
        for each in reversed(path):
            parent = self.above[each]
            after, depth, _ = self.placed.get(parent or "", (0.0, -1, 0))
            said = self._nodes[each].at
            moment = max(after, said.timestamp()) if said is not None else after
            self.placed[each] = (moment, depth + 1, places[each])

    def path(self, last: str) -> set[str]:
        """The message and all above it."""
        found: set[str] = set()
        at: str | None = last
        while at is not None:
            found.add(at)
            at = self.above[at]
        return found


def clean(text: str) -> str:
    """Without what cannot be stored."""
    return _UNSTORABLE.sub("", text).strip()


def name_of(given: Any) -> str | None:
    """An id as it is kept; None where there is none."""
    name = clean(given) if isinstance(given, str) else ""
    return name if len(name) <= ID else sha256(name.encode()).hexdigest()


def session_of(name: Any, title: Any, created_at: datetime | None, **more: Any) -> SessionLine:
    """A conversation's own line."""
    told = {"id": name_of(name) or None, "created_at": created_at}
    if isinstance(title, str) and (cut := clean(title)[:TITLE]):
        told["title"] = cut
    return SessionLine(**{key: value for key, value in told.items() if value is not None}, **more)


def in_time(moment: datetime | None) -> datetime | None:
    """The time, where it can be one of a conversation."""
    return moment if moment is not None and EARLIEST <= moment < LATEST else None


def from_epoch(given: Any) -> datetime | None:
    """From seconds since 1970."""
    if isinstance(given, bool) or not isinstance(given, int | float | Decimal):
        return None
    try:
        seconds = float(given)
    except OverflowError:
        return None
    if not EARLIEST.timestamp() <= seconds < LATEST.timestamp():
        return None
    return datetime.fromtimestamp(seconds, UTC)


def from_iso(given: Any) -> datetime | None:
    """From RFC 3339; without a zone it is UTC."""
    if not isinstance(given, str):
        return None
    try:
        moment = datetime.fromisoformat(given)
    except ValueError:
        return None
    return in_time(moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC))
