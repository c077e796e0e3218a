"""What a deployment must not run with. All of it is said at once, so that it can be mended at once."""

from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from app.roles import KEY_PREFIX

if TYPE_CHECKING:
    from pydantic import SecretStr

    from app.settings import Settings

KEY_LENGTH = 16
DIFFERENT = 8
"""Characters that differ in the shortest key that looks as if it were made by chance: hexadecimal has 16 to choose
from, and 16 of them hold fewer than 8 different ones once in 500 keys; 48, as the hint makes them, never."""
WEAK = frozenset(
    {"", "admin", "changeme", "change-me", "default", "memocha", "milvus", "minioadmin", "password", "postgres", "root",
     "secret", "test", "example"}
)  # fmt: skip
"""What documentation and images come with, in lower case."""
MAKE_ONE = "make one with: openssl rand -hex 24"


def faults(settings: "Settings") -> Iterator[str]:
    """What is wrong with how the settings fit together, none of them telling a secret."""
    key = _said(settings.api_key)
    if key is not None and len(key) < KEY_LENGTH:
        yield f"MEMOCHA_API_KEY is shorter than {KEY_LENGTH} characters; {MAKE_ONE}"
    # What runs on this machine costs nobody anything, and the embedded model has no name that anyone could know.
    if (settings.usd_per_month or settings.total_usd_per_month) and not _is_here(settings.llm_base_url):
        for model in filter(None, (settings.llm, *settings.llm_fallbacks)):
            if model not in settings.prices and model.partition(":")[2] not in settings.prices:
                yield (
                    f"there is a budget in USD, and MEMOCHA_PRICES has no price of {model}: nobody could tell what it "
                    "costs. For a model of your own it is [0, 0]."
                )
    yield from _with_accounts(settings)
    if settings.environment == "production":
        yield from _in_production(settings)


def _with_accounts(settings: "Settings") -> Iterator[str]:
    key = _said(settings.api_key)
    if settings.auth == "accounts" and key is not None and not key.startswith(KEY_PREFIX):
        yield (
            "MEMOCHA_AUTH is accounts, and MEMOCHA_API_KEY is a key for everyone, which there is not then. Take it "
            f"away, or put a key of your own there ({KEY_PREFIX}...): commands on this machine send it."
        )
    if settings.oidc_issuer is not None:
        needed = {"MEMOCHA_OIDC_CLIENT_ID": settings.oidc_client_id, "MEMOCHA_PUBLIC_URL": settings.public_url}
        lacking = [name for name, value in needed.items() if value is None]
        if settings.auth != "accounts":
            lacking.append("MEMOCHA_AUTH=accounts")
        if lacking:
            yield f"MEMOCHA_OIDC_ISSUER is set, which needs {' and '.join(lacking)} too."


def _in_production(settings: "Settings") -> Iterator[str]:
    if "*" in settings.cors_origins:
        yield "MEMOCHA_CORS_ORIGINS is * in production; name the origins."
    if "*" in settings.allowed_hosts:
        yield "MEMOCHA_ALLOWED_HOSTS is * in production; name the hosts."
    for origin in settings.cors_origins:
        if origin.startswith("http://"):
            yield f"MEMOCHA_CORS_ORIGINS has {origin} in production; what is said would go there in the clear."
    if settings.auth == "accounts" and not (settings.public_url or "").startswith("https://"):
        yield (
            "MEMOCHA_AUTH is accounts in production, and MEMOCHA_PUBLIC_URL is not https://...: passwords and cookies "
            "would go in the clear. Set it to the address that browsers call."
        )
    key = _said(settings.api_key)
    if key is not None and len(key) >= KEY_LENGTH and _is_weak(key):
        yield f"MEMOCHA_API_KEY can be guessed; {MAKE_ONE}"
    for name, url in (("DATABASE", settings.database_url), ("PGVECTOR", settings.pgvector_url)):
        if url is not None and _has_default_password(url.get_secret_value()):
            yield f"MEMOCHA_{name}_URL has a password that images come with, or none; {MAKE_ONE}"
    token = _said(settings.milvus_token)
    if token is not None and token.partition(":")[2].lower() in WEAK and ":" in token:
        yield f"MEMOCHA_MILVUS_TOKEN has a password that images come with; {MAKE_ONE}"


def _is_here(url: str | None) -> bool:
    return url is not None and urlsplit(url).hostname in ("127.0.0.1", "localhost", "::1")


def _has_default_password(url: str) -> bool:
    """Whether anyone can guess it. A socket, or a client certificate, goes without a password."""
    parts = urlsplit(url)
    if not parts.hostname or "sslcert=" in parts.query or "passfile=" in parts.query:
        return False
    return unquote(parts.password or "").lower() in WEAK


def _is_weak(key: str) -> bool:
    return len(set(key)) < DIFFERENT or any(word in key.lower() for word in ("changeme", "change-me", "example"))


def _said(secret: "SecretStr | None") -> str | None:
    return secret.get_secret_value() if secret is not None else None
