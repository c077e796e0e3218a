"""What a text holds that is nobody else's business, found by its form: keys, passwords, numbers."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum

from graphs.inert import folded


class Sensitive(StrEnum):
    """Kinds of it."""

    SECRET = "secret"  # noqa: S105 - a kind, and none itself
    """A key, a token, a private key, a password that is named so."""
    CARD = "card"
    """The number of a payment card."""
    IBAN = "iban"
    EMAIL = "email"
    PHONE = "phone"


@dataclass(frozen=True, slots=True)
class Span:
    """Where in a text."""

    start: int
    end: int
    kind: Sensitive


PASSES = 10
"""Through a text that is masked, at the most."""
_MASKS = frozenset(f"[{kind.value}]" for kind in Sensitive)
_KEYS = (
    r"-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[\s\S]{0,10000}?(?:-----END [A-Z ]{0,30}PRIVATE KEY-----|\Z)",
    r"\b(?:sk|pk|rk)[-_](?:live|test|proj|ant|or|svcacct)?[-_]?[A-Za-z0-9_-]{16,200}",
    r"\bgh[pousr]_[A-Za-z0-9]{30,100}|\bgithub_pat_[A-Za-z0-9_]{40,120}|\bglpat-[A-Za-z0-9_-]{20,60}",
    r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b|\bAIza[A-Za-z0-9_-]{35}|\bya29\.[A-Za-z0-9_-]{20,300}",
    r"\bxox[abposr]-[A-Za-z0-9-]{10,250}|\bhf_[A-Za-z0-9]{30,60}|\bnpm_[A-Za-z0-9]{36}|\bpypi-[A-Za-z0-9_-]{50,250}",
    r"\beyJ[A-Za-z0-9_-]{10,2000}\.eyJ[A-Za-z0-9_-]{10,4000}\.[A-Za-z0-9_-]{10,1000}",
    r"(?<=://)[^\s/:@]{1,100}:[^\s/@]{1,200}(?=@)",
)
_NAMED = re.compile(
    r"(?:\b(?:password|passphrase|passcode|pin(?: code)?|api[ _-]?key|access[ _-]?token|"
    r"secret(?: key)?|client[ _-]?secret|"
    r"passwor[dt]|kennwort|geheimzahl|contraseña|clave|mot de passe|code pin|senha|parola d'ordine|wachtwoord|hasło|"
    r"пароль|пин-код)(?:\s+(?:is|ist|lautet|es|est|é|to)|\s*[:=])"
    r"|(?:密码|密碼|口令)(?:是|为|為)?[:：]?|(?:パスワード|暗証番号)(?:は|[:：])|비밀번호(?:는|[:：])|"  # noqa: RUF001
    r"كلمة (?:المرور|السر)(?: هي)?\s*[:：]?)"  # noqa: RUF001
    r"\s*[\"'“«]?(?P<value>[^\s\"'”»,;，。]{4,200})",  # noqa: RUF001
    re.IGNORECASE,
)
"""A password or key by what it is called; what is called one and looks like a word of a sentence is none."""
_KEY = re.compile("|".join(_KEYS))
_DIGITS = re.compile(r"(?<![\d.,+])\d(?:[ -]?\d){12,18}(?![\d])")
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b")
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@(?:[\w-]{1,63}\.){1,8}[^\W\d_]{2,24}(?!\w)")
_PHONE = re.compile(r"(?<![\w+./:-])(?:\+|00)\d{1,3}[ ./-]?(?:\(0?\d{1,5}\)[ ./-]?)?\d(?:[ ./-]?\d){5,12}(?!\w)"
                    r"|(?<![\w+./:-])\(?0\d{1,5}\)?[ /-]\d(?:[ -]?\d){4,10}(?!\w)"
                    r"|(?<![\w+./:-])\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}(?!\w)")  # fmt: skip


def find(text: str) -> list[Span]:
    """All of it, in order; none lies within another."""
    found: list[Span] = []
    for span in sorted(_spans(text), key=lambda span: (span.start, -span.end)):
        if not found or span.start >= found[-1].end:
            found.append(span)
    return found


def holds_secret(text: str) -> bool:
    """Whether there is a password, a key or the number of a card in it, digits of whatever script."""
    return any(span.kind in (Sensitive.SECRET, Sensitive.CARD) for span in find(folded(text)))


def _spans(text: str) -> Iterator[Span]:
    for match in _KEY.finditer(text):
        yield Span(match.start(), match.end(), Sensitive.SECRET)
    for match in _NAMED.finditer(text):
        if _like_a_secret(match["value"]):
            yield Span(match.start("value"), match.end("value"), Sensitive.SECRET)
    for match in _DIGITS.finditer(text):
        if is_card_number(match[0]):
            yield Span(match.start(), match.end(), Sensitive.CARD)
    for match in _IBAN.finditer(text):
        if is_iban(match[0]):
            yield Span(match.start(), match.end(), Sensitive.IBAN)
    for kind, pattern in ((Sensitive.EMAIL, _EMAIL), (Sensitive.PHONE, _PHONE)):
        for match in pattern.finditer(text):
            yield Span(match.start(), match.end(), kind)


def _like_a_secret(value: str) -> bool:
    """Not a plain word: "my password is too long" tells none. Nor what was masked already."""
    plain = value.rstrip(".!?)")
    if plain in _MASKS:
        return False
    return len(plain) >= 4 and (any(char.isdigit() for char in plain) or not plain.isalpha())


def is_card_number(digits: str) -> bool:
    """By its length, its first digits and the check digit (Luhn)."""
    numbers = [int(char) for char in digits if char.isdigit()]
    if not 13 <= len(numbers) <= 19 or numbers[0] not in (2, 3, 4, 5, 6) or len(set(numbers)) == 1:
        return False
    doubled = [number * 2 - 9 * (number > 4) for number in numbers[-2::-2]]
    return (sum(doubled) + sum(numbers[-1::-2])) % 10 == 0


def is_iban(text: str) -> bool:
    """By its length and its check digits (ISO 7064, 97 and 10)."""
    plain = text.replace(" ", "")
    if not 15 <= len(plain) <= 34:
        return False
    return int("".join(str(int(char, 36)) for char in plain[4:] + plain[:4])) % 97 == 1


def masked(text: str, kinds: Collection[Sensitive]) -> str:
    """The text with what it holds of these kinds replaced by the kind in brackets: "my card is [card]". What was masked
    once stays as it is.

    What hangs together ("a@b.example4111111111111111") shows one after the other: by the tenth the rest is left.
    """
    for _ in range(PASSES):
        shown = _masked_once(text, kinds)
        if shown == text:
            break
        text = shown
    return text


def _masked_once(text: str, kinds: Collection[Sensitive]) -> str:
    parts: list[str] = []
    at = 0
    for span in find(text):
        if span.kind in kinds:
            parts += [text[at : span.start], f"[{span.kind.value}]"]
            at = span.end
    return "".join([*parts, text[at:]]) if parts else text
