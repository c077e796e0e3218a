"""Whether a pooled connection can be used without asking the server first: to ask takes a way there and back each time
that one is borrowed, ten times a turn.

A server that ends, however it ends, closes its connections, and the kernel knows at once: then there is something to
read on a connection that nobody uses. Only where no word of the end can arrive (a network that is cut, a firewall that
forgets) is there nothing; so what has idled for long is asked all the same.
"""

import select
import time
from typing import Any
from weakref import WeakKeyDictionary

import psycopg
from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

TRUSTED = 5.0
"""Seconds since it was last in use for which a connection with nothing to read on it is taken to be whole."""


class LastUsed:
    """When each connection of a pool was last in use."""

    def __init__(self, trusted: float = TRUSTED) -> None:
        """`trusted`: seconds."""
        self._trusted = trusted
        self._at: WeakKeyDictionary[AsyncConnection[Any], float] = WeakKeyDictionary()

    def note(self, connection: AsyncConnection[Any]) -> None:
        """It is in use now, and whole."""
        self._at[connection] = time.monotonic()

    def vouches_for(self, connection: AsyncConnection[Any]) -> bool:
        """Whether the server need not be asked. False for a connection that is new here."""
        at = self._at.get(connection)
        return at is not None and time.monotonic() - at < self._trusted and is_silent(connection)

    async def look(self, connection: AsyncConnection[Any]) -> None:
        """Without this a pool of psycopg's lends no connection. Raises `psycopg.OperationalError` where it broke."""
        if not self.vouches_for(connection):
            await AsyncConnectionPool.check_connection(connection)
        self.note(connection)


def is_silent(connection: AsyncConnection[Any]) -> bool:
    """Whether there is nothing to read on an idle connection: neither its end nor a word of the server's."""
    try:
        socket = connection.pgconn.socket
    except psycopg.OperationalError:
        return False  # closed on our side
    poll = select.poll()
    poll.register(socket, select.POLLIN | select.POLLPRI)
    return not poll.poll(0)
