"""Which messages only ask for the rest of an answer."""

import json
from pathlib import Path

import pytest

from graphs.memory.continuing import only_continues

TEXTS = Path(__file__).parents[3] / "frontend/src/i18n"


@pytest.mark.parametrize("language", sorted(path.name for path in TEXTS.iterdir() if path.is_dir()))
def test_what_the_web_client_sends_is_one(language: str) -> None:
    texts = json.loads((TEXTS / language / "conversation.json").read_text())
    assert only_continues(texts["continueWords"])


@pytest.mark.parametrize(
    "text",
    [
        "continue",
        "Go on, please!",
        "Continue where you left off.",
        "please continue from where you stopped",
        "Weiter",
        "Bitte mach weiter",
        "Schreib weiter, bitte.",
        "Sigue donde lo dejaste.",
        "Continue là où tu t\u2019es arrêté.",
        "继续",
        "请继续写下去。",
    ],
)
def test_asks_for_the_rest(text: str) -> None:
    assert only_continues(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "?!",
        "I want to continue my studies.",
        "Continue with the second recipe.",
        "Go on holiday with me.",
        "Should I go on?",
        "Sigue lloviendo.",
        "Wie geht es weiter?",
        "继续学习德语",
        "continue " * 40,
    ],
)
def test_says_something(text: str) -> None:
    assert not only_continues(text)
