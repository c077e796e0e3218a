"""What becomes of a model's answer when it was asked for a title."""

import pytest

from graphs.titles import LONGEST, READ, cleaned, shortened


@pytest.mark.parametrize(
    ("answer", "title"),
    [
        ("Train to Porto in June", "Train to Porto in June"),
        ('"Train to Porto in June."\n', "Train to Porto in June"),
        ("Title: Train to Porto", "Train to Porto"),
        ("**Titel:** „Zug nach Porto“", "Zug nach Porto"),
        ("标题：去波尔图的火车。", "去波尔图的火车"),  # noqa: RUF001 - as it is written there
        ("## Learning C#", "Learning C#"),
        ("Using List<int>", "Using List<int>"),
        ("# Train to Porto\n\nIt is about a train.", "Train to Porto"),
        ("\n\n  Train   to\tPorto  ", "Train to Porto"),
        ("<think>They want a\ntitle.</think>\nTrain to Porto", "Train to Porto"),
        ("C++ und C#: Vergleich", "C++ und C#: Vergleich"),
        ("Why does it rain?", "Why does it rain?"),
        ("Bell\x07 and NUL\x00", "Bell and NUL"),
        ("x" * LONGEST, "x" * LONGEST),
        ("x" * (LONGEST + 1), None),
        ("", None),
        ("...", None),
        ("Title:", None),
    ],
)
def test_only_a_title_is_left(answer: str, title: str | None) -> None:
    assert cleaned(answer) == title


def test_of_a_long_message_the_beginning_is_read() -> None:
    text = shortened("a\n\nb " + "c" * 5_000)
    assert text.startswith("a b c")
    assert len(text) <= READ + 1
