"""Claude's export: `conversations.json`, an array of conversations with their `chat_messages`, beside files about
projects and users that are not read.

A message has its `text`, and of late the same in blocks (`content`), among which stand thinking and what tools were
asked and said; for those `text` has a line of excuse, so the blocks are taken where there are any. Messages of newer
exports name the one that they answer (`parent_message_uuid`), older ones stand in a row.
"""

from collections.abc import Mapping
from typing import Any

from app.transfer.archives.trees import CONTENT, Node, Skipped, clean, from_iso, lines_of, name_of, session_of
from app.transfer.lines import Line
from graphs.memory.records import Role

ROLES: dict[str, Role] = {"human": "user", "assistant": "assistant"}


def is_conversation(given: Any) -> bool:
    """Whether it has the form of one."""
    return isinstance(given, dict) and isinstance(given.get("chat_messages"), list)


def conversation(given: Mapping[str, Any], skipped: Skipped) -> list[Line]:
    """Its lines; what was not taken is counted."""
    nodes: list[Node] = []
    for at, message in enumerate(given["chat_messages"]):
        if isinstance(message, dict):
            before = nodes[-1].id if nodes else None
            nodes.append(_node(message, at, before, skipped))
    session = session_of(given.get("uuid"), given.get("name"), from_iso(given.get("created_at")))
    return lines_of(session, nodes, name_of(given.get("current_leaf_message_uuid")))


def _node(message: Mapping[str, Any], at: int, before: str | None, skipped: Skipped) -> Node:
    # The first names a parent that is nowhere, of zeros.
    parent = name_of(message.get("parent_message_uuid")) if "parent_message_uuid" in message else before
    node = Node(name_of(message.get("uuid")) or f"message {at}", parent)
    for kind in ("attachments", "files"):
        skipped["attachments"] += len(message[kind]) if isinstance(message.get(kind), list) else 0
    role, text = ROLES.get(str(message.get("sender"))), _text(message, skipped)
    if role is None:
        skipped["hidden"] += bool(text)
    elif len(text) > CONTENT:
        skipped["too_long"] += 1
    elif text:
        node.role, node.content, node.at = role, text, from_iso(message.get("created_at"))
    return node


def _text(message: Mapping[str, Any], skipped: Skipped) -> str:
    blocks = message.get("content")
    known = [block for block in blocks if isinstance(block, dict)] if isinstance(blocks, list) else []
    told = [block["text"] for block in known if block.get("type") == "text" and isinstance(block.get("text"), str)]
    skipped["tools"] += sum(block.get("type") in ("tool_use", "tool_result", "thinking") for block in known)
    text = clean("\n\n".join(told))
    if not known and isinstance(message.get("text"), str):
        text = clean(message["text"])
    return text
