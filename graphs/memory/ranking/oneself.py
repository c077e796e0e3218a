"""Questions for all that is known of the user: "what do you know about me?", "who am I?".

They are near to no memory in particular, so nearness does not answer them. Told by their words alone, in the languages
in which commands are; sure rather than complete: with a topic beside "me" a question is looked for like any other.
"""

import re
import unicodedata
from collections.abc import Sequence

from graphs.memory.facts.person import speaks_of_self
from graphs.memory.ranking.asking import only_asks, overlap
from graphs.memory.ranking.said import Said
from graphs.memory.ranking.weights import Ranking
from graphs.memory.records import Memory, MemoryKind, Recalled

LONGEST = 120
"""Characters: a longer question asks for something else as well."""
SURE, LIKELY = 1.0, 0.6
"""Scores of what is the user's for certain, a fact or what they pinned, and of what they said of themselves."""
SHORTEST = 12
"""Characters of what a person said that tells something of them: "I see." does not."""

_POLITE = r"(?:(?:hi|hello|hey|ok(?:ay)?|so|and|now|well|please|memocha)[,!. ]+)*"
_ASK = r"(?:(?:can|could|would|will) you (?:please )?)?(?:(?:tell|show|remind) me |list |summari[sz]e |say )?"
_EVER = r"(?:(?:already|actually|really|currently|still|even) )?"
_SO_FAR = r"(?: (?:so far|already|now|by now|yet|then|today|please|at all|exactly))*"
_BISHER = r"(?:(?: |, )(?:schon|alles|noch|denn|eigentlich|bisher|so|jetzt|bitte|genau))*"
_MI = r"(?:de|sobre|acerca de) m[ií]"
_MOI = r"(?:(?:déjà )?(?:de|sur|à propos de) moi)"

_ASKED = [
    # English
    rf"what (?:(?:else|all|exactly) )?(?:do|did|can) you {_EVER}(?:know|remember|recall|have|learn) (?:about|of|on) me",
    rf"what (?:else |all )?(?:have you {_EVER}(?:learned|learnt|remembered|stored|saved|got)|"
    r"do you have (?:stored|saved)) (?:about|of|on) me",
    rf"what (?:have i|i have|i've) {_EVER}(?:ever )?(?:told|shared with) you(?: about (?:me|myself))?",
    r"what (?:did i tell|i told) you about (?:me|myself)",
    r"(?:what|which) (?:facts|memories|information|things) (?:do you (?:know|have|remember)|have you) (?:about|of) me",
    r"what(?:'s| is) in your memory(?: about me)?",
    rf"(?:everything|all|anything|something|what)(?: that)? you {_EVER}(?:know|remember) (?:about|of) me",
    r"(?<=tell me )(?:(?:everything|something|all|more) )?about (?:me|myself)",
    rf"do you {_EVER}(?:know|remember) (?:(?:anything|something|things|stuff|a lot|much) about )?me",
    r"how (?:well|much) do you know (?:about )?me",
    r"(?:do you (?:even )?know )?who (?:am i|i am)|describe me",
    # German
    rf"was (?:weißt|weisst|wissen) (?:du|sie){_BISHER} (?:über mich|von mir){_BISHER}",
    rf"was hast du dir{_BISHER} (?:(?:über mich|von mir){_BISHER} )?gemerkt",
    rf"was (?:habe|hab) ich dir{_BISHER} (?:(?:über mich|von mir){_BISHER} )?(?:erzählt|gesagt)",
    r"kennst du mich|beschreibe? mich",
    r"(?:weißt|weisst) du(?: noch| überhaupt)?,? wer ich bin|wer bin ich(?: eigentlich)?",
    r"(?:weißt|weisst) du(?: schon)? (?:etwas|was|irgendetwas|irgendwas) über mich",
    rf"(?:erzähle?|sage?) mir(?: bitte)?,? (?:(?:etwas|alles),? )?(?:was du{_BISHER} )?(?:über mich|von mir)"
    r"(?: weißt)?",
    # Spanish
    rf"qu[eé] (?:(?:ya )?(?:sabes|recuerdas|conoces)|te acuerdas) {_MI}|qu[eé] te he (?:contado|dicho)(?: {_MI})?",
    r"(?:sabes )?qui[eé]n soy(?: yo)?|me conoces|h[aá]blame de m[ií]|sabes algo (?:de|sobre) m[ií]",
    rf"(?:dime|cu[eé]ntame) (?:(?:todo )?(?:lo que|qu[eé]) (?:sabes|recuerdas) |algo )?{_MI}",
    # French
    rf"(?:que (?:sais-tu|savez-vous)|qu'est-ce que (?:tu sais|vous savez)|tu sais quoi) {_MOI}",
    r"(?:que te rappelles-tu|que retiens-tu) (?:de|sur) moi",
    r"qu'(?:est-ce que je t'ai|ai-je|est-ce que je vous ai) (?:dit|raconté)(?: (?:de|sur) moi)?",
    r"(?:(?:sais-tu|tu sais) qui je suis|qui suis-je|qui je suis|parle-moi de moi|me connais-tu|tu me connais)",
    rf"(?:dis-moi|raconte-moi) (?:tout )?ce que tu sais {_MOI}",
    # Chinese
    r"(?:请|那|那么)?(?:请?告诉我)?你(?:还|都|现在|已经)*(?:知道|了解|记得|记住了?)(?:关于)?我(?:的)?"
    r"(?:哪些|些?什么|多少)(?:事情?|信息)?",
    r"你对我(?:都|还)?(?:有)?(?:了解|知道)(?:多少|些?什么|哪些)?(?:事情?)?",
    r"你(?:还|都)*(?:知道|记得|记住了)(?:些)?什么关于我的(?:事情?)?",
    r"关于我,?你(?:还|都)*(?:知道|记得)(?:些什么|什么|哪些(?:事情?)?|多少)",
    r"我(?:都)?(?:跟|和|对)你(?:都)?(?:说|讲)过?(?:了)?(?:些什么|什么|哪些)(?:事情?)?",
    r"我(?:都)?告诉(?:过|了)?你(?:了)?(?:些什么|什么|哪些)(?:事情?)?",
    r"(?:你知道)?我是谁|你(?:还)?(?:记得|认识|了解)我|(?:说说|谈谈|介绍一下|描述一下)我",
]
_ASKS = re.compile(rf"{_POLITE}{_ASK}(?:{'|'.join(_ASKED)}){_SO_FAR}[吗呢啊]?")
_SPACE = re.compile(r"\s+")


def asks_of_self(text: str) -> bool:
    """Whether a question is for what is known of the user, and for nothing in particular."""
    if len(text) > LONGEST:
        return False
    words = unicodedata.normalize("NFKC", text).lower().replace("’", "'")  # noqa: RUF001
    words = unicodedata.normalize("NFC", _SPACE.sub(" ", words)).strip(" ?!.。¿¡…\"'")
    return _ASKS.fullmatch(words) is not None


def most_telling(memories: Sequence[Memory], k: int, ranking: Ranking) -> list[Recalled]:
    """Of facts, of what is pinned and of recent messages the `k` that tell most of the user, best first: facts, the
    pinned ones before others, what else is pinned, and what the user said of themselves, the newest first."""
    kept = [memory for memory in memories if _certain(memory) or _tells(memory)]
    kept.sort(key=lambda memory: (*_class(memory), -memory.created_at.timestamp(), memory.id.int))
    said, chosen = Said(), list[Recalled]()
    for memory in kept:
        if len(chosen) == k:
            break
        words = said.words(memory)
        if not any(overlap(words, said.words(item.memory)) >= ranking.near_duplicate for item in chosen):
            chosen.append(Recalled(memory, SURE if _certain(memory) else LIKELY))
    return chosen


def _certain(memory: Memory) -> bool:
    return memory.kind is MemoryKind.FACT or memory.pinned


def _class(memory: Memory) -> tuple[bool, bool]:
    return memory.kind is not MemoryKind.FACT, not memory.pinned


def _tells(memory: Memory) -> bool:
    """Whether the user says something of themselves there, rather than only asks."""
    return (
        memory.kind is MemoryKind.EPISODE
        and memory.role == "user"
        and memory.speaker is None
        and len(memory.text) >= SHORTEST
        and speaks_of_self(memory.text)
        and not only_asks(memory.text)
    )
