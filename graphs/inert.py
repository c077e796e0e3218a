"""Making text that somebody else may have written harmless to read: what nobody sees, what only looks like something
else, and what passes for a part of a prompt.

All of it follows from the text alone, so what was rendered once is rendered to the same bytes ever after.
"""

import re
import unicodedata

# A memory cannot end the block that it stands in, nor open another.
_BRACKETS = str.maketrans(
    {"<": "\N{SINGLE LEFT-POINTING ANGLE QUOTATION MARK}", ">": "\N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK}"}
)
_ANGLES = str.maketrans("＜＞﹤﹥", "<><>")  # noqa: RUF001
"""What a model takes for angle brackets as well."""

_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff"
    "\ufff0-\ufffb\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_JOINED = re.compile(
    # Joiners have their place between letters of other scripts and in emoji, selectors one by one behind a character.
    "(?<![^\\x00-\\x7f])[\u200c\u200d]+|[\u200c\u200d]+(?![^\\x00-\\x7f])|(?<=[\ufe00-\ufe0f\u200c\u200d])[\ufe00-\ufe0f\u200c\u200d]+"
)
_ANY_JOINER = re.compile("[\u200c\u200d\ufe00-\ufe0f]")
_CONTROL = re.compile(
    # Of ChatML, Llama 3, Phi and DeepSeek; of Gemma; of Llama 2 and Mistral. A server that fills a template with the
    # words of a message and reads the whole for such marks (llama.cpp does) would take them for its own.
    r"[<‹]\s?[|｜]\s?([\w▁ :.-]{1,40}?)\s?[|｜]\s?[>›]"  # noqa: RUF001
    r"|[<‹]\s?(/?(?:start|end)_of_(?:turn|text|image)|/?s|/?bos|/?eos|/?pad|/?unk)\s?[>›]"  # noqa: RUF001
    r"|(?:<<|«|‹‹)\s?(/?SYS)\s?(?:>>|»|››)"  # noqa: RUF001
    r"|\[\s?(/?(?:INST|SYS|SYSTEM_PROMPT|TOOL_CALLS|TOOL_RESULTS|TOOL_CONTENT|AVAILABLE_TOOLS))\s?\]",
    re.IGNORECASE,
)
_TAG_LIKE = re.compile(
    r"[<‹〈⟨❮«˂ᐸ]\s{0,3}[/∕⁄╱／\\]?\s{0,3}(\w[\w\s]{4,24})[^<>‹›\n]{0,40}[>›〉⟩❯»˃ᐳ]"  # noqa: RUF001
)
_IMAGE = re.compile(r"!+\[")
_OWN_TAGS = ("memories", "memory")
"""Of the block that memories stand in; what could be taken for them is looked for among what is like a tag."""

_CYRILLIC = dict(zip("аеорсухіјѕһԁԛԝкмтвнАВЕКМНОРСТХУІЈЅ", "aeopcyxijshdqwkmtbhABEKMHOPCTXYIJS", strict=True))
_GREEK = dict(zip("οανικτρυΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "oaviktpuABEZHIKMNOPTYX", strict=True))
_LATIN = str.maketrans(_CYRILLIC | _GREEK)
_WORD = re.compile(r"\w+")
_LATIN_LETTER = re.compile(r"[A-Za-z]")


def visible(text: str) -> str:
    """Without the characters that nobody sees: of no width, of direction, and those that hide text in tags."""
    if text.isascii():
        return text
    # What stands between two of the unseen is judged by its neighbours once those are gone, and of several joiners the
    # last that is left by what is behind all of them.
    return _JOINED.sub("", _JOINED.sub("", _UNSEEN.sub("", text)))


def folded(text: str) -> str:
    """The text as it is meant to be read, to look for patterns in: one form of each letter, those of another alphabet
    that stand within Latin words as the Latin ones, and nothing that joins them."""
    text = unicodedata.normalize("NFKC", _ANY_JOINER.sub("", visible(text)))
    return text if text.isascii() else _WORD.sub(_in_latin, text)


def _in_latin(word: re.Match[str]) -> str:
    return word[0].translate(_LATIN) if _LATIN_LETTER.search(word[0]) else word[0]


def without_marks(text: str) -> str:
    """Without what passes for a part of the prompt: marks of chat templates, and tags of the block of memories. Their
    names stay, in round brackets. A text that has none stays as it is."""
    if text.isascii() and "<" not in text and "[" not in text:
        return text
    plain = visible(text).translate(_ANGLES)
    shown = _TAG_LIKE.sub(_harmless_tag, _CONTROL.sub(_harmless_mark, plain))
    return text if shown == plain else shown


def _harmless_mark(mark: re.Match[str]) -> str:
    return f"({next(name for name in mark.groups() if name).strip(' /')})"


def _harmless_tag(tag: re.Match[str]) -> str:
    name = "".join(folded(tag[1]).casefold().split())
    return "(memories)" if name.startswith(_OWN_TAGS) else tag[0]


def on_one_line(text: str) -> str:
    """The words as data within a prompt: on one line, without marks, tags or brackets to make any, and no image that a
    model could copy out, only a link."""
    shown = without_marks(" ".join(visible(text).split()))
    return _IMAGE.sub("[", shown.translate(_ANGLES).translate(_BRACKETS))
