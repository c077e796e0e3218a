"""Accounts and keys from the command line: the first admin in the database, the rest over HTTP."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.cli.exits import ExitCode
from app.db.ids import LOCAL_USER_ID
from app.db.migrate import migrate
from app.settings import Settings
from tests.support.accounts import PASSWORD, browser, execute, program
from tests.support.command import Command
from tests.support.embedded import MiniLm, models_dir
from tests.support.model_server import ModelServer
from tests.support.running import Client, running


@pytest.fixture(scope="module")
async def settings(module_database_url: str, minilm_files: MiniLm) -> AsyncIterator[Settings]:
    await migrate(module_database_url)
    async with ModelServer() as model_server:
        yield Settings(
            _env_file=None,  # type: ignore[call-arg]
            auth="accounts",
            index="pgvector",
            database_url=module_database_url,
            models_dir=models_dir(),
            data_dir=Path("/nonexistent"),
            llm="openai:scripted",
            llm_base_url=model_server.base_url,
        )


@pytest.fixture(scope="module")
async def service(settings: Settings) -> AsyncIterator[Client]:
    async with running(settings) as client:
        yield client


@pytest.fixture
def here(settings: Settings, service: Client, tmp_path: Path) -> Command:
    """On the machine of the service."""
    assert settings.database_url is not None
    url = settings.database_url.get_secret_value()
    known = {"MEMOCHA_AUTH": "accounts", "MEMOCHA_DATABASE_URL": url, "MEMOCHA_URL": str(service.base_url)}
    return Command(tmp_path, known)


@pytest.fixture
def away(service: Client, tmp_path: Path) -> Command:
    """On another machine, whose settings know nothing of accounts."""
    return Command(tmp_path, {"MEMOCHA_URL": str(service.base_url)})


async def test_the_first_admin_and_a_key(here: Command, away: Command, service: Client, settings: Settings) -> None:
    made = await here("user", "create", "Root@example.org", "--admin", "--json")
    assert made.code == ExitCode.DONE
    told = made.document
    assert (told["login"], told["role"]) == ("root@example.org", "admin")
    async with browser(service, "root@example.org", told["one_time_password"]) as client:
        assert (await client.get("/api/users")).json()["code"] == "password_change_needed"
    again = await here("user", "create", "root@EXAMPLE.org", "--json")
    assert (again.code, again.problem["code"]) == (ExitCode.INVALID, "login_taken")

    refused = await away("key", "create", "laptop", "--login", "root@example.org", said=told["one_time_password"])
    assert refused.code == ExitCode.REFUSED
    assert "Choose a password of your own first." in refused.err

    changed = await here("user", "password", "root@example.org", "--stdin", said=f"{PASSWORD}\n")
    assert (changed.code, changed.out) == (ExitCode.DONE, "root@example.org: admin\n")
    wrong = await away("key", "create", "laptop", "--login", "root@example.org", said="not the password\n")
    assert (wrong.code, wrong.out) == (ExitCode.REFUSED, "")
    assert "The login or the password is wrong." in wrong.err

    scopes = ["--scope", "account", "--scope", "users", "--scope", "chat"]
    key = await away("key", "create", "laptop", *scopes, "--login", "root@example.org", said=PASSWORD)
    assert key.code == ExitCode.DONE, key.err
    assert await execute(settings, "SELECT 1 FROM sign_ins") == [], "it signs out again"
    secret = key.out.strip()
    async with program(service, secret) as client:
        assert (await client.get("/api/me")).status_code == 200

    # A key of one's own stands where the service's key does without accounts.
    mine = {"MEMOCHA_API_KEY": secret}
    listed = await here("user", "list", **mine)
    assert listed.out.splitlines()[0].endswith("\tadmin\t-\troot@example.org")
    second = (await away("key", "create", "script", "--scope", "chat", "--days", "7", "--json", **mine)).document
    assert second["expires_at"]
    rows = (await away("key", "list", "--json", **mine)).lines
    assert [(row["name"], row["current"]) for row in rows] == [("script", False), ("laptop", True)]
    gone = await away("key", "revoke", second["id"], **mine)
    assert (gone.code, gone.out) == (ExitCode.DONE, f"{second['id']}: revoked.\n")
    assert (await away("key", "revoke", second["id"], **mine)).code == ExitCode.NOT_FOUND
    assert len((await away("key", "list", **mine)).out.splitlines()) == 1
    keyless = await away("key", "list")
    assert keyless.code == ExitCode.REFUSED
    assert "Set MEMOCHA_API_KEY to one of your keys" in keyless.err
    beyond = await away("key", "create", "x", "--scope", "memories:read", "--json", **mine)
    assert (beyond.code, beyond.problem["code"]) == (ExitCode.REFUSED, "out_of_scope")


async def test_what_was_said_alone_goes_to_somebody(here: Command, service: Client, settings: Settings) -> None:
    made = await here("user", "create", "ada", "--local", "--stdin", said=PASSWORD)
    assert (made.code, made.out) == (ExitCode.DONE, "ada: member\n")
    assert await execute(settings, "SELECT login FROM users WHERE id = %s", LOCAL_USER_ID) == [("ada",)]
    async with browser(service, "ada") as client:
        assert (await client.get("/api/me")).json()["id"] == str(LOCAL_USER_ID)
    assert (await here("user", "create", "bob", "--local")).code == ExitCode.INVALID


async def test_what_is_refused(here: Command, away: Command, settings: Settings) -> None:
    for words, said, code in (
        (["user", "create", "two words"], "", ExitCode.INVALID),
        (["user", "create", "carl", "--stdin"], "short\n", ExitCode.INVALID),
        (["user", "create"], "", ExitCode.USAGE),
        (["user", "password", "nobody"], "", ExitCode.NOT_FOUND),
        (["key", "create", "--scope", "chat"], "", ExitCode.USAGE),
    ):
        ended = await here(*words, said=said)
        assert (ended.code, ended.out) == (code, ""), words
        assert ended.err
    assert await execute(settings, "SELECT 1 FROM users WHERE login = 'carl'") == []
    nowhere = await away("user", "create", "carl")
    assert nowhere.code == ExitCode.USAGE
    assert "MEMOCHA_DATABASE_URL is not set" in nowhere.err
    off = await here("user", "create", "dora", MEMOCHA_AUTH="auto")
    assert off.code == ExitCode.DONE
    assert "nobody signs in" in off.err
