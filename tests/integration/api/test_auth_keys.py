"""Keys of one's own, and accounts as admins see them."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.db.ids import LOCAL_USER_ID
from app.settings import Settings
from tests.support.accounts import ALL, PASSWORD, browser, execute, make_account, make_key, program
from tests.support.event_stream import following
from tests.support.running import Client, running

NEVER = "00000000-0000-7000-8000-000000000009"


@pytest.fixture(scope="module")
async def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"auth": "accounts"})


@pytest.fixture(scope="module")
async def service(settings: Settings) -> AsyncIterator[Client]:
    async with running(settings) as client:
        yield client


@pytest.fixture(scope="module")
async def admin(service: Client, settings: Settings) -> AsyncIterator[Client]:
    await make_account(settings, "root", role="admin")
    async with browser(service, "root") as client:
        yield client


def in_days(days: float) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).isoformat()


async def accounts(admin: Client) -> dict[str, dict[str, Any]]:
    return {each["login"]: each for each in (await admin.get("/api/users")).json()["items"]}


async def test_a_key_is_shown_once(service: Client, settings: Settings) -> None:
    await make_account(settings, "ada")
    async with browser(service, "ada") as client:
        made = await make_key(client, ["chat", "memories:read", "chat"], name="  Laptop ", expires_at=in_days(30))
        assert made["key"].startswith("mem_")
        assert made["key"].startswith(made["hint"])
        assert len(made["hint"]) == 8
        assert made["name"] == "Laptop"
        assert made["scopes"] == ["chat", "memories:read"]
        [listed] = (await client.get("/api/keys")).json()["items"]
        assert listed == {name: value for name, value in made.items() if name != "key"}
        assert listed["last_used_at"] is None
        [(row,)] = await execute(settings, "SELECT k::text FROM api_keys k WHERE id = %s", made["id"])
        assert made["key"] not in row
        async with program(service, made["key"]) as by_key:
            assert (await by_key.get("/api/memories")).status_code == 200
        [used] = (await client.get("/api/keys")).json()["items"]
        assert used["last_used_at"] is not None
        await execute(settings, "UPDATE api_keys SET last_used_at = now() - interval '59 seconds'")
        [before] = await execute(settings, "SELECT last_used_at FROM api_keys WHERE id = %s", made["id"])
        async with program(service, made["key"]) as by_key:
            await by_key.get("/api/memories")
            assert await execute(settings, "SELECT last_used_at FROM api_keys WHERE id = %s", made["id"]) == [before]
            await execute(settings, "UPDATE api_keys SET last_used_at = now() - interval '61 seconds'")
            await by_key.get("/api/memories")
            [after] = await execute(settings, "SELECT last_used_at FROM api_keys WHERE id = %s", made["id"])
        assert after > before


async def test_a_key_is_revoked_by_its_owner_alone(service: Client, settings: Settings) -> None:
    await make_account(settings, "bob")
    await make_account(settings, "eve")
    async with browser(service, "bob") as bob, browser(service, "eve") as eve:
        made = await make_key(bob)
        assert (await eve.delete(f"/api/keys/{made['id']}")).status_code == 404
        async with program(service, made["key"]) as by_key:
            assert (await by_key.get("/api/me")).status_code == 200
            assert (await bob.delete(f"/api/keys/{made['id']}")).status_code == 204
            assert (await by_key.get("/api/me")).status_code == 401
        assert (await bob.get("/api/keys")).json()["items"] == []
        assert (await bob.delete(f"/api/keys/{made['id']}")).status_code == 404


async def test_a_stream_of_events_ends_with_its_key(service: Client, settings: Settings) -> None:
    await make_account(settings, "hedy")
    async with browser(service, "hedy") as client:
        soon = (datetime.now(UTC) + timedelta(seconds=2)).isoformat()
        short = await make_key(client, ["chat"], expires_at=soon)
        long = await make_key(client, ["chat"], expires_at=in_days(30))
        async with program(service, short["key"]) as ending, program(service, long["key"]) as revoked:
            async with following(ending) as seen, following(revoked) as others:
                await seen.until(lambda each: each.ended)
                assert not others.ended
                assert (await client.delete(f"/api/keys/{long['id']}")).is_success
                await others.until(lambda each: each.ended)
            assert (await ending.get("/api/events")).status_code == 401


@pytest.mark.parametrize(
    "body",
    [
        {"name": "", "scopes": ["chat"]},
        {"name": "x", "scopes": []},
        {"name": "x", "scopes": ["everything"]},
        {"name": "x", "scopes": ["chat"], "expires_at": "2020-01-01T00:00:00Z"},
        {"name": "x", "scopes": ["chat"], "user_id": NEVER},
        {"name": "x", "scopes": ["users"]},
        {"name": "nul \x00", "scopes": ["chat"]},
    ],
)
async def test_keys_that_are_not_made(service: Client, settings: Settings, body: dict[str, Any]) -> None:
    if not await execute(settings, "SELECT 1 FROM users WHERE login = 'cas'"):
        await make_account(settings, "cas")
    async with browser(service, "cas") as client:
        assert (await client.post("/api/keys", json=body)).status_code == 422
        assert (await client.get("/api/keys")).json()["items"] == []


async def test_a_key_makes_none_that_may_more_or_lasts_longer(service: Client, settings: Settings) -> None:
    await make_account(settings, "dan")
    async with browser(service, "dan") as client:
        first = await make_key(client, ["account", "chat"], expires_at=in_days(1))
        async with program(service, first["key"]) as by_key:
            for scopes, expires_at, status in (
                (["account", "memories:read"], in_days(0.5), 403),
                (["chat"], in_days(2), 422),
                (["chat"], None, 422),
                (["chat"], in_days(0.5), 201),
            ):
                body = {"name": "x", "scopes": scopes, "expires_at": expires_at}
                assert (await by_key.post("/api/keys", json=body)).status_code == status


async def test_an_admin_sees_who_there_is_and_nothing_of_what_they_said(
    service: Client, settings: Settings, admin: Client
) -> None:
    await make_account(settings, "fay")
    async with browser(service, "fay") as fay:
        await fay.say("My zorblax is green.")
        await fay.remembered("My zorblax is green.")
        await fay.patch("/api/me", json={"about_me": "Keeper of the zorblax", "how_to_answer": "zorblax"})
    listed = await admin.get("/api/users")
    assert "zorblax" not in listed.text
    told = (await accounts(admin))["fay"]
    assert (told["sessions"], told["messages"]) == (1, 2)
    assert told["memories"] >= 1
    assert told["last_seen_at"]
    assert set(told) == {
        *("id", "login", "role", "created_at", "last_seen_at", "disabled_at", "has_password"),
        *("sessions", "messages", "memories"),
    }
    assert "zorblax" not in (await admin.patch(f"/api/users/{told['id']}", json={})).text
    for path in (f"/api/users/{told['id']}/memories", f"/api/memories?user_id={told['id']}"):
        answer = await admin.get(path)
        assert "zorblax" not in answer.text


async def test_only_admins_make_accounts(service: Client, settings: Settings, admin: Client) -> None:
    await make_account(settings, "gus")
    async with browser(service, "gus") as gus:
        for method, path in (("GET", "/api/users"), ("POST", "/api/users"), ("DELETE", f"/api/users/{NEVER}")):
            answer = await gus.request(method, path, json={"login": "mallory", "role": "admin"})
            assert (answer.status_code, answer.json()["code"]) == (403, "admins_only")
        key = (await make_key(admin, [*ALL, "users"]))["key"]
        async with program(service, key) as by_key:
            assert (await by_key.get("/api/users")).status_code == 200
            await execute(settings, "UPDATE users SET role = 'member' WHERE login = 'root'")
            assert (await by_key.get("/api/users")).status_code == 403, "the role counts, at each request"
            await execute(settings, "UPDATE users SET role = 'admin' WHERE login = 'root'")


async def test_an_account_begins_with_a_password_for_once(service: Client, admin: Client) -> None:
    made = await admin.post("/api/users", json={"login": "Hal@Example.org"})
    assert made.status_code == 201
    told = made.json()
    assert told["login"] == "hal@example.org"
    again = await admin.post("/api/users", json={"login": "HAL@example.ORG"})
    assert (again.status_code, again.json()["code"]) == (409, "login_taken")
    async with browser(service, "hal@example.org", told["one_time_password"]) as hal:
        assert (await hal.get("/api/me")).json()["code"] == "password_change_needed"
        change = {"old": told["one_time_password"], "new": PASSWORD}
        assert (await hal.post("/api/auth/password", json=change)).status_code == 204
        assert (await hal.get("/api/me")).status_code == 200
        reset = (await admin.patch(f"/api/users/{told['id']}", json={"new_password": True})).json()
        assert (await hal.get("/api/me")).status_code == 401
        assert reset["one_time_password"] != told["one_time_password"]
    async with browser(service, "hal@example.org", reset["one_time_password"]) as hal:
        assert (await hal.get("/api/me")).status_code == 403
    assert "one_time_password" not in (await accounts(admin))["hal@example.org"]


@pytest.mark.parametrize("login", ["", " ", "two words", "tab\there", "x" * 101, "zero\u200bwidth", "nul\x00"])
async def test_logins_that_are_none(admin: Client, login: str) -> None:
    assert (await admin.post("/api/users", json={"login": login})).status_code == 422


async def test_to_disable_is_to_lock_out_at_once(service: Client, settings: Settings, admin: Client) -> None:
    who = str(await make_account(settings, "ivy"))
    async with browser(service, "ivy") as ivy:
        key = (await make_key(ivy))["key"]
        async with program(service, key) as by_key, by_key.stream("GET", "/api/events") as events:
            lines = events.aiter_lines()
            await anext(lines)
            assert (await admin.patch(f"/api/users/{who}", json={"disabled": True})).json()["disabled_at"]
            async with asyncio.timeout(30):
                async for _ in lines:
                    pass
            assert (await by_key.get("/api/me")).status_code == 401
            assert (await ivy.get("/api/me")).status_code == 401
            assert not (await admin.patch(f"/api/users/{who}", json={"disabled": False})).json()["disabled_at"]
            assert (await by_key.get("/api/me")).status_code == 200
            assert (await ivy.get("/api/me")).status_code == 401, "sign-ins have ended for good"


async def test_the_last_admin_stays(service: Client, settings: Settings, admin: Client) -> None:
    me = (await accounts(admin))["root"]["id"]
    for method, body in (("PATCH", {"role": "member"}), ("PATCH", {"disabled": True}), ("DELETE", None)):
        answer = await admin.request(method, f"/api/users/{me}", json=body)
        assert (answer.status_code, answer.json()["code"]) == (409, "last_admin")
    assert (await admin.get("/api/users")).status_code == 200
    other = str(await make_account(settings, "jim", role="admin"))
    await execute(settings, "UPDATE users SET disabled_at = now() WHERE login = 'jim'")
    assert (await admin.patch(f"/api/users/{me}", json={"role": "member"})).status_code == 409, "one who cannot sign in"
    assert (await admin.delete(f"/api/users/{other}")).status_code == 200


async def test_to_delete_an_account_is_to_forget(service: Client, settings: Settings, admin: Client) -> None:
    who = str(await make_account(settings, "kit"))
    async with browser(service, "kit") as kit:
        await make_key(kit)
        await kit.say("My quixnar is blue.")
        await kit.remembered("My quixnar is blue.")
        receipt = (await admin.delete(f"/api/users/{who}")).json()
        assert (receipt["sessions"], receipt["messages"]) == (1, 2)
        assert (await kit.get("/api/me")).status_code == 401
    assert "kit" not in await accounts(admin)
    assert (await admin.delete(f"/api/users/{who}")).status_code == 404
    for table, column in (("users", "id"), ("api_keys", "user_id"), ("sign_ins", "user_id"), ("memories", "user_id")):
        assert await execute(settings, f"SELECT 1 FROM {table} WHERE {column} = %s", who) == [], table


async def test_who_was_alone_takes_the_memories_along(service: Client, settings: Settings, admin: Client) -> None:
    """The user that there is without accounts is no account until somebody gets its memories; deleted, it is there for
    later, and empty."""
    assert "local" not in await accounts(admin)
    assert (await admin.delete(f"/api/users/{LOCAL_USER_ID}")).status_code == 404
    assert (await admin.patch(f"/api/users/{LOCAL_USER_ID}", json={"role": "admin"})).status_code == 404
    await execute(settings, "UPDATE users SET login = 'first' WHERE id = %s", LOCAL_USER_ID)
    assert (await admin.delete(f"/api/users/{LOCAL_USER_ID}")).status_code == 200
    [(login, role)] = await execute(settings, "SELECT login, role FROM users WHERE id = %s", LOCAL_USER_ID)
    assert (login, role) == (None, "member")


async def test_erasing_oneself_keeps_the_account(service: Client, settings: Settings) -> None:
    await make_account(settings, "lea")
    async with browser(service, "lea") as lea:
        key = (await make_key(lea))["key"]
        await lea.patch("/api/me", json={"about_me": "Keeper"})
        assert "Your account stays" in (await lea.delete("/api/me/data")).json()["note"]
        assert (await lea.get("/api/me")).json()["about_me"] == ""
        async with program(service, key) as by_key:
            assert (await by_key.get("/api/me")).status_code == 200


async def test_there_is_nothing_of_it_without_accounts(settings: Settings) -> None:
    alone = settings.model_copy(update={"auth": "auto"})
    async with running(alone) as service:
        assert (await service.get("/api/auth")).json()["mode"] == "open"
        assert (await service.get("/api/auth")).json()["signed_in"]
        for method, path in (
            ("GET", "/api/keys"),
            ("GET", "/api/users"),
            ("GET", "/api/auth/sign-ins"),
            ("POST", "/api/auth/sign-out"),
            ("GET", "/api/auth/oidc"),
        ):
            answer = await service.request(method, path)
            assert (answer.status_code, answer.json()["code"]) == (404, "accounts_off"), path
        answer = await service.post("/api/auth/sign-in", json={"login": "root", "password": PASSWORD})
        assert answer.status_code == 404
        assert "strict-transport-security" not in answer.headers
