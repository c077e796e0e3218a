"""LangServe's client: a turn of Memocha as one runnable among others."""

from os import getenv as env

from langchain_core.messages import HumanMessage
from langserve import RemoteRunnable

url, key = env("MEMOCHA_URL", "http://127.0.0.1:8000"), env("MEMOCHA_API_KEY", "any")
memocha = RemoteRunnable(f"{url}/chat/", headers={"authorization": f"Bearer {key}"})

memocha.invoke({"messages": [HumanMessage("My boat is called Petrel.")]})

for piece in memocha.stream({"messages": [HumanMessage("What is my boat called?")]}):
    print(piece, end="", flush=True)
