"""What a good reader takes from the messages in which the person's life changes: quote, fact, and what it takes back.

Written by hand from the data set's changes and conflicts, each by the message that says it most plainly. What the
messages only let one guess (a new love, in "she has kind eyes") is left out: no quote would bear it out.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Told:
    """A fact in a message."""

    message: int
    quote: str
    fact: str


@dataclass(frozen=True, slots=True)
class Pair:
    """The later fact takes back the earlier one."""

    topic: str
    earlier: Told
    later: Told


AUSTIN = Told(877, "We moved to Austin", "I live in Austin")

PAIRS = (
    Pair(
        "occupation",
        Told(11, "I've been an architect at this firm in Manhattan for 12 years", "I am an architect in Manhattan"),
        Told(
            277, "I'm pivoting to sustainable building consulting", "I am pivoting to sustainable building consulting"
        ),
    ),
    Pair("city, first move", Told(75, "We live in New York", "We live in New York"), AUSTIN),
    Pair(
        "city, second move",
        AUSTIN,
        Told(2609, "Cooked our first meal in the Vermont kitchen", "I cook in my Vermont kitchen"),
    ),
    Pair(
        "diet",
        Told(1053, "I've decided to go fully vegan", "I am fully vegan"),
        Told(2777, "Flexitarian. Elena's word. Yeah. I think that's where I am", "I am flexitarian"),
    ),
    Pair(
        "marriage",
        Told(27, "We've been married for thirteen years", "I have been married for thirteen years"),
        Told(1511, "We both said separated", "We are separated"),
    ),
    Pair(
        "remote work",
        Told(133, "Remote work doesn't work for architecture", "I think remote work doesn't work for architecture"),
        Told(561, "I think I was wrong about remote work", "I think I was wrong about remote work"),
    ),
    Pair(
        "politics",
        Told(143, "I stay out of politics", "I stay out of politics"),
        Told(1987, "I went to my first Austin city council meeting", "I go to Austin city council meetings"),
    ),
    Pair(
        "calling",
        Told(125, "Architecture is my calling", "Architecture is my calling"),
        Told(445, "I left corporate architecture", "I left corporate architecture"),
    ),
    Pair(
        "family",
        Told(543, "for a family of four", "We are a family of four"),
        Told(1651, "how I parent as a single dad", "I parent as a single dad"),
    ),
    Pair(
        "smart home",
        Told(57, "I love my smart home setup", "I love my smart home setup"),
        Told(845, "The smart home setup", "I am dismantling my smart home setup"),
    ),
    Pair(
        "Austin",
        Told(925, "I love Austin", "I love Austin"),
        Told(2121, "Austin is great but it's growing so fast", "I think Austin is growing too fast"),
    ),
)
