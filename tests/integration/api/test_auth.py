"""Signing in with a password: cookies, how they end, whose page may use them, how often one may try."""

import asyncio
from collections.abc import AsyncIterator
from http.cookies import SimpleCookie
from typing import Any

import pytest

from app.settings import Settings
from tests.support.accounts import PASSWORD, browser, execute, make_account, make_key, origin_of, program
from tests.support.running import Client, running

OTHER = "another long password"
DEADLINE = 30.0
"""Seconds, on busy cores."""


@pytest.fixture(scope="module")
async def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"auth": "accounts"})


@pytest.fixture(scope="module")
async def service(settings: Settings) -> AsyncIterator[Client]:
    async with running(settings) as client:
        yield client


async def sign_in(client: Client, login: str, password: str = PASSWORD, **headers: str) -> Any:
    return await client.post("/api/auth/sign-in", json={"login": login, "password": password}, headers=headers)


async def state(client: Client) -> dict[str, Any]:
    told: dict[str, Any] = (await client.get("/api/auth")).json()
    return told


async def test_in_and_out(service: Client, settings: Settings) -> None:
    await make_account(settings, "ada")
    async with browser(service) as client:
        assert (await client.get("/api/me")).status_code == 401
        told = await state(client)
        assert (told["mode"], told["signed_in"], told["login"], told["oidc"]) == ("accounts", False, None, None)
        answer = await sign_in(client, "ada")
        assert answer.status_code == 200
        assert answer.json() == await state(client)
        assert (answer.json()["signed_in"], answer.json()["login"], answer.json()["role"]) == (True, "ada", "member")
        assert (await client.get("/api/me")).json()["name"] == "ada"
        taken = dict(client.cookies)
        assert (await client.post("/api/auth/sign-out")).status_code == 204
        assert not client.cookies
        client.cookies.update(taken)
        assert (await client.get("/api/me")).status_code == 401, "the sign-in has ended, whoever kept the cookie"
        assert (await client.post("/api/auth/sign-out")).status_code == 204


async def test_what_the_cookie_is_like(service: Client, settings: Settings) -> None:
    await make_account(settings, "bea")
    async with browser(service) as client:
        answer = await sign_in(client, "bea")
        [(name, cookie)] = SimpleCookie(answer.headers["set-cookie"]).items()
        assert name == "memocha"
        assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["domain"]) == (True, "lax", "/", "")
        assert not cookie["secure"], "it came in the clear, so it must go that way"
        assert len(cookie.value) == 43
        assert answer.headers["cache-control"] == "no-store"
        [(kept,)] = await execute(
            settings, "SELECT s::text FROM sign_ins s JOIN users u ON u.id = s.user_id WHERE u.login = 'bea'"
        )
        assert cookie.value not in kept, "only a digest is kept"


async def test_by_tls_the_cookie_is_of_this_very_host(service: Client, settings: Settings) -> None:
    """As a proxy tells, that this machine believes; a cookie without the prefix, which any neighbour may have set, is
    not taken then."""
    await make_account(settings, "cyd")
    host = origin_of(service).removeprefix("http://")
    tls = {"x-forwarded-proto": "https", "origin": f"https://{host}"}
    async with browser(service) as client:
        answer = await sign_in(client, "cyd", **tls)
        [(name, cookie)] = SimpleCookie(answer.headers["set-cookie"]).items()
        assert name == "__Host-memocha"
        assert cookie["secure"]
        token = cookie.value
        for sent, status in ((f"__Host-memocha={token}", 200), (f"memocha={token}", 401)):
            client.cookies.clear()
            assert (await client.get("/api/me", headers={**tls, "cookie": sent})).status_code == status
        changed = await client.patch(
            "/api/me", json={}, headers={**tls, "origin": f"http://{host}", "cookie": f"__Host-memocha={token}"}
        )
        assert changed.status_code == 403, "the same host in the clear is another origin"


@pytest.mark.parametrize(
    ("login", "password"),
    [("dot", "wrong wrong wrong"), ("dot", ""), ("nobody", PASSWORD), ("dot' OR 1=1 --", PASSWORD), ("*", PASSWORD)],
)
async def test_wrong_is_wrong(service: Client, settings: Settings, login: str, password: str) -> None:
    if not await execute(settings, "SELECT 1 FROM users WHERE login = 'dot'"):
        await make_account(settings, "dot")
    async with browser(service) as client:
        answer = await sign_in(client, login, password)
        assert answer.status_code == (401 if password else 422)
        assert "set-cookie" not in answer.headers
        if password:
            assert answer.json()["code"] == "wrong_password"
            assert answer.headers["www-authenticate"].startswith("Bearer")


async def test_a_login_is_the_same_however_it_is_written(service: Client, settings: Settings) -> None:
    await make_account(settings, "eve@example.org")
    async with browser(service) as client:
        assert (await sign_in(client, "  Eve@EXAMPLE.org ")).status_code == 200


async def test_a_disabled_account_is_like_none(service: Client, settings: Settings) -> None:
    await make_account(settings, "fay")
    async with browser(service, "fay") as client:
        key = (await make_key(client))["key"]
        await execute(settings, "UPDATE users SET disabled_at = now() WHERE login = 'fay'")
        assert (await client.get("/api/me")).status_code == 401
        assert (await sign_in(client, "fay")).json()["code"] == "wrong_password"
        async with program(service, key) as other:
            assert (await other.get("/api/me")).status_code == 401


async def test_it_ends_by_itself(service: Client, settings: Settings) -> None:
    await make_account(settings, "gil")
    for column, ago in (("last_seen_at", "15 days"), ("expires_at", "1 second")):
        async with browser(service, "gil") as client:
            assert (await client.get("/api/me")).status_code == 200
            await execute(settings, f"UPDATE sign_ins SET {column} = now() - interval '{ago}'")
            assert (await client.get("/api/me")).status_code == 401
    assert await execute(settings, "SELECT 1 FROM sign_ins WHERE last_seen_at < now() - interval '14 days'")
    async with browser(service, "gil"):
        left = await execute(
            settings, "SELECT count(*) FROM sign_ins s JOIN users u ON u.id = s.user_id WHERE u.login = 'gil'"
        )
        assert left == [(1,)], "what ended goes with the next"


async def test_being_seen_puts_the_end_off(service: Client, settings: Settings) -> None:
    await make_account(settings, "hal")
    async with browser(service, "hal") as client:
        await execute(settings, "UPDATE sign_ins SET last_seen_at = now() - interval '13 days'")
        assert (await client.get("/api/me")).status_code == 200
        fresh = "SELECT last_seen_at > now() - interval '1 minute' FROM sign_ins ORDER BY created_at DESC LIMIT 1"
        assert await execute(settings, fresh) == [(True,)]


async def test_signing_in_again_ends_what_was_there(service: Client, settings: Settings) -> None:
    await make_account(settings, "ida")
    await make_account(settings, "ivo")
    async with browser(service, "ida") as client:
        before = dict(client.cookies)
        assert (await sign_in(client, "ivo")).status_code == 200
        assert dict(client.cookies) != before, "never the same cookie for another sign-in"
        client.cookies.clear()
        client.cookies.update(before)
        assert (await client.get("/api/me")).status_code == 401


async def test_sign_ins_are_seen_and_ended(service: Client, settings: Settings) -> None:
    await make_account(settings, "jan")
    await make_account(settings, "jo")
    async with (
        browser(service, "jan") as one,
        browser(service, "jan") as two,
        browser(service, "jan") as three,
        browser(service, "jo") as stranger,
    ):
        listed = (await one.get("/api/auth/sign-ins")).json()["items"]
        assert [each["current"] for each in listed].count(True) == 1
        assert len(listed) == 3
        assert {each["way"] for each in listed} == {"password"}
        [mine] = (await stranger.get("/api/auth/sign-ins")).json()["items"]
        other = next(each for each in (await two.get("/api/auth/sign-ins")).json()["items"] if each["current"])
        assert (await stranger.delete(f"/api/auth/sign-ins/{other['id']}")).status_code == 404
        assert (await one.delete(f"/api/auth/sign-ins/{other['id']}")).json() == {"sign_ins": 1}
        assert (await two.get("/api/me")).status_code == 401
        assert (await one.delete("/api/auth/sign-ins")).json() == {"sign_ins": 1}
        assert (await three.get("/api/me")).status_code == 401
        assert (await one.get("/api/me")).status_code == 200
        assert (await stranger.get("/api/me")).status_code == 200
        assert mine["current"]


async def test_a_new_password_ends_the_other_sign_ins(service: Client, settings: Settings) -> None:
    await make_account(settings, "kim")
    async with browser(service, "kim") as one, browser(service, "kim") as two:
        key = (await make_key(one))["key"]
        for old, new, status in (
            ("not the old one", OTHER, 401),
            (PASSWORD, "too short", 422),
            (PASSWORD, "x" * 257, 422),
            (PASSWORD, "aaaaaaaaaaaa", 422),
            (PASSWORD, "kim kim12345"[:10], 422),
            (PASSWORD, PASSWORD, 422),
        ):
            answer = await one.post("/api/auth/password", json={"old": old, "new": new})
            assert answer.status_code == status, new
        assert (await two.get("/api/me")).status_code == 200
        assert (await one.post("/api/auth/password", json={"old": PASSWORD, "new": OTHER})).status_code == 204
        assert (await one.get("/api/me")).status_code == 200
        assert (await two.get("/api/me")).status_code == 401
        async with program(service, key) as by_key:
            assert (await by_key.get("/api/me")).status_code == 200
            refused = await by_key.post("/api/auth/password", json={"old": OTHER, "new": PASSWORD})
            assert refused.status_code == 403
    async with browser(service) as client:
        assert (await sign_in(client, "kim")).status_code == 401
        assert (await sign_in(client, "kim", OTHER)).status_code == 200


async def test_a_password_that_another_set_is_changed_first(service: Client, settings: Settings) -> None:
    await make_account(settings, "lou", chosen=False)
    async with browser(service, "lou") as client:
        assert (await state(client))["must_change_password"]
        for method, path in (
            ("GET", "/api/me"),
            ("GET", "/api/memories"),
            ("GET", "/api/export"),
            ("GET", "/api/keys"),
        ):
            answer = await client.request(method, path)
            assert (answer.status_code, answer.json()["code"]) == (403, "password_change_needed"), path
        assert (await client.post("/api/auth/password", json={"old": PASSWORD, "new": OTHER})).status_code == 204
        assert not (await state(client))["must_change_password"]
        assert (await client.get("/api/me")).status_code == 200


async def test_only_pages_of_ours_change_something(service: Client, settings: Settings) -> None:
    await make_account(settings, "mia")
    async with browser(service, "mia") as client:
        del client.headers["origin"]
        own = origin_of(service)
        for headers, status in (
            ({}, 403),
            ({"origin": "null"}, 403),
            ({"origin": "https://elsewhere.example"}, 403),
            ({"origin": own.replace("http://", "https://")}, 403),
            ({"sec-fetch-site": "cross-site"}, 403),
            ({"sec-fetch-site": "same-site"}, 403),
            ({"sec-fetch-site": "none"}, 403),
            ({"sec-fetch-site": "same-origin"}, 200),
            ({"origin": own}, 200),
        ):
            answer = await client.patch("/api/me", json={"about_me": str(headers)}, headers=headers)
            assert answer.status_code == status, headers
            told = (await client.get("/api/me")).json()["about_me"]
            assert (told == str(headers)) is (status == 200)
        refused = await client.post("/api/auth/sign-out")
        assert refused.status_code == 403
        assert (await client.get("/api/me")).status_code == 200


async def test_a_page_of_another_origin_signs_nobody_in(settings: Settings) -> None:
    """Also where it may call: it has a key, and no cookie."""
    await make_account(settings, "ned")
    allowed = settings.model_copy(update={"cors_origins": ["https://chat.example"]})
    async with running(allowed) as service, browser(service) as client:
        for origin in ("https://chat.example", "https://elsewhere.example"):
            answer = await sign_in(client, "ned", origin=origin)
            assert answer.status_code == 403
            assert "set-cookie" not in answer.headers
        assert (await sign_in(client, "ned")).status_code == 200
        refused = await client.patch("/api/me", json={}, headers={"origin": "https://chat.example"})
        assert refused.status_code == 403


async def test_a_wrong_key_is_not_made_good_by_a_cookie(service: Client, settings: Settings) -> None:
    await make_account(settings, "ole")
    async with browser(service, "ole") as client:
        for header in ("Bearer mem_wrong", "Basic b2xlOng=", "Bearer", "", "Bearer mem_" + "x" * 5_000):
            assert (await client.get("/api/me", headers={"authorization": header})).status_code == 401


async def test_guessing_is_slowed_down(service: Client, settings: Settings) -> None:
    await make_account(settings, "pia")
    far = {"x-forwarded-for": "203.0.113.7"}
    async with browser(service) as client:
        for _ in range(10):
            assert (await sign_in(client, "pia", "guess guess guess", **far)).status_code == 401
        answer = await sign_in(client, "pia", **far)
        assert (answer.status_code, answer.json()["code"]) == (429, "too_many_attempts"), "the right one as well"
        assert 1 <= int(answer.headers["retry-after"]) <= 15 * 60
        assert 'memocha_sign_ins_total{outcome="too many"}' in (await client.get("/metrics")).text
        elsewhere = {"x-forwarded-for": "198.51.100.7"}
        assert (await sign_in(client, "pia", **elsewhere)).status_code == 200, "its owner is not kept out"
        assert (await sign_in(client, "qed", "guess guess", **far)).status_code == 401, "others at the address neither"


async def test_follow_events_no_more(service: Client, settings: Settings) -> None:
    await make_account(settings, "rue")
    async with (
        browser(service, "rue") as client,
        browser(service, "rue") as other,
        other.stream("GET", "/api/events") as events,
    ):
        lines = events.aiter_lines()
        async for line in lines:
            if line.startswith("event: hello"):
                break
        assert (await client.delete("/api/auth/sign-ins")).status_code == 200
        async with asyncio.timeout(DEADLINE):
            async for _ in lines:
                pass
        assert (await other.get("/api/events")).status_code == 401
