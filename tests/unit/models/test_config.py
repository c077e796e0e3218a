import pytest
from pydantic import SecretStr, ValidationError

from graphs.models.config import ModelConfig, Parameters
from graphs.models.context import ContextSize, by_name


@pytest.mark.parametrize(
    ("fields", "url"),
    [
        ({"name": "openai:gpt-4o"}, "https://api.openai.com/v1"),
        ({"name": "ollama:llama3.2:3b"}, "http://127.0.0.1:11434/v1"),
        ({"name": "openai:x", "base_url": "http://gpu:8000/v1/"}, "http://gpu:8000/v1"),
        (
            {"name": "azure_openai:d", "base_url": "https://r.openai.azure.com"},
            "https://r.openai.azure.com/openai/v1",
        ),
        (
            {
                "name": "azure_openai:d",
                "base_url": "https://r.openai.azure.com/",
                "api_version": "2024-10-21",
            },
            "https://r.openai.azure.com",
        ),
    ],
)
def test_where_a_model_is(fields: dict[str, str], url: str) -> None:
    assert ModelConfig(**fields).url == url  # type: ignore[arg-type]


def test_a_name_may_hold_colons() -> None:
    assert ModelConfig(name="ollama:llama3.2:3b").model == "llama3.2:3b"


@pytest.mark.parametrize("name", ["gpt-4o", "openai:", "openai: ", "anthropic:claude", ""])
def test_a_name_that_says_too_little_is_refused(name: str) -> None:
    with pytest.raises(ValidationError, match="must be one of"):
        ModelConfig(name=name)


@pytest.mark.parametrize("url", ["localhost:8000", "ftp://x/v1", "http://"])
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(ValidationError, match="http"):
        ModelConfig(name="openai:x", base_url=url)


def test_azure_needs_an_endpoint() -> None:
    with pytest.raises(ValidationError, match=r"openai\.azure\.com"):
        ModelConfig(name="azure_openai:d")


def test_a_key_is_never_shown() -> None:
    config = ModelConfig(name="openai:x", api_key=SecretStr("hidden-key"))
    assert "hidden-key" not in f"{config!r} {config}"


@pytest.mark.parametrize(
    "values",
    [
        {"temperature": -0.1},
        {"temperature": 2.1},
        {"top_p": 0},
        {"top_p": 1.1},
        {"max_tokens": 0},
        {"max_tokens": 10**9},
        {"stop": ["a"] * 5},
        {"stop": [""]},
        {"seed": -1},
        {"presence_penalty": 3},
        {"frequency_penalty": float("nan")},
        {"anything": 1},
    ],
    ids=str,
)
def test_parameters_have_bounds(values: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Parameters(**values)  # type: ignore[arg-type]


def test_a_request_goes_over_the_deployment_but_not_over_its_ceiling() -> None:
    config = ModelConfig(name="openai:x", temperature=0.3, top_p=0.9, max_tokens=100)
    assert config.merge() == Parameters(temperature=0.3, top_p=0.9, max_tokens=100)
    merged = config.merge(Parameters(temperature=0.0, max_tokens=1000, seed=3))
    assert merged == Parameters(temperature=0.0, top_p=0.9, max_tokens=100, seed=3)
    assert config.merge(Parameters(max_tokens=5)).max_tokens == 5


@pytest.mark.parametrize(
    ("model", "fixed"),
    [
        ("gpt-5", True),
        ("gpt-5-mini", True),
        ("gpt-5-chat-latest", False),
        ("o3-mini", True),
        ("gpt-4o", False),
    ],
)
def test_reasoning_models_take_no_sampling(model: str, fixed: bool) -> None:
    assert ModelConfig(name=f"openai:{model}").fixed_sampling is fixed
    assert not ModelConfig(name=f"openai:{model}", base_url="http://gpu/v1").fixed_sampling


@pytest.mark.parametrize(
    ("model", "tokens"),
    [
        ("gpt-4o-mini", 128_000),
        ("gpt-4", 8_192),
        ("gpt-4.1-nano", 1_047_576),
        ("o1-mini", 128_000),
        ("qwen", None),
    ],
)
def test_context_sizes_by_name(model: str, tokens: int | None) -> None:
    assert by_name(model) == tokens


def test_the_setting_for_the_context_goes_over_the_name() -> None:
    assert ContextSize(ModelConfig(name="openai:gpt-4o", context=9000)).tokens == 9000
    assert ContextSize(ModelConfig(name="ollama:gpt-4o")).source == "guess"


@pytest.mark.parametrize(
    ("url", "local"),
    [
        ("http://127.0.0.1:1/v1", True),
        ("http://localhost/v1", True),
        ("http://[::1]/v1", True),
        ("http://gpu/v1", False),
    ],
)
def test_no_proxy_comes_between_this_machine_and_itself(url: str, local: bool) -> None:
    assert ModelConfig(name="openai:x", base_url=url).is_local is local
