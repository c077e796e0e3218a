"""People with accounts: made in the database, talking to the service by cookie or by key."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import psycopg

from app.db.accounts import Accounts
from app.db.engine import Database
from app.roles import UserRole
from app.security.passwords import Passwords
from app.settings import Settings
from tests.support.running import Client

PASSWORD = "correct horse battery"
ALL = ["chat", "memories:read", "memories:write", "account"]


async def make_account(
    settings: Settings, login: str, *, role: UserRole = "member", password: str | None = PASSWORD, chosen: bool = True
) -> UUID:
    """An account; its id. `chosen`: the password is their own."""
    hashed = await Passwords().hash(password) if password is not None else None
    async with opened(settings) as database, database.transaction() as tx:
        changed = datetime.now(UTC) if chosen else None
        user = await Accounts(tx).create(login, role=role, password_hash=hashed, password_changed_at=changed)
    return user.id


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Database]:
    assert settings.database_url is not None
    database = Database(settings.database_url.get_secret_value(), pool_size=2)
    try:
        yield database
    finally:
        await database.close()


async def execute(settings: Settings, statement: str, *values: Any) -> list[tuple[Any, ...]]:
    """Run a statement; what it returns."""
    assert settings.database_url is not None
    url = settings.database_url.get_secret_value()
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        done = await connection.execute(statement.encode(), values)
        return await done.fetchall() if done.description is not None else []


def origin_of(service: Client) -> str:
    return str(service.base_url).rstrip("/")


@asynccontextmanager
async def browser(service: Client, login: str | None = None, password: str = PASSWORD) -> AsyncIterator[Client]:
    """A browser with a page of the service's open, signed in as somebody or as nobody."""
    async with Client(
        base_url=service.base_url, timeout=60, headers={"origin": origin_of(service)}, trust_env=False
    ) as client:
        if login is not None:
            answer = await client.post("/api/auth/sign-in", json={"login": login, "password": password})
            assert answer.status_code == 200, answer.text
        yield client


@asynccontextmanager
async def program(service: Client, key: str) -> AsyncIterator[Client]:
    """A program with a key."""
    headers = {"authorization": f"Bearer {key}"}
    async with Client(base_url=service.base_url, timeout=60, headers=headers, trust_env=False) as client:
        yield client


async def make_key(client: Client, scopes: Sequence[str] = ALL, **more: Any) -> dict[str, Any]:
    """A key of whoever the client is, as the service tells of it."""
    answer = await client.post("/api/keys", json={"name": "a program", "scopes": list(scopes), **more})
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made
