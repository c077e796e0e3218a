"""Who one is to a service with accounts, one's keys, and, for admins, who else there is."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from uuid import UUID

from app.account_schemas import Account, AccountList, AuthState, Key, KeyList, MadeKey
from app.roles import Scope
from memocha.client.connection import Connection


class Accounts:
    """All methods raise `Unreachable` and `Refused`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def state(self) -> AuthState:
        """How one signs in to the service, and as whom one has. Never refused."""
        return await self._connection.ask(AuthState, "GET", "/api/auth")

    @asynccontextmanager
    async def signed_in(self, login: str, password: str) -> AsyncIterator[None]:
        """Sign in for the time of the block. For a client without a key: that comes first."""
        http = self._connection.http
        # A cookie is taken from the service's own pages alone; whoever has the password may say to be one.
        http.headers["origin"] = f"{http.base_url.scheme}://{http.base_url.netloc.decode()}"
        try:
            await self._connection.send("POST", "/api/auth/sign-in", json={"login": login, "password": password})
            try:
                yield
            finally:
                await self._connection.send("POST", "/api/auth/sign-out")
        finally:
            del http.headers["origin"]

    async def keys(self) -> list[Key]:
        """One's keys, the newest first."""
        return (await self._connection.ask(KeyList, "GET", "/api/keys")).items

    async def create_key(self, name: str, scopes: Sequence[Scope], expires_at: datetime | None = None) -> MadeKey:
        """Make one; it is told this once."""
        body = {"name": name, "scopes": list(scopes), "expires_at": expires_at.isoformat() if expires_at else None}
        return await self._connection.ask(MadeKey, "POST", "/api/keys", json=body)

    async def revoke_key(self, key_id: UUID) -> None:
        """Have it taken no more."""
        await self._connection.send("DELETE", f"/api/keys/{key_id}")

    async def users(self) -> list[Account]:
        """Every account, by login. For admins."""
        return (await self._connection.ask(AccountList, "GET", "/api/users")).items
