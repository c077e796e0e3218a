"""LangChain's ChatOpenAI over Memocha: what is said in one chain is known in the next."""

import time
from os import getenv as env

import httpx
from langchain_core.prompts import ChatPromptTemplate
from langchain_openai import ChatOpenAI

url, key = env("MEMOCHA_URL", "http://127.0.0.1:8000"), env("MEMOCHA_API_KEY", "any")
model, auth = ChatOpenAI(model="memocha", base_url=f"{url}/v1", api_key=key), {"authorization": f"Bearer {key}"}

told = "I am training for the Lisbon marathon."
model.invoke(told)

# It is remembered behind the answer, within a second: a program that asks sooner than people do waits for that.
while told not in httpx.get(f"{url}/api/memories/search?q=marathon", headers=auth).raise_for_status().text:
    time.sleep(0.1)

chain = ChatPromptTemplate.from_messages([("system", "Answer in one sentence."), ("human", "{question}")]) | model
for piece in chain.stream({"question": "Which race am I training for?"}):
    print(piece.text, end="", flush=True)
