"""What is found to be nobody else's business, and what only looks like it."""

import time
from itertools import pairwise

import pytest

from graphs.sensitive import Sensitive, find, holds_secret


def found(text: str) -> list[tuple[str, str]]:
    return [(span.kind.value, text[span.start : span.end]) for span in find(text)]


@pytest.mark.parametrize(
    ("text", "kind", "what"),
    [
        ("card 4111 1111 1111 1111, please", "card", "4111 1111 1111 1111"),
        ("5500-0000-0000-0004", "card", "5500-0000-0000-0004"),
        ("sk-proj-Ab12Cd34Ef56Gh78Ij90 it is", "secret", "sk-proj-Ab12Cd34Ef56Gh78Ij90"),
        ("AKIAIOSFODNN7EXAMPLE", "secret", "AKIAIOSFODNN7EXAMPLE"),
        ("my password is hunter2!", "secret", "hunter2!"),
        ("Passwort: Apfel#99", "secret", "Apfel#99"),
        ("密码是abc-12345。", "secret", "abc-12345"),
        ("postgres://anna:geheim7@db.example/x", "secret", "anna:geheim7"),
        ("IBAN DE89 3704 0044 0532 0130 00.", "iban", "DE89 3704 0044 0532 0130 00"),
        ("write to anna.b+x@mail.example.org!", "email", "anna.b+x@mail.example.org"),
        ("call +49 170 1234567", "phone", "+49 170 1234567"),
        ("ring 030 1234567 at noon", "phone", "030 1234567"),
        ("(555) 123-4567", "phone", "(555) 123-4567"),
    ],
)
def test_what_is_found(text: str, kind: str, what: str) -> None:
    assert (kind, what) in found(text)


@pytest.mark.parametrize(
    "text",
    [
        "4111 1111 1111 1112",  # the check digit is wrong
        "my password is too long",
        "the PIN is on the card",
        "DE89 3704 0000",
        "born on 2026-11-23 at 10:30",
        "3.14159265358979 and 1,000,000",
        "version 1.2.3.4, commit 0a1b2c3d",
        "sk-learn is a library",
        "anna at mail dot com",
        "2019-2024, pages 100-200",
    ],
)
def test_what_is_not(text: str) -> None:
    assert found(text) == []


def test_digits_of_another_script_are_digits() -> None:
    assert holds_secret("رقم ٤١١١ ١١١١ ١١١١ ١١١١")  # noqa: RUF001


def test_nothing_lies_within_another() -> None:
    spans = find("password: a@b.example 4111 1111 1111 1111")
    assert all(a.end <= b.start for a, b in pairwise(spans))
    assert {span.kind for span in spans} <= set(Sensitive)


@pytest.mark.parametrize(
    "text", ["1 " * 50_000, "a@" * 50_000, "eyJ" * 30_000, "-----BEGIN PRIVATE KEY-----" * 2_000, "A" * 99_999]
)
def test_no_text_takes_long(text: str) -> None:
    began = time.perf_counter()
    find(text)
    assert time.perf_counter() - began < 5
