"""Which model answers, where it is, and how it may be asked."""

import re
from ipaddress import ip_address
from typing import Annotated, Any, Final, Literal, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator

Provider = Literal["openai", "azure_openai", "ollama"]
PROVIDERS: Final = ("openai", "azure_openai", "ollama")
OPENAI_URL: Final = "https://api.openai.com/v1"
OLLAMA_URL: Final = "http://127.0.0.1:11434/v1"
# OpenAI's reasoning models answer 400 to any sampling parameter but the default one.
_FIXED_SAMPLING: Final = re.compile(r"^(o\d|gpt-5(?!.*chat))")


class Parameters(BaseModel):
    """How one answer is generated; None leaves it to the deployment's default, or else to the server."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    temperature: float | None = Field(None, ge=0.0, le=2.0)
    top_p: float | None = Field(None, gt=0.0, le=1.0)
    max_tokens: int | None = Field(None, ge=1, le=65_536, description="Longest answer, tokens.")
    stop: tuple[Annotated[str, Field(min_length=1, max_length=100)], ...] | None = Field(None, max_length=4)
    seed: int | None = Field(None, ge=0, le=2**31 - 1)
    presence_penalty: float | None = Field(None, ge=-2.0, le=2.0)
    frequency_penalty: float | None = Field(None, ge=-2.0, le=2.0)


class ModelConfig(BaseModel):
    """One chat model as a deployment configures it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(description="openai:NAME, azure_openai:DEPLOYMENT or ollama:NAME")
    base_url: str | None = Field(None, description="Address up to and with /v1; for Azure, the resource's endpoint.")
    api_key: SecretStr | None = None
    api_version: str | None = Field(None, description="Azure OpenAI's; none: the /openai/v1 interface.")
    context: int | None = Field(
        None, ge=1024, description="Context size, tokens; none: as the server or the name tells."
    )
    temperature: float | None = Field(None, ge=0.0, le=2.0)
    top_p: float | None = Field(None, gt=0.0, le=1.0)
    max_tokens: int = Field(512, ge=1, le=65_536, description="Longest answer, tokens: default and ceiling.")
    timeout: float = Field(60.0, gt=0, description="Longest silence before or between tokens, seconds.")
    connect_timeout: float = Field(10.0, gt=0, description="Longest wait for a connection, seconds.")
    attempts: int = Field(3, ge=1, le=10, description="Tries before the first token.")
    patience: float = Field(30.0, ge=0, description="No further try starts this long after the first, seconds.")
    extra: dict[str, Any] = Field(default_factory=dict, description="More fields for the request's body.")

    @field_validator("name")
    @classmethod
    def _known_provider(cls, value: str) -> str:
        provider, colon, model = value.partition(":")
        if provider not in PROVIDERS or not colon or not model.strip():
            raise ValueError(
                f"the model is {value!r}; it must be one of openai:NAME, azure_openai:DEPLOYMENT, ollama:NAME"
            )
        return value

    @field_validator("base_url")
    @classmethod
    def _http_address(cls, value: str | None) -> str | None:
        if value is None:
            return None
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(
                f"the model's address is {value!r}; it must begin with http:// or https:// and name a host"
            )
        return value.rstrip("/")

    @model_validator(mode="after")
    def _azure_has_an_endpoint(self) -> Self:
        if self.provider == "azure_openai" and self.base_url is None:
            raise ValueError("azure_openai needs the resource's address: https://RESOURCE.openai.azure.com")
        return self

    @property
    def provider(self) -> str:
        return self.name.partition(":")[0]

    @property
    def model(self) -> str:
        """The name that the server knows it by."""
        return self.name.partition(":")[2]

    @property
    def url(self) -> str:
        """The interface's address, up to and with /v1 (for Azure with an API version: the endpoint)."""
        if self.provider == "azure_openai":
            endpoint = (self.base_url or "").removesuffix("/openai/v1").removesuffix("/openai")
            return endpoint if self.api_version else f"{endpoint}/openai/v1"
        return self.base_url or (OLLAMA_URL if self.provider == "ollama" else OPENAI_URL)

    @property
    def root(self) -> str:
        """The server's address without /v1: where llama.cpp and Ollama have routes of their own."""
        return self.url.removesuffix("/v1")

    @property
    def is_openai(self) -> bool:
        """Whether this is OpenAI's own service, or Azure's, rather than a server that speaks its language."""
        return self.provider == "azure_openai" or urlsplit(self.url).hostname == "api.openai.com"

    @property
    def is_local(self) -> bool:
        """Whether the server is on this machine: no proxy may come between."""
        host = urlsplit(self.url).hostname or ""
        try:
            return host == "localhost" or ip_address(host).is_loopback
        except ValueError:
            return False

    @property
    def key(self) -> str:
        """The key as the header carries it: the client insists on one, servers without sign-in ignore it."""
        return self.api_key.get_secret_value() if self.api_key is not None else "none"

    def merge(self, request: Parameters | None = None) -> Parameters:
        """The request's parameters over the deployment's; `max_tokens` never above the deployment's."""
        defaults = {"temperature": self.temperature, "top_p": self.top_p, "max_tokens": self.max_tokens}
        asked = request.model_dump(exclude_none=True) if request is not None else {}
        merged = {**defaults, **asked}
        merged["max_tokens"] = min(merged["max_tokens"], self.max_tokens)
        return Parameters.model_construct(**merged)

    @property
    def fixed_sampling(self) -> bool:
        """Whether the model refuses temperature, top_p and penalties."""
        return self.is_openai and _FIXED_SAMPLING.match(self.model) is not None
