"""What the embedder reads of a message."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphs.memory.normalise import CODE_KEPT, normalise


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# Title\n\nSome **bold** and _soft_ words", "Title Some bold and soft words"),
        ("- one\n- two\n1. three", "one two three"),
        ("see [the docs](https://docs.example.org/a?b=c) now", "see the docs now"),
        ("![a cat](http://x.org/cat.png) sleeps", "a cat sleeps"),
        ("at https://www.example.com/blog/how-to-bake.html?utm=1#x ok", "at example.com how to bake html ok"),
        ("| a | b |\n|---|---|\n| 1 | 2 |", "a b 1 2"),
        ("keep snake_case_names and 2 * 3 * 4", "keep snake_case_names and 2 * 3 * 4"),
        ("<b>hello</b> if a < b", "hello if a < b"),
        ("Ich heiße Jürgen\u00a0und mag Äpfel", "Ich heiße Jürgen und mag Äpfel"),
        ("token " + "A1b2" * 40 + " end", "token end"),
        ("http://[bad", "http://[bad"),
        (" \n\t ", ""),
    ],
)
def test_markup_goes_and_words_stay(text: str, expected: str) -> None:
    assert normalise(text) == expected


def test_code_is_shortened_to_its_beginning() -> None:
    code = "\n".join(f"value_{n} = compute({n})" for n in range(200))
    text = normalise(f"Why is this slow?\n```python\n{code}\n```\nThanks!")
    assert text.startswith("Why is this slow? python value_0 = compute(0)")
    assert text.endswith("Thanks!")
    assert len(text) < CODE_KEPT + 50


def test_an_open_fence_ends_with_the_text() -> None:
    assert normalise("look:\n```\nx = 1").endswith("x = 1")


@given(st.text(max_size=400))
def test_any_text_comes_out_on_one_line(text: str) -> None:
    result = normalise(text)
    assert "\n" not in result
    assert result == result.strip()


@pytest.mark.parametrize(
    "piece",
    [
        " ",
        "\t \t",
        "*a ",
        "**a ",
        "`a ",
        "[",
        "[a](",
        "![a](",
        "<a ",
        "```\n",
        "`",
        "```",
        "``` a",
        "~~~",
        "- ",
        "\n ",
        "http://",
        "A= ",
    ],
)
def test_a_text_made_to_be_slow_is_not(piece: str) -> None:
    """With a pattern that looks again from each beginning this does not end within the hour."""
    assert normalise(piece * (200_000 // len(piece)) + "end").endswith("end")
