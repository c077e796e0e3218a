"""Asking a model for JSON of a given form."""

import json
from collections.abc import Mapping
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, Protocol

from langchain_core.messages import HumanMessage, SystemMessage

from graphs.models.chat import ChatModel
from graphs.models.config import ModelConfig, Parameters


@dataclass(frozen=True, slots=True)
class Form:
    """What an answer is to look like."""

    name: str
    schema: Mapping[str, Any]
    """A JSON schema of an object, in the part of the language that strict output takes: all properties required, no
    others allowed."""
    max_tokens: int
    """Longest answer, tokens."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What the model gave."""

    data: dict[str, Any] | None
    """None where it is no JSON object: cut off, or from a server that does not hold models to a schema."""
    tokens: int
    """Prompt and answer together; 0 where the server counts none."""


class Asker(Protocol):
    """A model that answers in a form."""

    async def ask(self, form: Form, instructions: str, material: str) -> Reply:
        """The model's answer. Raises the errors of a model: `ModelUnavailable`, `ModelRejected` and so on."""


class ModelAsker:
    """`Asker` over a chat model with strict JSON-schema output; llama.cpp, vLLM, Ollama and OpenAI take the same."""

    def __init__(self, config: ModelConfig) -> None:
        self._config = config
        self._models: dict[str, ChatModel] = {}

    async def ask(self, form: Form, instructions: str, material: str) -> Reply:
        """One answer, at temperature 0. Closing or cancelling it stops the server's work on it."""
        pieces: list[str] = []
        tokens = 0
        messages = [SystemMessage(instructions), HumanMessage(material)]
        parameters = Parameters(max_tokens=form.max_tokens)
        async with aclosing(self._model(form).stream(messages, parameters)) as chunks:
            async for chunk in chunks:
                pieces.append(str(chunk.text))
                if chunk.usage_metadata is not None:
                    tokens = chunk.usage_metadata["total_tokens"]
        try:
            data = json.loads("".join(pieces))
        except json.JSONDecodeError:
            return Reply(None, tokens)
        return Reply(data if isinstance(data, dict) else None, tokens)

    def _model(self, form: Form) -> ChatModel:
        """A model a form: what the body carries beside the messages is part of a model's configuration."""
        if form.name not in self._models:
            schema = {"name": form.name, "strict": True, "schema": form.schema}
            extra = {**self._config.extra, "response_format": {"type": "json_schema", "json_schema": schema}}
            more = {"extra": extra, "temperature": 0.0, "max_tokens": form.max_tokens}
            self._models[form.name] = ChatModel(self._config.model_copy(update=more))
        return self._models[form.name]

    async def close(self) -> None:
        """Let go of connections."""
        for model in self._models.values():
            await model.close()
