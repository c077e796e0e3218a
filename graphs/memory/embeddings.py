"""Embedders behind an address: OpenAI's, and any server that speaks like it."""

import asyncio
from collections.abc import Sequence

import numpy as np
import openai
from langchain_openai import OpenAIEmbeddings
from pydantic import SecretStr

from graphs.errors import EmbedderRefused, EmbedderUnavailable
from graphs.memory.index import Vector
from graphs.policies import verdicts
from graphs.policies.breaker import Breaker
from graphs.policies.verdicts import refuses

DIMENSIONS = {"text-embedding-3-small": 1536, "text-embedding-3-large": 3072, "text-embedding-ada-002": 1536}
BATCH = 32
"""Texts in one request: what text-embeddings-inference takes at the most, as it comes."""
TIMEOUT = 20.0
"""Seconds for one request."""
ATTEMPTS = 2
LONGEST = 8_000
"""Characters of a text that a server gets to see: memories are far shorter, a pasted question may be longer."""


def embedder_breaker() -> Breaker:
    """For questions to an embedder behind an address."""
    return Breaker(
        "embedder",
        judge=verdicts.of_embedder,
        refusal=lambda again_in: EmbedderUnavailable(
            f"it failed several times in a row; asked again in {again_in:.1f} s"
        ),
    )


class OpenAIEmbedder:
    """`Embedder` over LangChain's OpenAI embeddings. `dimensions` of a model that is not OpenAI's are asked for once,
    by `connect`."""

    def __init__(
        self,
        model: str,
        *,
        base_url: str | None = None,
        api_key: SecretStr | None = None,
        dimensions: int | None = None,
        timeout: float = TIMEOUT,
        attempts: int = ATTEMPTS,
        patience: float | None = None,
    ) -> None:
        """`timeout`: seconds for one request; `attempts`: tries of one, the first included. `patience`: seconds for a
        question, tries and all; None: what the tries take."""
        self.name = f"openai:{model}" if base_url is None else f"http:{model}"
        self.dimensions = dimensions or DIMENSIONS.get(model, 0)
        # Not measured: models spread their similarities so differently that a borrowed bound would hide what matters.
        self.relevant_from = 0.0
        self._patience = patience
        self.breaker = embedder_breaker()
        """For questions alone: who embeds documents waits in the background, and comes back."""
        self._model = OpenAIEmbeddings(
            model=model,
            openai_api_base=base_url,
            # A server without keys still has the client insist on one.
            openai_api_key=api_key or (SecretStr("none") if base_url else None),
            request_timeout=timeout,
            max_retries=attempts - 1,
            # Other servers take text, not OpenAI's token numbers.
            check_embedding_ctx_length=base_url is None,
            chunk_size=BATCH,
        )

    @classmethod
    def from_setting(
        cls,
        setting: str,
        *,
        base_url: str | None = None,
        api_key: SecretStr | None = None,
        patience: float | None = None,
    ) -> "OpenAIEmbedder":
        """From `openai:NAME`, or `http:URL` with the model's name after a `#` (`http://host:8080/v1#bge-m3`), or
        `openai:NAME` with a `base_url`."""
        if setting.startswith("openai:"):
            model = setting.removeprefix("openai:")
            return cls(model, base_url=base_url, api_key=api_key, patience=patience)
        url, _, model = setting.partition("#")
        if not url.startswith(("http://", "https://")):
            url = url.removeprefix("http:")
        return cls(model or "default", base_url=url, api_key=api_key, patience=patience)

    async def connect(self) -> None:
        """Learn the dimensions where they are not known yet. Raises `EmbedderUnavailable`."""
        if not self.dimensions:
            self.dimensions = (await self._ask(["dimensions"])).shape[1]

    async def embed_documents(self, texts: Sequence[str]) -> Vector:
        """(n, dimensions) float32, rows of length 1. Raises `EmbedderUnavailable`."""
        if not texts:
            return np.empty((0, self.dimensions), dtype=np.float32)
        vectors = await self._ask(texts)
        if vectors.shape[1] != self.dimensions:
            raise EmbedderUnavailable(
                f"{self.name} gave {vectors.shape[1]} dimensions where it gave {self.dimensions} before"
            )
        return _unit(vectors)

    async def embed_query(self, text: str) -> Vector:
        """(dimensions,) float32, of length 1. Raises `EmbedderUnavailable`."""
        with self.breaker.calling():
            try:
                async with asyncio.timeout(self._patience):
                    vector: Vector = (await self.embed_documents([text]))[0]
            except TimeoutError as error:
                raise EmbedderUnavailable(f"embedding by {self.name}: silent for {self._patience:g} s") from error
        return vector

    async def _ask(self, texts: Sequence[str]) -> Vector:
        """(n, dimensions) float32."""
        try:
            answer = await self._model.aembed_documents([text[:LONGEST] for text in texts])
            vectors: Vector = np.asarray(answer, dtype=np.float32)
        except openai.APIStatusError as error:
            kind = EmbedderRefused if refuses(error.status_code) else EmbedderUnavailable
            raise kind(f"embedding by {self.name}: {type(error).__name__}") from error
        except openai.OpenAIError as error:
            raise EmbedderUnavailable(f"embedding by {self.name}: {type(error).__name__}") from error
        except (KeyError, TypeError, ValueError) as error:
            raise EmbedderUnavailable(f"embedding by {self.name}: the answer is no list of vectors") from error
        if vectors.ndim != 2 or len(vectors) != len(texts) or not np.isfinite(vectors).all():
            raise EmbedderUnavailable(f"embedding by {self.name}: the answer is no list of {len(texts)} vectors")
        return vectors


def _unit(vectors: Vector) -> Vector:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit: Vector = vectors / np.maximum(lengths, 1e-12)
    return unit
