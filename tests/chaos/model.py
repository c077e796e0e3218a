"""The scripted model as a process of its own, so that it can be killed and stopped. Run as `python -m tests.chaos.model`.

Its answer follows from the question, so that what is stored and shown can be told from every other answer.
"""

import argparse
import random
import re

import uvicorn

from tests.chaos.words import Words
from tests.support.model_server import Behaviour, ModelServer, Received

NAME = "scripted"
ASKED = re.compile(r"My locker is called (\w+) and")
WORDS = 24
RATE = 60.0
"""Tokens a second."""
THINKS = 0.2
"""Seconds before the first token."""


def answer_to(message: str) -> str:
    """What it answers to a message that holds a question of ours: the last one counts, memories come before it."""
    name = ASKED.findall(message)[-1]
    words = Words(random.Random(name))
    return " ".join(words.one() for _ in range(WORDS))


class Answering(ModelServer):
    """Answers each question in its own words."""

    def behaviour(self, received: Received) -> Behaviour:
        refusal = super().behaviour(received)
        if refusal.status != 200:
            return refusal
        return Behaviour(text=answer_to(str(received.messages[-1]["content"])), rate=RATE, think=THINKS)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--api-key", required=True)
    told = parser.parse_args()
    uvicorn.Server(Answering(port=told.port, models=(NAME,), api_key=told.api_key)._config()).run()


if __name__ == "__main__":
    main()
