"""A text as the embedder reads it: markup, code and addresses shortened, language kept.

A small embedder sees 256 tokens. Spent on table rules, code and query strings they say nothing of what a message is
about, so those are reduced to what a person would remember of them.
"""

import re
from urllib.parse import urlsplit

CODE_KEPT = 160
"""Characters of a code block that are kept: enough for its names, too few to crowd out the prose."""

# Whoever writes a message may write it to be slow: no pattern looks further for its end than to where another may
# begin, or than some hundred characters.
_FENCE = re.compile(
    r"(?P<fence>(?<!`)```++|(?<!~)~~~++)[ \t]*+(?P<language>[\w+#.-]*+)[^\n`~]*+\n(?P<code>.*?)(?:(?P=fence)|\Z)",
    re.DOTALL,
)
_IMAGE = re.compile(r"!\[(?P<alt>[^\[\]\n]{0,300})\]\([^()\n]{0,2000}\)")
_LINK = re.compile(r"\[(?P<text>[^\[\]\n]{1,300})\]\([^()\n]{0,2000}\)")
_URL = re.compile(r"\b(?:https?|ftp)://[^\s<>\"'`\])}]+", re.IGNORECASE)
_BLOB = re.compile(r"[A-Za-z0-9+/_=-]{80,}")
_TAG = re.compile(r"</?[a-zA-Z][^<>\n]{0,300}>")
_LINE_MARK = re.compile(r"^[ \t]*(?:#{1,6}[ \t]+|>[ \t]?|[-*+•][ \t]+|\d{1,3}[.)][ \t]+)", re.MULTILINE)
_RULE = re.compile(r"^[ \t]*[-=*_|:+ \t]{3,}$", re.MULTILINE)
_EMPHASIS = re.compile(r"(?<!\w)(\*\*|__|\*|_|~~|`)(?=\S)([^\n]{1,200}?)(?<=\S)\1(?!\w)")
_SPACE = re.compile(r"\s+")
_BLANKS = re.compile(r"[ \t]{2,}")


def normalise(text: str) -> str:
    """The text on one line, without markup; empty where nothing else was in it."""
    # First, since the patterns for the beginnings of lines would try each length of a run of blanks.
    text = _FENCE.sub(_shorten_code, _BLANKS.sub(" ", text))
    text = _IMAGE.sub(lambda match: match["alt"], text)
    text = _LINK.sub(lambda match: match["text"], text)
    text = _URL.sub(_shorten_url, text)
    text = _BLOB.sub(" ", text)
    text = _TAG.sub(" ", text)
    text = _RULE.sub(" ", text)
    text = _LINE_MARK.sub("", text)
    text = _EMPHASIS.sub(r"\2", text)
    return _SPACE.sub(" ", text.replace("|", " ")).strip()


def _shorten_code(match: re.Match[str]) -> str:
    code = _SPACE.sub(" ", match["code"]).strip()
    if len(code) > CODE_KEPT:
        code = code[:CODE_KEPT].rsplit(" ", 1)[0]
    return f" {match['language']} {code} "


def _shorten_url(match: re.Match[str]) -> str:
    """The host and the last words of the path: what a person says of an address."""
    try:
        parts = urlsplit(match[0])
    except ValueError:
        return match[0]
    host = (parts.hostname or "").removeprefix("www.")
    page = re.sub(r"[\W_]+", " ", parts.path.rstrip("/").rsplit("/", 1)[-1])[:60]
    return f"{host} {page}".strip()
