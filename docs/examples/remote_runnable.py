"""LangServe's client: a turn of Memocha as one runnable among others."""

import time
from os import getenv as env

import httpx
from langchain_core.messages import HumanMessage
from langserve import RemoteRunnable

url, key = env("MEMOCHA_URL", "http://127.0.0.1:8000"), env("MEMOCHA_API_KEY", "any")
auth = {"authorization": f"Bearer {key}"}
memocha = RemoteRunnable(f"{url}/chat/", headers=auth)

told = "My boat is called Petrel."
memocha.invoke({"messages": [HumanMessage(told)]})

# It is remembered behind the answer, within a second: a program that asks sooner than people do waits for that.
while told not in httpx.get(f"{url}/api/memories/search?q=boat", headers=auth).raise_for_status().text:
    time.sleep(0.1)

for piece in memocha.stream({"messages": [HumanMessage("What is my boat called?")]}):
    print(piece, end="", flush=True)
