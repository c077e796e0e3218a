"""A program that only wants the memory: what was said in its own conversations, found again by a question."""

import asyncio
from datetime import UTC, datetime, timedelta
from os import getenv as env

from memocha import Client, MemoryKind

SAID = [
    {"role": "user", "content": "I'm allergic to walnuts, and my daughter is too."},
    {"role": "assistant", "content": "I'll keep that in mind for the recipes."},
]


async def main() -> None:
    url = env("MEMOCHA_URL", "http://127.0.0.1:8000")
    async with Client(url, env("MEMOCHA_API_KEY")) as memocha:
        await memocha.memories.add(SAID, session="recipes-42")
        fact = await memocha.memories.add("I cook for four on Fridays.")
        found = await memocha.memories.search("Which nuts must I avoid?", k=3)
        print("found:", found.items[0].text)
        today = datetime.now(UTC) - timedelta(hours=1)
        facts = await memocha.memories.search("Whom do I cook for?", kind=MemoryKind.FACT, since=today)
        print("facts:", [item.text for item in facts.items])
        answer = await memocha.ask("Which nuts must I avoid?")
        print("answered with", len(answer.memories), "memories:", answer.text)
        await memocha.memories.delete(fact.id)


asyncio.run(main())
