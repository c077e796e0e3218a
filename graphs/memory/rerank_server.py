"""A reranker behind an address: the `/rerank` of Cohere, Jina, llama.cpp, vLLM or text-embeddings-inference."""

from collections.abc import Sequence

import httpx
import numpy as np
import stamina
from pydantic import BaseModel, SecretStr, TypeAdapter, ValidationError

from graphs.errors import RerankerRefused, RerankerUnavailable
from graphs.memory.index import Vector
from graphs.memory.rerank import QUESTION_LONGEST, chance
from graphs.policies.verdicts import refuses

SAYS_SOMETHING = frozenset({400, 422})
"""How a server answers what is not of its kind."""
ATTEMPTS = 2
LONGEST = 8_000
"""Characters of a text that a server gets to see."""


class _Result(BaseModel):
    index: int
    relevance_score: float | None = None
    score: float | None = None


class _Results(BaseModel):
    results: list[_Result]


_ANSWER = TypeAdapter[_Results | list[_Result]](_Results | list[_Result])


class RerankServer:
    """`Reranker` behind an address. What kind it is shows in how it takes the first request."""

    def __init__(
        self,
        url: str,
        *,
        model: str = "",
        api_key: SecretStr | None = None,
        timeout: float = 5.0,
        attempts: int = ATTEMPTS,
    ) -> None:
        """`url`: up to and with `/rerank`, or up to what stands before it; `timeout`: seconds for all tries."""
        self.name = model or url
        self._url = url if url.rstrip("/").endswith("/rerank") else f"{url.rstrip('/')}/rerank"
        self._model = model
        self._attempts = attempts
        self._timeout = timeout
        headers = {"Authorization": f"Bearer {api_key.get_secret_value()}"} if api_key else {}
        self._client = httpx.AsyncClient(timeout=timeout, headers=headers)
        self._texts = False
        """Whether it is text-embeddings-inference, which calls documents texts."""
        self._logits = False
        """Whether it was seen to give scores out of 0 to 1."""

    @classmethod
    def from_setting(cls, setting: str, *, api_key: SecretStr | None = None) -> "RerankServer":
        """From `http(s)://HOST/PATH`, with the model's name after a `#` where the server has several."""
        url, _, model = setting.partition("#")
        return cls(url, model=model, api_key=api_key)

    async def score(self, question: str, texts: Sequence[str]) -> Vector:
        if not texts:
            return np.empty(0, dtype=np.float32)
        answer = await self._ask(question[:QUESTION_LONGEST], [text[:LONGEST] for text in texts])
        scores = np.full(len(texts), np.nan, dtype=np.float32)
        for result in answer:
            score = result.relevance_score if result.relevance_score is not None else result.score
            if score is None or not 0 <= result.index < len(texts):
                raise RerankerUnavailable(f"{self._url}: a result without a score, or of no text")
            scores[result.index] = score
        if not np.isfinite(scores).all():
            raise RerankerUnavailable(f"{self._url}: {len(answer)} scores for {len(texts)} texts")
        self._logits = self._logits or bool((scores < 0).any() or (scores > 1).any())
        return chance(scores) if self._logits else scores

    async def close(self) -> None:
        await self._client.aclose()

    async def _ask(self, question: str, texts: list[str]) -> list[_Result]:
        response = await self._post(question, texts)
        if response.status_code in SAYS_SOMETHING and not self._texts:
            self._texts = True
            response = await self._post(question, texts)
            self._texts = response.is_success
        if not response.is_success:
            raise RerankerRefused(f"{self._url} answered {response.status_code}")
        try:
            answer = _ANSWER.validate_json(response.content)
        except ValidationError as error:
            raise RerankerUnavailable(f"{self._url}: the answer is no list of results") from error
        return answer.results if isinstance(answer, _Results) else answer

    async def _post(self, question: str, texts: list[str]) -> httpx.Response:
        body = (
            {"query": question, "texts": texts, "raw_scores": False, "truncate": True}
            if self._texts
            else {"query": question, "documents": texts, "top_n": len(texts)}
            | ({"model": self._model} if self._model else {})
        )
        try:
            async for attempt in stamina.retry_context(
                on=_worth_another, attempts=self._attempts, timeout=self._timeout, wait_initial=0.1, wait_max=1.0
            ):
                with attempt:
                    response = await self._client.post(self._url, json=body)
                    if response.status_code not in SAYS_SOMETHING:
                        response.raise_for_status()
        except httpx.HTTPStatusError as error:
            kind = RerankerRefused if refuses(error.response.status_code) else RerankerUnavailable
            raise kind(f"{self._url} answered {error.response.status_code}") from error
        except httpx.HTTPError as error:
            raise RerankerUnavailable(f"{self._url}: {type(error).__name__}") from error
        return response


def _worth_another(error: Exception) -> bool:
    if isinstance(error, httpx.HTTPStatusError):
        return error.response.status_code == httpx.codes.TOO_MANY_REQUESTS or error.response.is_server_error
    return isinstance(error, httpx.TransportError)
