"""The commonest words of some languages, from `stopwords.txt` beside this file."""

from pathlib import Path

SHARED: frozenset[str] = frozenset(
    {"a", "as", "d", "de", "do", "en", "i", "in", "is", "la", "me", "no", "o", "of", "on"}
)
"""Too common across languages to tell one from another; single letters tell nothing either."""


def _read() -> dict[str, frozenset[str]]:
    words: dict[str, set[str]] = {}
    language = ""
    for line in Path(__file__).with_suffix(".txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            language = line.strip("[]")
            words[language] = set()
        elif line and not line.startswith("#"):
            words[language].update(line.split())
    return {name: frozenset(listed) for name, listed in words.items()}


STOPWORDS: dict[str, frozenset[str]] = _read()
"""By the name that Snowball gives the language."""
