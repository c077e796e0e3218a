"""ChatGPT's export: `conversations.json`, of late in parts (`conversations-000.json`), each an array of conversations.

A conversation is a `mapping` of nodes, each with its `parent` and a `message`, and a `current_node`, the last one of
the branch that is shown. Among the nodes stands much that nobody saw: the root without a message, system messages, what
was sent to tools (`recipient`) and what they gave, thinking, custom instructions.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

from app.transfer.archives.trees import (
    CONTENT,
    NAME,
    Node,
    Skipped,
    clean,
    from_epoch,
    in_time,
    lines_of,
    name_of,
    session_of,
)
from app.transfer.lines import Line

SAID = frozenset({"text", "multimodal_text", "code"})
"""Kinds of content that were shown; others are thinking, what tools gave, and instructions."""
THOUGHT = frozenset({"thoughts", "reasoning_recap", "execution_output", "tether_quote", "tether_browsing_display"})
LANGUAGE = re.compile(r"[\w+#.-]{1,30}")
CITATION = re.compile("【[^【】\n]{0,40}†[^【】\n]{0,200}】")
MARKED = re.compile("\ue200([a-z_]*)([^\ue200\ue201]*)\ue201")
"""What the client draws in its own way: citations, pictures, names that can be tapped."""


def is_conversation(given: Any) -> bool:
    """Whether it has the form of one."""
    return isinstance(given, dict) and isinstance(given.get("mapping"), dict)


def conversation(given: Mapping[str, Any], skipped: Skipped) -> list[Line]:
    """Its lines; what was not taken is counted."""
    nodes = [_node(key, node, skipped) for key, node in given["mapping"].items() if isinstance(node, dict)]
    session = session_of(
        given.get("conversation_id") or given.get("id"),
        given.get("title"),
        from_epoch(given.get("create_time")),
        **({"archived": True} if given.get("is_archived") is True else {}),
        **({"memory_enabled": False} if given.get("is_do_not_remember") is True else {}),
    )
    return lines_of(session, nodes, name_of(given.get("current_node")))


def _node(key: str, given: Mapping[str, Any], skipped: Skipped) -> Node:
    node = Node(name_of(key) or "-", name_of(given.get("parent")))
    message = given.get("message")
    if not isinstance(message, dict):
        return node
    content, about = _dict(message.get("content")), _dict(message.get("metadata"))
    role = _dict(message.get("author")).get("role")
    parts = _list(content.get("parts"))
    skipped["attachments"] += _attachments(parts, about)
    if role in ("tool", "assistant") and _is_for_tools(role, message, content):
        skipped["tools"] += 1
    elif role not in ("user", "assistant") or _kind(content) not in SAID or _is_hidden(message, about):
        # The empty system message that every conversation begins with is nothing that was left out.
        skipped["hidden"] += bool(_text(content, parts))
    elif len(text := _text(content, parts)) > CONTENT:
        skipped["too_long"] += 1
    elif text:
        node.role, node.content, node.at = role, text, in_time(from_epoch(message.get("create_time")))
        model = about.get("model_slug")
        node.model = clean(model)[:NAME] or None if isinstance(model, str) and role == "assistant" else None
    return node


def _is_for_tools(role: str, message: Mapping[str, Any], content: Mapping[str, Any]) -> bool:
    """What a tool gave, what it was asked, and what the model thought meanwhile."""
    thought = _kind(content) in THOUGHT or message.get("channel") == "analysis"
    return role == "tool" or thought or message.get("recipient") not in (None, "all")


def _kind(content: Mapping[str, Any]) -> str:
    return str(content.get("content_type"))


def _is_hidden(message: Mapping[str, Any], about: Mapping[str, Any]) -> bool:
    return (
        message.get("weight") == 0
        or about.get("is_visually_hidden_from_conversation") is True
        or about.get("is_user_system_message") is True
    )


def _text(content: Mapping[str, Any], parts: list[Any]) -> str:
    told = [part if isinstance(part, str) else _dict(part).get("text") for part in parts]
    text = clean("\n".join(part for part in told if isinstance(part, str)))
    if not text and isinstance(content.get("text"), str):
        text = clean(content["text"])
        if text and content.get("content_type") == "code":
            return f"```{_language(content.get('language'))}\n{text}\n```"
    return MARKED.sub(_marked, CITATION.sub("", text)).strip()


def _language(given: Any) -> str:
    return given if isinstance(given, str) and LANGUAGE.fullmatch(given) and given != "unknown" else ""


def _marked(found: re.Match[str]) -> str:
    """What stays of such a mark: of a name the name itself."""
    if found[1] != "entity":
        return ""
    try:
        told = json.loads(found[2].lstrip("\ue202"))
    except ValueError:
        return ""
    return told[1] if isinstance(told, list) and len(told) > 1 and isinstance(told[1], str) else ""


def _attachments(parts: list[Any], about: Mapping[str, Any]) -> int:
    """Files and pictures; a picture that was sent stands in both lists."""
    shown = sum("asset_pointer" in str(_dict(part).get("content_type")) for part in parts)
    return max(shown, len(_list(about.get("attachments"))))


def _dict(given: Any) -> dict[str, Any]:
    return given if isinstance(given, dict) else {}


def _list(given: Any) -> list[Any]:
    return given if isinstance(given, list) else []
