"""Archives as the two chats write them."""

import io
import json
import zipfile
from collections.abc import Mapping
from typing import Any

ROOT = "client-created-root"
NOBODY = "00000000-0000-4000-8000-000000000000"


def zipped(files: Mapping[str, bytes | str | Any], **how: Any) -> bytes:
    """A zip of these files; what is neither bytes nor text goes in as JSON."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", how.pop("compression", zipfile.ZIP_DEFLATED), **how) as archive:
        for name, content in files.items():
            archive.writestr(name, content if isinstance(content, bytes | str) else json.dumps(content))
    return made.getvalue()


def node(name: str, parent: str | None, text: Any = None, role: str = "user", **more: Any) -> dict[str, Any]:
    """A node of ChatGPT's. `text`: its parts, or one of them; None: no message. `at`: seconds."""
    at, content = more.pop("at", None), more.pop("content", None)
    parts = text if isinstance(text, list) else [text]
    message = {
        "id": name, "author": {"role": role, "name": None, "metadata": {}}, "create_time": at, "update_time": None,
        "content": content or {"content_type": "text", "parts": parts}, "status": "finished_successfully",
        "weight": 1.0, "metadata": {}, "recipient": "all", "channel": None, **more,
    }  # fmt: skip
    return {"id": name, "message": message if text is not None or content else None, "parent": parent, "children": []}


def chatgpt(name: str, nodes: list[dict[str, Any]], head: str | None, **more: Any) -> dict[str, Any]:
    """A conversation of ChatGPT's, with the nodes that nobody sees at its beginning."""
    begin = [node(ROOT, None), node(f"{name}-system", ROOT, "", "system", weight=0.0)]
    mapping = {each["id"]: each for each in [*begin, *nodes]}
    return {
        "title": f"About {name}", "create_time": 1700000000.25, "update_time": 1700000999.5, "mapping": mapping,
        "moderation_results": [], "current_node": head, "conversation_id": name, "id": name, "is_archived": False,
        "default_model_slug": "gpt-4o", **more,
    }  # fmt: skip


def told(name: str, text: str, sender: str = "human", **more: Any) -> dict[str, Any]:
    """A message of Claude's."""
    return {
        "uuid": name, "text": text, "content": [{"type": "text", "text": text, "citations": []}], "sender": sender,
        "created_at": "2024-05-01T10:00:00.123456Z", "updated_at": "2024-05-01T10:00:00.123456Z",
        "attachments": [], "files": [], **more,
    }  # fmt: skip


def claude(name: str, messages: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    """A conversation of Claude's."""
    return {
        "uuid": name, "name": f"About {name}", "created_at": "2024-05-01T09:59:00.000000Z",
        "updated_at": "2024-05-01T10:30:00.000000Z", "account": {"uuid": "a"}, "chat_messages": messages, **more,
    }  # fmt: skip
