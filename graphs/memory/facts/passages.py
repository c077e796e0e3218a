"""What of a message the person says themselves, and what they only pasted in.

A message may carry an article to be summarised, a mail from somebody else, code, a transcript, or text made to look
like a part of the prompt. None of it is a statement of the person's about themselves, so no model that looks for
facts is shown it, and no quote may come from it.
"""

import re

CUT = " […] "
"""Stands where something was left out; no quote reaches over it."""
LONG_PARAGRAPH = 600
"""Characters from which a paragraph that never says "I" counts as pasted."""
LONG_QUOTATION = 120
"""Characters from which what stands in quotation marks counts as somebody else's."""
PASTED_FROM = 60
"""Characters that must follow "summarise this:" for it to be a text and not a list of two words."""

_FENCE = re.compile(r"(```+|~~~+).*?(?:\1|\Z)", re.DOTALL)
_BLOCK = re.compile(r"<(?P<tag>[a-zA-Z_][\w.-]*)\b[^<>]*>.*?(?:</(?P=tag)\s*>|\Z)", re.DOTALL)
_TEMPLATE = re.compile(r"<\|im_start\|>.*?(?:<\|im_end\|>|\Z)|\[INST\].*?(?:\[/INST\]|\Z)", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z_!][^<>\n]*>|<\|[^<>\n]*\|>|\[/?(?:INST|SYS|SYSTEM)\]", re.IGNORECASE)
_QUOTED_LINE = re.compile(r"^[ \t]*(?:>|\|).*$", re.MULTILINE)
_ROLE_LINE = re.compile(
    r"^[ \t]*[*#_\[(]*(?:user|human|assistant|system|developer|ai|bot|chatgpt|memocha|memory|memories|tool)"
    r"[\])*_]*\s*[:：].*$",  # noqa: RUF001
    re.MULTILINE | re.IGNORECASE,
)
_MEMORY_LINE = re.compile(
    r"^[ \t]*(?:[-*•]|\[\d+\])?[ \t]*(?:\w+day, )?\d{1,2}\.? \w+ \d{4},? (?:I told you|you told me|\w+ said)\b.*$"
    r"|^[ \t]*\[\d+\][ \t]*\w+day, \d{1,2} \w+ \d{4}: .*$",
    re.MULTILINE,
)
_MAIL = re.compile(r"^[ \t]*(?:from|to|subject|sent|von|an|betreff|de|para|asunto|objet)[ \t]*:.*", re.IGNORECASE)
_QUOTATION = re.compile(rf"[\"“„«]([^\"“”„«»]{{{LONG_QUOTATION},}})[\"”“»]")
_URL = re.compile(r"\b(?:https?|ftp)://\S+", re.IGNORECASE)
_TASK = re.compile(
    r"\b(?:summari[sz]e|translate|proofread|rewrite|rephrase|paraphrase|shorten|polish|edit|review|analy[sz]e|"
    r"what (?:does|do) (?:this|the following)|(?:the|this) following|here(?:'s| is| are) (?:an?|the|my|our|this|some) "
    r"(?:\w+ ){0,3}?(?:article|e-?mail|text|letter|story|essay|document|message|draft|paragraph|review|report|log|"
    r"transcript|notes?|poem|chapter|post|abstract|contract|code|output)|"
    r"(?:article|document|text|e-?mail|transcript|letter|story|log) (?:below|says|reads)|"
    r"fasse?n? (?:\w+ ){0,4}zusammen|zusammenfassen|übersetze?n?|korrigiere?n?|formuliere?n?|"
    r"resume|resumir|traduce|traducir|corrige|corregir|résume[rz]?|traduis|traduire|corrige[rz]?|reformule[rz]?)\b"
    r"|翻译|总结|摘要|润色|改写|校对",
    re.IGNORECASE,
)
_FIRST_PERSON = re.compile(
    r"\b(?:i|i'm|i've|i'd|i'll|me|my|mine|we|our|us|ich|mich|mir|mein\w*|wir|uns\w*|yo|mi|mis|me|nosotros|nuestr\w+|"
    r"je|j'\w+|moi|mon|ma|mes|nous|notre|nos)\b|我|咱",
    re.IGNORECASE,
)


def own_words(text: str) -> str:
    """The message without what was pasted into it; `CUT` stands where something was left out."""
    for pattern in (_FENCE, _TEMPLATE, _BLOCK, _TAG, _QUOTED_LINE, _ROLE_LINE, _MEMORY_LINE, _URL, _QUOTATION):
        text = pattern.sub(CUT, text)
    kept: list[str] = []
    pasted = False
    for paragraph in re.split(r"\n[ \t]*\n", _without_task_text(text)):
        pasted = pasted or len(_mail_lines(paragraph)) > 1
        if pasted or (len(paragraph) >= LONG_PARAGRAPH and not _FIRST_PERSON.search(paragraph)):
            kept.append(CUT)
        else:
            kept.append(paragraph)
    return re.sub(r"(?:\s*\[…\]\s*)+", CUT, "\n".join(kept)).strip()


def _without_task_text(text: str) -> str:
    """Without what follows "summarise this:": from the colon, or the line's end, to the end of the message."""
    asked = _TASK.search(text)
    if asked is None:
        return text
    opening = re.compile(r"[:：][ \t]*|\n").search(text, asked.end())  # noqa: RUF001
    if opening is None or len(text) - opening.end() < PASTED_FROM:
        return text
    return text[: opening.start()] + CUT


def _mail_lines(paragraph: str) -> list[str]:
    return [line for line in paragraph.splitlines() if _MAIL.match(line)]


def speaks_of_self(text: str) -> bool:
    """Whether a text in English, German, French, Spanish or Chinese says "I", "my" or the like."""
    return _FIRST_PERSON.search(text) is not None
