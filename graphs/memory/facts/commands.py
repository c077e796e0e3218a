"""What a person says in chat that memory must honour at once: "forget that ...", "that's wrong, my name is ...".

A table of plain forms in English, German, Spanish, French and Chinese. It is meant to be sure, not complete: what it
does not know is left to the extraction that follows, and nothing is deleted on a guess.
"""

import re
from dataclasses import dataclass

from graphs.memory.facts.passages import CUT, own_words
from graphs.memory.stem import stem_query


@dataclass(frozen=True, slots=True)
class Forget:
    """The person asks to forget something."""

    what: str
    """What is to be forgotten, in their words: "my sister is called Anika"."""
    everything: bool = False
    """All that is known of them. Never done by a word in a chat: it is told where that is done."""


@dataclass(frozen=True, slots=True)
class Correct:
    """The person says that something is otherwise, or has changed."""


Command = Forget | Correct

_POLITE = (
    r"(?:(?:ok(?:ay)?|hey|hi|so|and|oh|actually|well|memocha|bitte|por favor|s'il (?:te|vous) pla[iî]t)[,!.]?\s+)*"
)
_ASK = (
    r"(?:(?:please|kindly|just|could you|can you|would you|will you|i(?:'d| would) like you to|i want you to|"
    r"you (?:can|should|may))\s+)*"
)

_FORGET = [
    # English. Not: "don't forget to", "I forgot", "forget it", "never forget", "don't remember where I parked".
    rf"{_POLITE}{_ASK}forget\s+(?:about\s+|that\s+|what\s+i\s+(?:said|told\s+you|wrote|mentioned)\s+(?:about|on|regarding)\s+|"
    r"(?:everything|anything|all|what)\s+(?:you\s+know\s+|i(?:'ve|\s+have)?\s+(?:said|told\s+you)\s+)?about\s+)?(?P<what>.+)",
    rf"{_POLITE}{_ASK}(?:do\s+not|don't|never|stop)\s+remember(?:ing)?\s+(?:that\s+|about\s+|anything\s+about\s+)?(?P<what>.+)",
    rf"{_POLITE}{_ASK}(?:delete|erase|remove|wipe)\s+(?:the\s+)?(?:memory|memories|fact|note)s?\s+(?:that\s+|about\s+|of\s+)(?P<what>.+)",
    rf"{_POLITE}{_ASK}(?:delete|erase|remove|wipe)\s+(?P<what>.+?)\s+from\s+(?:your|the)\s+memor(?:y|ies)",
    # German
    rf"{_POLITE}(?:bitte\s+)?(?:vergiss|vergessen\s+sie|vergesse)\s*,?\s+(?:bitte\s*,?\s+)?(?:(?:alles|was\s+ich)\s+)?(?:dass\s+|über\s+)?(?P<what>.+)",
    rf"{_POLITE}(?:kannst|könntest|würdest)\s+du\s+(?:bitte\s+)?(?P<what>.+?)\s+vergessen",
    rf"{_POLITE}(?:kannst|könntest|würdest)\s+du\s+(?:bitte\s+)?vergessen\s*,?\s+(?:dass\s+)?(?P<what>.+)",
    rf"{_POLITE}merk(?:e)?\s+dir\s+(?:bitte\s+)?nicht\s*,?\s+(?:dass\s+)?(?P<what>.+)",
    rf"{_POLITE}(?:lösch(?:e|en\s+sie)?)\s+(?:bitte\s+)?(?:die\s+)?erinnerung(?:en)?\s+(?:an|über|daran,?\s+dass)\s+(?P<what>.+)",
    # Spanish
    rf"{_POLITE}(?:puedes\s+|podrías\s+)?(?:olvid(?:a|e|ar)|olvídate|olvidate|olvídese)\s+(?:de\s+)?(?:(?:todo\s+)?lo\s+que\s+(?:te\s+)?(?:dije|he\s+dicho|sabes)\s+(?:sobre|de)\s+|que\s+|lo\s+de\s+)?(?P<what>.+)",
    rf"{_POLITE}no\s+(?:recuerdes|te\s+acuerdes\s+de|guardes)\s+(?:que\s+)?(?P<what>.+)",
    # French
    rf"{_POLITE}(?:peux-tu\s+|pouvez-vous\s+|pourrais-tu\s+)?(?:oublie[rz]?)\s+(?:(?:tout\s+)?ce\s+que\s+(?:j'ai\s+dit|je\s+t'ai\s+dit|tu\s+sais)\s+(?:sur|de|à\s+propos\s+de)\s+|que\s+|qu')?(?P<what>.+)",
    rf"{_POLITE}ne\s+(?:retiens|retenez|te\s+souviens|mémorise)\s+pas\s+(?:de\s+)?(?:que\s+|qu')?(?P<what>.+)",
    # Chinese
    r"(?:请|麻烦|你)*(?:忘记|忘掉|忘了|删除记忆[:：]?)(?!了|吧|我吧)(?:关于)?(?P<what>.+)",  # noqa: RUF001
    r"(?:请|你)*(?:不要|别)(?:再)?(?:记住|记得|记)(?P<what>.+)",
]
_FORGETS = [re.compile(rf"^\W*(?:{pattern})$", re.IGNORECASE) for pattern in _FORGET]

_NOT_THAT = re.compile(
    # An idiom or something else entirely: nothing is named that memory could hold.
    r"^(?:(?:it|that|this)\s*[,;:\u2013-].*|it|that|this|about it|about that|me|him|her|them|us|everyone|the past|"
    r"to\b.*|how to\b.*|whether\b.*|"
    r"the (?:last|previous|above|first|second) (?:question|message|part|one|bit)\b.*|"
    r"(?:all |your |the |any )*(?:previous |prior |above |system )*(?:instructions?|rules?|prompts?)\b.*|"
    r"es|das|dies|mich|ihn|sie|nicht\b.*|eso|esto|lo|no\b.*|ça|cela|le|la|pas\b.*|它|这个|那个|我)[\W]*$",
    re.IGNORECASE,
)
_EVERYTHING = re.compile(
    r"^(?:(?:everything|anything|all)(?:\s+(?:you\s+(?:know|remember)|i(?:'ve|\s+have)?\s+(?:ever\s+)?(?:said|told\s+you)))?"
    r"(?:\s+(?:about\s+)?(?:me|myself))?|all\s+(?:about\s+)?(?:me|(?:my\s+|your\s+)?memories)|"
    r"me\s+(?:completely|entirely)|alles(?:\s+(?:über\s+mich|was\s+du\s+(?:über\s+mich\s+)?weißt))?|"
    r"todo(?:\s+lo\s+que\s+sabes\s+(?:de|sobre)\s+mí)?|tout(?:\s+(?:ce\s+que\s+tu\s+sais\s+)?(?:de|sur)\s+moi)?|"
    r"(?:关于我的)?(?:一切|所有(?:事情|内容)?)|我的(?:一切|所有.*))[\W]*$",
    re.IGNORECASE,
)
_EVERYTHING_ASKED = re.compile(r"\b(?:everything|all)\s+(?:you\s+know\s+)?about\s+(?:me|myself)\b", re.IGNORECASE)
_TAIL = re.compile(
    r"[\s,]*(?:please|thanks|thank you|bitte|danke|por favor|gracias|s'il (?:te|vous) pla[iî]t|merci|吧|谢谢)?"
    r"[\s.!?。！？,]*$",  # noqa: RUF001
    re.IGNORECASE,
)

_CORRECTION = re.compile(
    r"\b(?:that(?:'s|\s+is|\s+was)\s+(?:wrong|not\s+(?:right|true|correct)|incorrect|outdated|no\s+longer\s+true)|"
    r"you(?:'re|\s+are)\s+(?:wrong|mistaken)|you\s+(?:got|have)\s+(?:that|it)\s+wrong|i\s+(?:never|didn't)\s+sa(?:id|y)\s+that|"
    r"not\s+(?:any\s*more|any\s+longer)|no\s+longer|correction|"
    r"actually[,\s]+(?:i|my|we|our|it's|he|she|they)|no[,.!]\s+(?:i|my|we|our|it's|his|her|he|she)\b|i\s+meant\b|"
    r"(?:i|we)(?:'ve|\s+have)?\s+(?:just\s+|recently\s+)?(?:moved|quit|resigned|changed|switched|divorced|separated|broke\s+up|got\s+(?:married|engaged))|"
    r"das\s+(?:stimmt\s+nicht|ist\s+falsch)|stimmt\s+nicht|nicht\s+mehr|eigentlich\s+(?:heiß|wohn|arbeit|bin|hab|mein)\w*|"
    r"(?:ich\s+bin|wir\s+sind)\s+\w*\s*(?:um|nach\s+\w+\s+)gezogen|"
    r"eso\s+(?:es\s+falso|no\s+es\s+(?:cierto|correcto|verdad)|está\s+mal)|en\s+realidad|ya\s+no\b|me\s+(?:mudé|he\s+mudado)|"
    r"c'est\s+(?:faux|pas\s+(?:vrai|correct|ça))|ce\s+n'est\s+pas\s+(?:vrai|correct)|en\s+fait[,\s]|n\S+\s+plus\b|j'ai\s+déménagé)"
    r"|不对|错了|不是这样|其实我|实际上我|我(?:已经)?搬(?:家|到|去)|不再",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[^.!?。！？\n]+[.!?。！？]*")  # noqa: RUF001
LONGEST = 500
"""Characters of a message in which a command is looked for: who writes more is telling something else."""


def command_in(message: str) -> Command | None:
    """What memory must do at once for this message; None for nearly all messages."""
    if len(message) > 4 * LONGEST:
        return None
    words = own_words(message).replace(CUT.strip(), "")
    words = words.replace("’", "'").strip()  # noqa: RUF001
    if not words or len(words) > LONGEST:
        return None
    for sentence in _SENTENCE.findall(words):
        if (forget := _forget(sentence.strip())) is not None:
            return forget
    return Correct() if _CORRECTION.search(words) else None


def _forget(sentence: str) -> Forget | None:
    for pattern in _FORGETS:
        if (found := pattern.match(sentence.rstrip(" .!?。！？…"))) is None:  # noqa: RUF001
            continue
        what = _TAIL.sub("", found["what"]).strip(" ,")
        if _EVERYTHING.match(what) or _EVERYTHING_ASKED.search(sentence):
            return Forget(what, everything=True)
        if not what or _NOT_THAT.match(what) or not stem_query(what):
            return None
        return Forget(what)
    return None
