"""LangChain's ChatOpenAI over Memocha: what is said in one chain is known in the next."""

from os import getenv as env

from langchain_core.prompts import ChatPromptTemplate
from langchain_openai import ChatOpenAI

url, key = env("MEMOCHA_URL", "http://127.0.0.1:8000"), env("MEMOCHA_API_KEY", "any")
model = ChatOpenAI(model="memocha", base_url=f"{url}/v1", api_key=key)

model.invoke("I am training for the Lisbon marathon.")

chain = ChatPromptTemplate.from_messages([("system", "Answer in one sentence."), ("human", "{question}")]) | model
for piece in chain.stream({"question": "Which race am I training for?"}):
    print(piece.text, end="", flush=True)
