"""The table of policies is what the calls are made with, and the page has it."""

import pytest
from pydantic import SecretStr

from app import policies as table
from app.chat.models import configs
from app.memory import milvus_config, open_embedder, open_reranker, pgvector_config
from app.policies import PAGE, policies
from app.rewriting import open_rewriting
from app.security import oidc
from app.settings import Settings
from graphs.memory.embeddings import OpenAIEmbedder
from graphs.memory.recall import index_breaker
from graphs.models.guarded import model_breaker
from graphs.policies.policy import Policy


@pytest.fixture
def settings() -> Settings:
    """Other values than there are by default."""
    return Settings(
        _env_file=None,  # type: ignore[call-arg]
        database_url=SecretStr("postgresql://memocha@127.0.0.1/none"),
        milvus_uri="http://127.0.0.1:9",
        llm="openai:one",
        llm_base_url="http://127.0.0.1:9/v1",
        llm_fallbacks=["openai:two"],
        llm_timeout=17,
        llm_attempts=4,
        embeddings="http://127.0.0.1:9/v1#any",
        recall_deadline=3,
        reranker="http://127.0.0.1:9",
        reranker_deadline=0.7,
        rewrite="on",
        rewrite_deadline=1.1,
    )


def row(settings: Settings, dependency: str, operation: str) -> Policy:
    [found] = [each for each in policies(settings) if (each.dependency, each.operation) == (dependency, operation)]
    return found


def test_the_page_is_current() -> None:
    text = PAGE.read_text()
    assert text == table.page(text, policies(Settings.model_construct())), "run: python -m app.policies"
    assert "| chat model | answering | 60 s | 3 | 30 s | 3 in a row, 5 s |" in text


def test_models_are_asked_by_it(settings: Settings) -> None:
    for config, dependency in zip(configs(settings), ("chat model", "fallback models"), strict=True):
        policy = row(settings, dependency, "answering")
        assert (policy.timeout, policy.attempts, policy.patience) == (config.timeout, config.attempts, config.patience)
        assert (policy.timeout, policy.attempts) == (17, 4)
        assert policy.breaker == model_breaker(config.name).trip


async def test_memory_is_asked_by_it(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    async def connect(self: OpenAIEmbedder) -> None:
        self.dimensions = 2

    monkeypatch.setattr(OpenAIEmbedder, "connect", connect)
    embedder = await open_embedder(settings)
    assert isinstance(embedder, OpenAIEmbedder)
    questions, memories = (row(settings, "embedder behind an address", each) for each in ("questions", "memories"))
    assert embedder._patience == questions.patience == pytest.approx(2.7)
    assert questions.breaker == embedder.breaker.trip
    assert embedder._model.request_timeout == memories.timeout
    assert embedder._model.max_retries + 1 == memories.attempts == questions.attempts
    for engine, config in (("Milvus", milvus_config(settings)), ("pgvector", pgvector_config(settings))):
        searching = row(settings, engine, "searching")
        assert (searching.patience, searching.breaker) == (settings.recall_deadline, index_breaker().trip)
        assert row(settings, engine, "writing, forgetting").timeout == config.timeout


async def test_what_is_optional_is_asked_by_it(settings: Settings) -> None:
    async with open_reranker(settings) as reranker, open_rewriting(settings) as rewriting:
        assert reranker is not None
        assert rewriting is not None
        ordering, completing = (
            row(settings, "reranker", "ordering memories"),
            row(settings, "chat model", "completing follow-ups"),
        )
        assert (
            (ordering.timeout, ordering.breaker)
            == (reranker._deadline, reranker.breaker.trip)
            == (0.7, ordering.breaker)
        )
        assert (completing.timeout, completing.breaker) == (rewriting._deadline, rewriting.breaker.trip)
        assert completing.timeout == 1.1


def test_the_provider_is_asked_by_it(settings: Settings) -> None:
    assert row(settings, "OpenID Connect provider", "signing in").timeout == oidc.TIMEOUT
