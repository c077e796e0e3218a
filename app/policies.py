"""What is done where a dependency is slow or away: one row an operation, from the settings and the constants that the
calls are made with. docs/trust/faults.md has the table; `python -m app.policies` writes it."""

import re
from pathlib import Path
from typing import Final

from app import redis
from app.db import engine, outlast, watched
from app.jobs import retry, titles
from app.rewriting import ATTEMPTS as REWRITE_ATTEMPTS
from app.settings import Settings
from graphs.memory import embeddings, milvus_store, pgvector_store, rerank_server
from graphs.memory.recall import SILENT
from graphs.models.config import ModelConfig
from graphs.policies.breaker import Trip
from graphs.policies.policy import Policy

PAGE: Final = Path(__file__).parents[1] / "docs" / "trust" / "faults.md"
BEGIN, END = "<!-- policies: made by python -m app.policies -->\n", "<!-- end of policies -->\n"
OIDC_TIMEOUT: Final = 10.0
"""`app.security.oidc.TIMEOUT`, which is loaded only where there is a provider; a test compares."""

DEGRADED: Final = "`degraded` in the `memories` event, with the answer and in `/ready`"


def policies(settings: Settings) -> list[Policy]:
    """Every one, under these settings."""
    return [*_of_models(settings), *_of_memory(settings), *_of_optional(settings), *_of_stores(settings)]


def _of_models(settings: Settings) -> list[Policy]:
    patience = float(ModelConfig.model_fields["patience"].default)
    silence, tries = settings.llm_timeout, settings.llm_attempts
    return [
        Policy(
            "chat model", "answering", silence, tries, patience, Trip(),
            "the next of `MEMOCHA_LLM_FALLBACKS`, at once while its breaker is open; the message is kept",
            "`error` event or 503 `model_unavailable`, with `retry_after` while it is open; `/ready`: `model`",
        ),
        Policy(
            "fallback models", "answering", silence, tries, patience, Trip(),
            "as the chat model",
            "the answer names its model; `/ready`: a row each; `memocha_models_passed_over_total`",
        ),
        Policy(
            "chat model", "titles", silence, tries, patience, None,
            f"the job comes back, {titles.TRIES} times; until then the first words of the chat are its title",
            "nothing: it is a title less",
        ),
        Policy(
            "facts' model", "facts, digests", silence, tries, patience, None,
            "what was said stays unread, and is read later",
            "nothing: facts come later; what was said is recalled as it was said",
        ),
    ]  # fmt: skip


def _of_memory(settings: Settings) -> list[Policy]:
    search = SILENT * settings.recall_deadline
    again = f"the job comes back after 1 to {retry.LONGEST_WAIT:.0f} s, until it is done"
    engines = {"Milvus": milvus_store.TIMEOUT, "pgvector": pgvector_store.TIMEOUT}
    return [
        Policy(
            "embedder behind an address", "questions", search, embeddings.ATTEMPTS, search, Trip(),
            "words alone are searched, in Postgres", f"{DEGRADED}: `embedder`",
        ),
        Policy(
            "embedder behind an address", "memories", embeddings.TIMEOUT, embeddings.ATTEMPTS, None, None,
            again, "nothing: what was said is found by words until it is done",
        ),
        *(
            Policy(
                name, "searching", search, 1, settings.recall_deadline, Trip(),
                "words alone are searched, in Postgres", f"{DEGRADED}: `memory`",
            )
            for name in engines
        ),
        *(
            Policy(name, "writing, forgetting", timeout, None, None, None, again, "`/ready`: `memory`")
            for name, timeout in engines.items()
        ),
    ]  # fmt: skip


def _of_optional(settings: Settings) -> list[Policy]:
    late, hurry = settings.reranker_deadline, settings.rewrite_deadline
    return [
        Policy(
            "reranker", "ordering memories", late, rerank_server.ATTEMPTS, late, Trip(),
            "memories stay in the order without it", "`/ready`: `reranker`; `memocha_reranks_total`",
        ),
        Policy(
            "chat model", "completing follow-ups", hurry, REWRITE_ATTEMPTS, hurry, Trip(),
            "they are looked for with what was said before", "`/ready`: `rewriting`; `memocha_rewrites_total`",
        ),
    ]  # fmt: skip


def _of_stores(settings: Settings) -> list[Policy]:
    del settings  # What they are given is fixed.
    return [
        Policy(
            "Postgres", "a request", engine.STATEMENT_TIMEOUT, 1, None, None,
            "nothing is taken that could not be kept; a silent server's connection is given up after "
            f"{watched.ASK_AFTER + watched.ANSWERS_WITHIN:.0f} s, and one is waited for {engine.POOL_TIMEOUT:.0f} s",
            "503; 507 `storage_full` where there is no space left; `/ready`: 503, `postgres`",
        ),
        Policy(
            "Postgres", "keeping an answer", engine.STATEMENT_TIMEOUT, None, outlast.PATIENCE, None,
            "the run waits, and goes on from its last step; that it failed is kept as soon as it can be",
            "the stream waits; then an `error` event, at once where there is no space left (`storage_full`)",
        ),
        Policy(
            "Redis", "limits, breakers", redis.CONNECT + redis.ANSWER, 2, None, None,
            "each process counts for itself", "`/ready`: `redis`; `memocha_redis_up`",
        ),
        Policy(
            "OpenID Connect provider", "signing in", OIDC_TIMEOUT, 1, None, None,
            "who is signed in stays so; passwords work", "the page to sign in says that it did not work",
        ),
    ]  # fmt: skip


def table(rows: list[Policy]) -> str:
    """As the page has it."""
    head = (
        "| dependency | for | a try | tries | in all | breaker | without it | what is told |\n" + "| --- " * 8 + "|\n"
    )
    return head + "".join(f"{_row(row)}\n" for row in rows)


def _row(row: Policy) -> str:
    cells = (
        row.dependency,
        row.operation,
        f"{row.timeout:g} s",
        str(row.attempts or "until it is back"),
        f"{row.patience:g} s" if row.patience is not None else "",
        f"{row.breaker.failures} in a row, {row.breaker.again_after:g} s" if row.breaker is not None else "",
        row.without,
        row.told,
    )
    return f"| {' | '.join(cells)} |"


def page(text: str, rows: list[Policy]) -> str:
    """The page with the table as it should be."""
    return re.sub(f"{re.escape(BEGIN)}.*?{re.escape(END)}", lambda _: BEGIN + table(rows) + END, text, flags=re.DOTALL)


def main() -> None:
    """Write the table, under the settings that there are by default."""
    PAGE.write_text(page(PAGE.read_text(), policies(Settings.model_construct())))


if __name__ == "__main__":
    main()
