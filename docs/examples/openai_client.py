"""OpenAI's own client: another base address, and it remembers."""

from os import getenv as env

from openai import OpenAI

url, key = env("MEMOCHA_URL", "http://127.0.0.1:8000"), env("MEMOCHA_API_KEY", "any")
client = OpenAI(base_url=f"{url}/v1", api_key=key)

told = [{"role": "user", "content": "My cello is called Olga."}]
client.chat.completions.create(model="memocha", messages=told)

asked = [{"role": "user", "content": "What is my cello called?"}]
answer = client.chat.completions.create(model="memocha", messages=asked)
print(answer.choices[0].message.content)
print("given:", [memory["text"] for memory in answer.memocha["memories"]])
