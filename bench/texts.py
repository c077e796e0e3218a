"""Varied sentences of a person's life, and memories made of them."""

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from graphs.memory.episodes import SourceMessage, episodes
from graphs.memory.records import Memory


def _listed(names: str) -> list[str]:
    return [" ".join(name.split()) for name in names.split(",")]


PEOPLE = _listed(
    """my sister Ana, my neighbour Tom, our dentist, my boss Carla, Uncle Piet, my flatmate, the landlord,
    Grandma, Dr. Osei, the kids"""
)
THINGS = _listed(
    """bicycle, piano, balcony garden, sourdough starter, tax return, old laptop, guitar, bookshelf,
    running shoes, passport, camera, coffee machine, sewing machine, tent, aquarium, telescope,
    motorbike, quilt, drone, kayak"""
)
PLACES = _listed(
    """Lisbon, the cabin in Norway, Graz, the office, Kyoto, the allotment, Leeds, the climbing gym, Porto,
    the library, Marseille, the farm, Tallinn, the clinic, Oaxaca, the cellar"""
)
DEEDS = _listed(
    """repaired, sold, forgot, borrowed, cleaned, painted, lost, bought, returned, photographed, promised,
    wrapped, moved, insured, measured, broke"""
)
TIMES = _listed(
    """last Tuesday, in March, two weeks ago, before the trip, on my birthday, this morning, over Easter,
    after the storm, in 2019, every Sunday"""
)
MOODS = _listed(
    """which took all afternoon, and it went better than expected, though I am still unsure about it, so we
    celebrated with dumplings, because the rain would not stop, and nobody noticed, which cost 340
    euros, and I want to do it again"""
)
SHAPES = (
    "I {deed} the {thing} {time}, {mood}.",
    "{time} {person} {deed} a {thing} in {place}, {mood}.",
    "Did I tell you that {person} wants to move to {place}? We talked about the {thing} and the {other}.",
    "Remember: the {thing} is in {place}, next to the {other}. {person} has the key, code {number}.",
    "For dinner I would like something with no more than {number} calories; {person} comes from {place} {time}.",
    "I think {person} {deed} my {thing}. We were in {place}, {mood}, and the {other} was gone as well.",
    "My appointment with {person} is at {number} in {place}. I must bring the {thing}.",
    "We stayed in {place} for {number} days {time}; {person} {deed} the {thing} and I read about a {other}, {mood}.",
)
ASKED = (
    "Where is the {thing}?",
    "What did {person} do with the {thing}?",
    "When were we in {place}, and who {deed} the {other}?",
    "What is the code for the {thing} in {place}?",
    "How long did we stay in {place} {time}?",
)


def sentence(dice: random.Random, shapes: Sequence[str]) -> str:
    """A varied sentence of a person's life."""
    text = dice.choice(shapes).format(
        person=dice.choice(PEOPLE), thing=dice.choice(THINGS), other=dice.choice(THINGS), place=dice.choice(PLACES),
        deed=dice.choice(DEEDS), time=dice.choice(TIMES), mood=dice.choice(MOODS), number=dice.randint(100, 9999),
    )  # fmt: skip
    return text[0].upper() + text[1:]


def memories_of(user: UUID, count: int, dice: random.Random) -> list[Memory]:
    """A user's memories: sessions of 20 messages, every other one the assistant's, one to four sentences each."""
    start = datetime(2026, 1, 1, tzinfo=UTC)
    result: list[Memory] = []
    session = uuid4()
    for at in range(count):
        session = uuid4() if at % 20 == 0 else session
        text = " ".join(sentence(dice, SHAPES) for _ in range(dice.choice((1, 1, 2, 2, 3, 4))))
        message = SourceMessage(
            uuid4(),
            user,
            session,
            "assistant" if at % 2 else "user",
            None,
            text,
            at % 20,
            start + timedelta(minutes=at),
        )
        result += episodes(message)[:1]
    return result
