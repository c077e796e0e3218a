"""OpenAI's own client: another base address, and it remembers."""

import time
from os import getenv as env

import httpx
from openai import OpenAI

url, key = env("MEMOCHA_URL", "http://127.0.0.1:8000"), env("MEMOCHA_API_KEY", "any")
client, auth = OpenAI(base_url=f"{url}/v1", api_key=key), {"authorization": f"Bearer {key}"}

told = "My cello is called Olga."
client.chat.completions.create(model="memocha", messages=[{"role": "user", "content": told}])

# It is remembered behind the answer, within a second: a program that asks sooner than people do waits for that.
while told not in httpx.get(f"{url}/api/memories/search?q=cello", headers=auth).raise_for_status().text:
    time.sleep(0.1)

asked = [{"role": "user", "content": "What is my cello called?"}]
answer = client.chat.completions.create(model="memocha", messages=asked)
print(answer.choices[0].message.content)
print("given:", [memory["text"] for memory in answer.memocha["memories"]])
