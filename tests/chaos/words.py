"""Words that no other message has."""

import random
from dataclasses import dataclass

WORDS = 30
"""Tokens of an answer."""


@dataclass(frozen=True)
class Words:
    """A source of them, so that a message can be searched for and told from all others."""

    dice: random.Random

    def one(self) -> str:
        return "".join(self.dice.choice("bdfghklmnprtvz") + self.dice.choice("aou") for _ in range(5))

    def question(self) -> str:
        return f"My locker is called {self.one()} and it opens with {self.one()}."

    def answer(self, words: int = WORDS) -> str:
        return " ".join(self.one() for _ in range(words))
