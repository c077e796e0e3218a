"""Settings, read once from the environment and `.env`, prefix MEMOCHA_."""

import json
import re
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, NonNegativeFloat, SecretStr, ValidationInfo, field_validator, model_validator
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from app.secret_files import SecretFiles
from app.unsafe import faults
from graphs.sensitive import Sensitive

Environment = Literal["development", "production"]
Names = Annotated[list[str], NoDecode]
"""Several words: with commas between, or as JSON."""


FORMS = {
    "facts_model": (r"(openai|azure_openai|ollama):\S", "openai:NAME, azure_openai:DEPLOYMENT or ollama:NAME"),
    "llm": (r"(openai|azure_openai|ollama):\S", "openai:NAME, azure_openai:DEPLOYMENT or ollama:NAME"),
    "llm_base_url": (r"https?://[^/\s]", "http://HOST:PORT/v1"),
    "url": (r"https?://[^/\s]", "http://HOST:PORT"),
    "public_url": (r"https?://[^/\s@?#]+/?$", "https://HOST, without a path"),
    "oidc_issuer": (r"(https://[^/\s@?#]|http://(127\.0\.0\.1|localhost)[:/])", "https://HOST/PATH"),
    "milvus_uri": (r"(https?://[^/\s]|unix:)", "http://HOST:19530"),
    "database_url": (r"postgres(ql)?://", "postgresql://USER:PASSWORD@HOST:5432/DATABASE"),
    "pgvector_url": (r"postgres(ql)?://", "postgresql://USER:PASSWORD@HOST:5432/DATABASE"),
    "redis_url": (r"rediss?://[^/\s]", "redis://:PASSWORD@HOST:6379/0"),
}
"""What an address begins with, and how to say it. Never says the value, which may hold a password."""


class Settings(BaseSettings):
    """All that can be set. What has no URL here is started by `memocha up` as an embedded part."""

    model_config = SettingsConfigDict(
        env_prefix="MEMOCHA_", env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True
    )

    # Service
    environment: Environment = Field(
        "development", description="production refuses what is unsafe, all of it named at once."
    )
    host: str = Field("127.0.0.1", description="Address to listen on. Other than loopback needs a key or accounts.")
    port: int = Field(8000, ge=1, le=65535, description="Port to listen on.")
    api_key: SecretStr | None = Field(
        None, description="The one key that requests must carry; none: local use, or accounts."
    )
    url: str | None = Field(None, description="The service that commands talk to; none: the one of this machine.")
    allowed_hosts: Names = Field(
        default_factory=list,
        description="Host names that requests may name; loopback names always may.",
    )
    cors_origins: Names = Field(default_factory=list, description="Origins whose pages may call.")
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="What is logged, and above.")
    log_format: Literal["auto", "json", "console"] = Field(
        "auto", description="auto: console on a terminal, else JSON."
    )
    commit: str = Field("unknown", description="The commit that this build was made from.")
    web_dir: Path | None = Field(None, description="The web client's build; none: the checkout's or the package's.")

    # Accounts
    auth: Literal["auto", "accounts"] = Field(
        "auto", description="accounts: everyone signs in; auto: one user, by MEMOCHA_API_KEY where it is set."
    )
    public_url: str | None = Field(None, description="What browsers call the service: https://chat.example.org.")
    trusted_proxies: Names = Field(
        default_factory=lambda: ["127.0.0.1"],
        description="Addresses of proxies whose X-Forwarded-For and -Proto are believed.",
    )
    sign_in_days: int = Field(90, ge=1, le=400, description="A browser signs in anew after so long, days.")
    sign_in_idle_days: int = Field(14, ge=1, le=400, description="And after it was not seen for so long, days.")
    oidc_issuer: str | None = Field(None, description="An OpenID Connect provider to sign in with, by its issuer.")
    oidc_client_id: str | None = Field(None, description="What this service is called there.")
    oidc_client_secret: SecretStr | None = Field(None, description="Its secret there; none: a public client.")
    oidc_name: str = Field("single sign-on", max_length=60, description="What the button says.")
    oidc_sign_up: Literal["off", "on"] = Field(
        "off", description="on: an account is made at the first sign-in; off: an admin makes it first."
    )

    # Where things are kept
    data_dir: Path = Field(Path(".memocha"), description="Data of the embedded parts.")
    models_dir: Path = Field(Path("~/.cache/memocha/models"), description="Model weights, shared by all checkouts.")

    # Postgres
    database_url: SecretStr | None = Field(
        None, description="postgresql://user:password@host:5432/database; none: an embedded one."
    )
    database_pool_size: int = Field(10, ge=2, le=200, description="Connections of a process for requests and jobs.")
    checkpoint_pool_size: int = Field(4, ge=1, le=100, description="Connections beside them, for checkpoints.")

    # Redis
    redis_url: SecretStr | None = Field(
        None, description="redis://HOST:6379/0: what processes count and know together; none: each for itself."
    )

    # Memory index
    index: Literal["milvus", "pgvector"] = Field("milvus", description="The engine that memories are searched in.")

    # Milvus
    milvus_uri: str | None = Field(None, description="http://host:19530; none: an embedded one.")
    milvus_token: SecretStr | None = Field(None, description="user:password, or an API key.")
    milvus_collection: str = Field(
        "memories", pattern=r"^[A-Za-z_][A-Za-z0-9_]{0,99}$", description="The alias of the collection in use."
    )
    milvus_index: Literal["FLAT", "HNSW", "AUTOINDEX", "DISKANN"] = Field(
        "FLAT", description="The index of vectors; the embedded engine keeps FLAT."
    )
    milvus_metric: Literal["IP", "COSINE"] = Field("IP", description="The same for vectors of length 1; IP is cheaper.")
    milvus_hnsw_m: int = Field(16, ge=2, le=2048, description="HNSW: neighbours.")
    milvus_hnsw_ef_construction: int = Field(200, ge=8, le=4096, description="HNSW: care with which it is made.")
    milvus_hnsw_ef: int = Field(128, ge=1, le=32_768, description="HNSW: candidates that a search keeps.")
    milvus_diskann_search_list: int = Field(128, ge=1, le=65_535, description="The same of DISKANN.")
    milvus_drop_ratio: float = Field(0.0, ge=0.0, lt=1.0, description="Share of weak words that a search leaves out.")
    milvus_consistency: Literal["Strong", "Session", "Bounded", "Eventually"] = Field(
        "Session", description="How soon what others wrote is found; Session: at once what this process wrote."
    )
    milvus_partition_key: bool | None = Field(None, description="Rows spread by user; none: where it is of use.")
    milvus_shards: int = Field(1, ge=1, le=16, description="Channels that the collection is written through.")
    milvus_replicas: int = Field(1, ge=1, le=32, description="Copies in memory; each needs a query node.")

    # pgvector
    pgvector_url: SecretStr | None = Field(None, description="Another database than MEMOCHA_DATABASE_URL.")
    pgvector_schema: str = Field(
        "memory_index", pattern=r"^[A-Za-z_][A-Za-z0-9_]{0,39}$", description="The schema that holds the index alone."
    )
    pgvector_pool_size: int = Field(8, ge=2, le=200, description="Connections of a process; a search takes two.")
    pgvector_index: Literal["exact", "hnsw"] = Field(
        "exact", description="hnsw: for users of tens of thousands of memories."
    )
    pgvector_hnsw_m: int = Field(16, ge=2, le=100, description="hnsw: neighbours.")
    pgvector_hnsw_ef_construction: int = Field(64, ge=4, le=1000, description="hnsw: care with which it is made.")
    pgvector_hnsw_ef: int = Field(100, ge=1, le=1000, description="hnsw: candidates that a search keeps.")

    # Chat model
    llm: str | None = Field(
        None, description="openai:NAME, azure_openai:DEPLOYMENT, ollama:NAME; none: the embedded one."
    )
    llm_base_url: str | None = Field(None, description="Address of an OpenAI-compatible server, up to and with /v1.")
    llm_api_key: SecretStr | None = Field(None, description="Its key; else OPENAI_API_KEY or AZURE_OPENAI_API_KEY.")
    openai_api_key: SecretStr | None = Field(
        None,
        validation_alias="OPENAI_API_KEY",
        description="The chat model's key, by the name that OpenAI's tools use.",
    )
    azure_openai_api_key: SecretStr | None = Field(
        None, validation_alias="AZURE_OPENAI_API_KEY", description="The same for azure_openai:DEPLOYMENT."
    )
    llm_api_version: str | None = Field(None, description="Azure OpenAI's API version.")
    llm_context: int | None = Field(
        None, ge=1024, description="Context size, tokens; none: as the server or the name tells."
    )
    llm_fallbacks: Names = Field(default_factory=list, description="Models tried in turn when the first is down.")
    temperature: float = Field(0.3, ge=0.0, le=2.0, description="Of answers, where a request names none.")
    top_p: float | None = Field(None, gt=0.0, le=1.0, description="Likewise; none: the server's own.")
    max_tokens: int = Field(512, ge=1, le=65536, description="Longest answer, tokens.")
    prices: Annotated[dict[str, tuple[NonNegativeFloat, NonNegativeFloat]], NoDecode] = Field(
        default_factory=dict, description="By model, USD a million tokens read and written, as JSON."
    )
    llm_timeout: float = Field(
        60.0, gt=0, le=600, description="Longest silence of the model before or between tokens, seconds."
    )
    llm_attempts: int = Field(3, ge=1, le=10, description="Tries before the first token.")
    llm_check: bool = Field(True, description="Ask the model server at start whether it knows the model and the key.")
    local_model: Literal["0.5b", "1.5b"] = Field("0.5b", description="The embedded model, by its parameters.")
    local_model_path: Path | None = Field(None, description="A GGUF file to use in place of the local model.")
    local_model_context: int = Field(8192, ge=2048, le=131072, description="The embedded model's context, tokens.")

    # Memory
    embeddings: str = Field(
        "minilm",
        pattern=r"^(minilm|e5|openai:.+|https?:.+)$",
        description="minilm, e5 for languages beside English, openai:NAME, or http:URL#NAME of a server like OpenAI's.",
    )
    embeddings_threads: int = Field(1, ge=1, le=64, description="Cores for one pass of minilm or e5.")
    embeddings_base_url: str | None = Field(None, description="Another address for openai:NAME.")
    embeddings_api_key: SecretStr | None = Field(None, description="The key for the embeddings' server.")
    recall_k: int = Field(8, ge=1, le=50, description="Memories given to an answer at the most.")
    recall_budget: int = Field(600, ge=50, le=100_000, description="Longest memory block, tokens.")
    recall_deadline: float = Field(2.0, gt=0, le=30, description="Longest wait for memory, seconds; then words alone.")
    rewrite: Literal["off", "on"] = Field("off", description="Have the chat model complete follow-ups before recall.")
    rewrite_deadline: float = Field(1.5, gt=0, le=30, description="Longest wait for that, seconds; then without.")
    reranker: str | None = Field(
        None,
        pattern=r"^(flashrank:ms-marco-(TinyBERT-L-2|MiniLM-L-12)-v2|onnx:.+|https?://[^/\s].*)$",
        description="flashrank:NAME, onnx:FOLDER, or an address of the /rerank kind; none: memories stay as ranked.",
    )
    reranker_api_key: SecretStr | None = Field(None, description="The key for the reranker's server.")
    reranker_deadline: float = Field(0.3, gt=0, le=30, description="Longest wait for it, seconds; then without.")
    reranker_best: int = Field(20, ge=2, le=200, description="How many of the best it reads.")
    citations: Literal["auto", "on", "off"] = Field(
        "auto", description="Number the memories and ask for citations; auto: not with the embedded model."
    )
    window_budget: int | None = Field(
        None, ge=200, description="Longest window, tokens; none: what the context allows."
    )

    # Evaluation
    eval_data: Path | None = Field(None, description="Folder of the public data sets for `memocha eval`.")

    # What is made of what was said
    facts: Literal["auto", "on", "off"] = Field(
        "auto", description="Take facts from what is said; auto: not with the embedded model."
    )
    facts_model: str | None = Field(None, description="The model for it, at the chat model's address; none: that one.")
    facts_pause: float = Field(300.0, ge=1, le=86_400, description="Quiet time after which a session is read, seconds.")
    facts_every: int = Field(6, ge=1, le=1_000, description="Unread messages after which it is read earlier.")
    facts_daily_tokens: int = Field(200_000, ge=0, description="What taking facts may cost each user a day, tokens.")
    titles: Literal["auto", "on", "off"] = Field(
        "auto", description="Have the chat model title sessions; auto: not with the embedded model."
    )
    mask: Annotated[list[Sensitive], NoDecode] = Field(
        default_factory=list,
        description="Replaced in what is said before it is stored: secret, card, iban, email, phone; none: nothing.",
    )
    digests: Literal["on", "off"] = Field("on", description="Write up what each day was about.")

    # Retention
    retention_memories: int = Field(0, ge=0, description="Memories kept of each user at the most; 0: all.")
    retention_days: int = Field(0, ge=0, le=36_500, description="Age at which an episode leaves, days; 0: never.")
    retention_bytes: int = Field(0, ge=0, description="Texts of memories kept of each user, bytes; 0: all.")

    retention_notice: float = Field(
        7.0, ge=0, description="Days for which narrower limits are told to everyone before they hold."
    )

    # Forgetting
    sweep_after: float = Field(
        0.0,
        ge=0,
        description="After a deletion the words leave Postgres' files too, so many minutes later; 0: when `memocha "
        "sweep` is run. `memocha up` takes 10 for the Postgres that it starts.",
    )

    # Jobs and limits
    worker: bool = Field(True, description="Run jobs inside the API process too.")
    worker_concurrency: int = Field(4, ge=1, le=64, description="Jobs at once in one process.")
    message_limit: int = Field(32_000, ge=100, le=1_000_000, description="Longest message, characters.")
    import_limit: int = Field(1024, ge=1, le=65_536, description="Longest import, MiB.")
    run_limit: float = Field(600.0, gt=0, description="Longest run, seconds.")
    requests_per_minute: int | None = Field(
        None, ge=0, description="Requests of a user; 0: any; none: 600, and any where nobody signs in."
    )
    turns_per_minute: int | None = Field(
        None, ge=0, description="Turns of a user that begin; 0: any; none: 60, and any where nobody signs in."
    )
    address_requests_per_minute: int = Field(
        300, ge=0, description="Requests of an address, of those who are not signed in; 0: any."
    )
    runs_per_user: int = Field(0, ge=0, description="Turns of a user that are answered at once; 0: any.")
    tokens_per_day: int = Field(0, ge=0, description="Of a user's answers, prompts included; 0: any.")
    usd_per_month: float = Field(0.0, ge=0, description="The same in money, by MEMOCHA_PRICES; 0: any.")
    total_tokens_per_day: int = Field(0, ge=0, description="Of everyone's answers together; 0: any.")
    total_usd_per_month: float = Field(0.0, ge=0, description="The same in money; 0: any.")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments first, then the environment and `.env`, then the files that these name."""
        del file_secret_settings
        assert isinstance(env_settings, EnvSettingsSource)
        assert isinstance(dotenv_settings, EnvSettingsSource)
        files = SecretFiles(settings_cls, {**dotenv_settings.env_vars, **env_settings.env_vars})
        return init_settings, env_settings, dotenv_settings, files

    @field_validator("allowed_hosts", "cors_origins", "trusted_proxies", "llm_fallbacks", "mask", mode="before")
    @classmethod
    def _listed(cls, value: object) -> object:
        """A list as JSON, or with commas between."""
        if not isinstance(value, str):
            return value
        if value.lstrip().startswith("["):
            return _json(value)
        return [part.strip() for part in value.split(",") if part.strip()]

    @field_validator("prices", mode="before")
    @classmethod
    def _object(cls, value: object) -> object:
        return _json(value) if isinstance(value, str) else value

    @field_validator("data_dir", "models_dir", "local_model_path", "eval_data", "web_dir")
    @classmethod
    def _absolute(cls, value: Path | None) -> Path | None:
        try:
            return value.expanduser().absolute() if value is not None else None
        except RuntimeError:
            raise ValueError("names the home of somebody who is not known here") from None

    @field_validator(
        "llm",
        "facts_model",
        "llm_base_url",
        "url",
        "public_url",
        "oidc_issuer",
        "milvus_uri",
        "database_url",
        "pgvector_url",
        "redis_url",
    )
    @classmethod
    def _of_its_form(cls, value: SecretStr | str | None, info: ValidationInfo) -> SecretStr | str | None:
        text = value.get_secret_value() if isinstance(value, SecretStr) else value
        pattern, form = FORMS[info.field_name or ""]
        if text is not None and not re.match(pattern, text):
            raise ValueError(f"is not of the form {form}")
        return value

    @model_validator(mode="after")
    def _safe(self) -> Self:
        if self.auth == "auto" and self.api_key is None and not is_loopback(self.host):
            raise ValueError(
                f"MEMOCHA_HOST is {self.host}, which others can reach, and no MEMOCHA_API_KEY is set: "
                "anyone could read every memory. Set a key or MEMOCHA_AUTH=accounts, or listen on 127.0.0.1."
            )
        if found := list(faults(self)):
            raise ValueError("\n".join(found))
        return self

    @model_validator(mode="after")
    def _index_fits(self) -> Self:
        if self.milvus_hnsw_ef_construction < self.milvus_hnsw_m:
            raise ValueError("MEMOCHA_MILVUS_HNSW_EF_CONSTRUCTION is below MEMOCHA_MILVUS_HNSW_M; it must not be.")
        if self.pgvector_hnsw_ef_construction < 2 * self.pgvector_hnsw_m:
            raise ValueError(
                "MEMOCHA_PGVECTOR_HNSW_EF_CONSTRUCTION is below twice MEMOCHA_PGVECTOR_HNSW_M; pgvector wants it so."
            )
        return self

    @property
    def index_url(self) -> SecretStr | None:
        """The database that pgvector works in: its own, or the one that everything is kept in."""
        return self.pgvector_url or self.database_url

    @property
    def openai_key(self) -> SecretStr | None:
        """The chat model's key, by its own setting or the variable that OpenAI's tools use."""
        if self.llm_api_key is not None:
            return self.llm_api_key
        return self.azure_openai_api_key if (self.llm or "").startswith("azure_openai:") else self.openai_api_key


def _json(value: str) -> object:
    try:
        return json.loads(value)
    except json.JSONDecodeError as error:
        raise ValueError(f"is no valid JSON: {error.msg} at character {error.pos + 1}") from None
    except RecursionError:
        raise ValueError("is nested too deep") from None


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach a server that listens on `host`."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
