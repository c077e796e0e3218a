"""Messages that ask for the rest of an answer, and say nothing themselves.

Kept as memories they would be found by every other one of them, and by nothing else.
"""

import re

LONGEST = 80
"""Characters: who writes more says something."""

_GO_ON = [
    r"(?:please\s+|can you\s+|could you\s+)?(?:continue|go on|carry on|keep going|proceed)"
    r"(?:\s+(?:from\s+)?where you (?:stopped|left off|were(?: cut off)?))?(?:,?\s+please)?",
    r"(?:bitte\s+)?(?:(?:mach|schreib|erzähl|fahr)e?\s+)?(?:bitte\s+)?(?:weiter|fort)"
    r"(?:,?\s+wo du aufgehört hast)?(?:,?\s+bitte)?",
    r"(?:por favor,?\s+)?(?:continúa|continua|sigue)(?:\s+(?:desde\s+)?donde (?:te quedaste|lo dejaste))?"
    r"(?:,?\s+por favor)?",
    r"(?:continue|continuez|poursuis|poursuivez)(?:\s+là où (?:tu t'es|vous vous êtes) arrêtée?)?"
    r"(?:,?\s+s'il (?:te|vous) pla[iî]t)?",
    r"(?:请)?(?:从你停下的地方)?(?:继续|接着)(?:说|写|讲)?(?:下去)?(?:吧)?",
]
_GOES_ON = re.compile(rf"\W*(?:{'|'.join(_GO_ON)})\W*", re.IGNORECASE)


def only_continues(text: str) -> bool:
    """Whether a message asks for the rest of an answer and nothing else, in the languages that commands are read in."""
    text = text.strip()
    return 0 < len(text) <= LONGEST and _GOES_ON.fullmatch(text.replace("\u2019", "'")) is not None
