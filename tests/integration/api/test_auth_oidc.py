"""Signing in with an OpenID Connect provider, a real one on loopback that does as it is told."""

import time
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc.jwk import RSAKey
from pydantic import SecretStr

from app.settings import Settings
from tests.support.accounts import browser, execute, make_account
from tests.support.oidc_provider import CLIENT, SECRET, Provider, running_provider
from tests.support.running import Client, running

PUBLIC = "http://chat.example"
"""What browsers are said to call it: the tests' browser goes where the address's path leads, here."""


@pytest.fixture(scope="module")
async def started() -> AsyncIterator[Provider]:
    async with running_provider() as provider:
        yield provider


@pytest.fixture
def provider(started: Provider) -> Provider:
    started.reset()
    return started


@pytest.fixture(scope="module")
async def settings(settings: Settings, started: Provider) -> Settings:
    return settings.model_copy(
        update={
            "auth": "accounts",
            "public_url": PUBLIC,
            "oidc_issuer": started.issuer,
            "oidc_client_id": CLIENT,
            "oidc_client_secret": SecretStr(SECRET),
            "oidc_name": "Example",
        }
    )


@pytest.fixture(scope="module")
async def service(settings: Settings) -> AsyncIterator[Client]:
    async with running(settings) as client:
        yield client


async def go(client: Client) -> str:
    """To the provider's page, and where that sends the browser back to: a path of the service's."""
    there = await client.get("/api/auth/oidc")
    assert there.status_code == 303, there.text
    async with httpx.AsyncClient(trust_env=False) as elsewhere:
        back = urlsplit((await elsewhere.get(there.headers["location"])).headers["location"])
    assert f"{back.scheme}://{back.netloc}" == PUBLIC
    return f"{back.path}?{back.query}"


async def come_back(client: Client, path: str) -> str | None:
    """What the service says of it: a code of a refusal, or None where one is signed in."""
    answer = await client.get(path)
    assert answer.status_code == 303
    to = urlsplit(answer.headers["location"])
    assert not to.netloc, "it leads nowhere else"
    if to.path == "/":
        return None
    assert to.path == "/sign-in"
    assert "memocha" not in client.cookies
    return parse_qs(to.query)["error"][0]


async def who(client: Client) -> str | None:
    told = (await client.get("/api/auth")).json()
    assert told["oidc"] == "Example"
    login: str | None = told["login"]
    return login


async def test_one_whom_an_admin_made_signs_in(service: Client, settings: Settings, provider: Provider) -> None:
    await make_account(settings, "ada@example.org", password=None)
    provider.sign_in_as("1001", "Ada@Example.org")
    async with browser(service) as client:
        assert await who(client) is None
        assert await come_back(client, await go(client)) is None
        assert await who(client) == "ada@example.org"
        [listed] = (await client.get("/api/auth/sign-ins")).json()["items"]
        assert listed["way"] == "oidc"
        asked = provider.asked[-1]
        assert asked["code_challenge_method"] == "S256"
        assert asked["scope"] == "openid email"
        assert min(len(asked[name]) for name in ("state", "nonce", "code_challenge")) >= 43
        assert "memocha-oidc" not in client.cookies, "good for one answer"
    # The address changes there; who it is does not.
    provider.sign_in_as("1001", "ada.new@example.org", verified=False)
    async with browser(service) as client:
        assert await come_back(client, await go(client)) is None
        assert await who(client) == "ada@example.org"


async def test_an_address_of_somebody_new_brings_nothing_of_the_one_before(
    service: Client, settings: Settings, provider: Provider
) -> None:
    await make_account(settings, "info@example.org", password=None)
    provider.sign_in_as("2001", "info@example.org")
    async with browser(service) as client:
        assert await come_back(client, await go(client)) is None
    provider.sign_in_as("2002", "info@example.org")
    async with browser(service) as client:
        assert await come_back(client, await go(client)) == "oidc_taken"


async def test_one_whom_nobody_made(service: Client, settings: Settings, provider: Provider) -> None:
    provider.sign_in_as("3001", "nobody@example.org")
    async with browser(service) as client:
        assert await come_back(client, await go(client)) == "oidc_unknown"
    assert await execute(settings, "SELECT 1 FROM users WHERE login = 'nobody@example.org'") == []
    async with running(settings.model_copy(update={"oidc_sign_up": "on"})) as open_to_all, browser(open_to_all) as new:
        assert await come_back(new, await go(new)) is None
        assert await who(new) == "nobody@example.org"
        assert (await new.get("/api/users")).status_code == 403, "nobody is an admin by signing up"


@pytest.mark.parametrize("email", [None, "eve@example.org"])
async def test_an_address_that_is_not_known_to_be_theirs(
    service: Client, settings: Settings, provider: Provider, email: str | None
) -> None:
    if not await execute(settings, "SELECT 1 FROM users WHERE login = 'eve@example.org'"):
        await make_account(settings, "eve@example.org", password=None)
    provider.sign_in_as("4001", email, verified=False)
    async with browser(service) as client:
        assert await come_back(client, await go(client)) == "oidc_unverified"
    provider.sign_in_as("4001", "eve@example.org", email_verified="true")
    async with browser(service) as client:
        assert await come_back(client, await go(client)) == "oidc_unverified", "a word is no truth"


async def test_a_disabled_one(service: Client, settings: Settings, provider: Provider) -> None:
    await make_account(settings, "fay@example.org", password=None)
    provider.sign_in_as("5001", "fay@example.org")
    async with browser(service) as client:
        assert await come_back(client, await go(client)) is None
        await execute(settings, "UPDATE users SET disabled_at = now() WHERE login = 'fay@example.org'")
        assert await who(client) is None
        client.cookies.clear()
        assert await come_back(client, await go(client)) == "oidc_unknown"


def the(**claims: Any) -> dict[str, Any]:
    return claims


@pytest.mark.parametrize(
    "claims",
    [
        the(nonce="another"),
        the(nonce=None),
        the(aud="another"),
        the(aud="another", azp=CLIENT),
        the(aud=[CLIENT, "another"]),
        the(aud=[CLIENT, "another"], azp="another"),
        the(azp="another"),
        the(iss="https://elsewhere.example"),
        the(exp=int(time.time()) - 3_600),
        the(exp=None),
        the(iat=int(time.time()) + 3_600),
        the(sub=None),
        the(sub=""),
        the(sub=7),
        the(at_hash="another"),
    ],
    ids=lambda claims: (
        "-".join(f"{name}:{str(value)[:10]}" for name, value in claims.items() if name not in ("exp", "iat"))
        or "+".join(claims)
    ),
)
async def test_a_token_that_is_not_for_us_and_now(
    service: Client, settings: Settings, provider: Provider, claims: dict[str, Any]
) -> None:
    if not await execute(settings, "SELECT 1 FROM users WHERE login = 'gus@example.org'"):
        await make_account(settings, "gus@example.org", password=None)
    provider.sign_in_as("6001", "gus@example.org")

    def change(made: dict[str, Any]) -> None:
        for name, value in claims.items():
            if value is None:
                del made[name]
            else:
                made[name] = value

    async with browser(service) as client:
        provider.change = change
        assert await come_back(client, await go(client)) == "oidc_refused"
        provider.reset()
        assert await come_back(client, await go(client)) is None, "but for that it would do"


async def test_a_token_that_the_provider_did_not_sign(service: Client, settings: Settings, provider: Provider) -> None:
    await make_account(settings, "hal@example.org", password=None)
    provider.sign_in_as("7001", "hal@example.org")
    async with browser(service) as client:
        for kid in ("first", "unknown"):
            provider.signs_with = RSAKey.generate_key(2048, {"kid": kid})
            assert await come_back(client, await go(client)) == "oidc_refused"
        provider.reset()
        provider.algorithm = "none"
        assert await come_back(client, await go(client)) == "oidc_refused"
        # A new key of its own is asked for.
        provider.reset()
        provider.key = RSAKey.generate_key(2048, {"kid": "second"})
        assert await come_back(client, await go(client)) is None


async def test_an_answer_to_another_browser(service: Client, settings: Settings, provider: Provider) -> None:
    """Whoever is sent the address of somebody else's answer is not signed in by it."""
    await make_account(settings, "ida@example.org", password=None)
    provider.sign_in_as("8001", "ida@example.org")
    async with browser(service) as one, browser(service) as two:
        path = await go(one)
        assert await come_back(two, path) == "oidc_expired", "it never went there"
        await go(two)
        assert await come_back(two, path) == "oidc_expired", "another state"
        forged = path.replace("state=", "state=x")
        assert await come_back(one, forged) == "oidc_expired"
        assert await come_back(one, path) == "oidc_expired", "one answer, and that was it"


async def test_a_code_is_good_for_once(service: Client, settings: Settings, provider: Provider) -> None:
    await make_account(settings, "jan@example.org", password=None)
    provider.sign_in_as("9001", "jan@example.org")
    async with browser(service) as client:
        path = await go(client)
        kept = dict(client.cookies)
        assert await come_back(client, path) is None
        client.cookies.clear()
        assert await come_back(client, path) == "oidc_expired"
        client.cookies.update(kept)
        assert await come_back(client, path) == "oidc_refused"


async def test_when_the_provider_says_no_or_nothing(settings: Settings, provider: Provider) -> None:
    async with running(settings) as service, browser(service) as client:
        for broken in ({"away": True}, {"calls_itself": "https://elsewhere.example"}):
            for name, value in broken.items():
                setattr(provider, name, value)
            there = await client.get("/api/auth/oidc")
            assert there.headers["location"] == "/sign-in?error=oidc_away"
            provider.reset()
        await go(client)
        state = provider.asked[-1]["state"]
        for answer in (f"error=access_denied&state={state}", f"state={state}"):
            await go(client)
            state = provider.asked[-1]["state"]
            answer = f"{answer.split('state=')[0]}state={state}"
            assert await come_back(client, f"/api/auth/oidc/callback?{answer}") == "oidc_refused"
        await go(client)
        mixed = f"code=x&state={provider.asked[-1]['state']}&iss=https://elsewhere.example"
        assert await come_back(client, f"/api/auth/oidc/callback?{mixed}") == "oidc_refused"
