"""What processes count and know together, where a Redis is configured. Never the only copy of anything: without it each
process goes on by itself."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog
from prometheus_client import Gauge
from pydantic import SecretStr
from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as NotReached
from redis.exceptions import RedisError

from app.background import background
from app.db.engine import first_line
from app.settings import Settings

log = structlog.get_logger(__name__)

CONNECT = 0.3
"""Seconds to reach Redis."""
ANSWER = 0.3
"""Seconds for an answer, and for a connection to become free: what a request may lose to it."""
CONNECTIONS = 20
LOOK = 2.0
"""Seconds between two looks at whether it answers."""
AWAY = (RedisError,)
"""What a command raises where Redis is away, silent, loading, full or refuses: whoever asks goes on by itself."""

_up = Gauge("memocha_redis_up", "Whether Redis answered last, 1 or 0; only where one is configured.")


def connect(url: SecretStr) -> Redis:
    """A client. Nothing is reached yet. A connection that was closed meanwhile is made anew once; silence is not tried
    again."""
    pool = BlockingConnectionPool.from_url(
        url.get_secret_value(),
        max_connections=CONNECTIONS,
        timeout=ANSWER,
        socket_connect_timeout=CONNECT,
        socket_timeout=ANSWER,
        retry=Retry(NoBackoff(), 1, supported_errors=(NotReached,)),
        client_name="memocha",
    )
    return Redis.from_pool(pool)


class SharedRedis:
    """The client of a process, and whether Redis answered last."""

    def __init__(self, client: Redis) -> None:
        self.client = client
        self.reached: bool | None = None
        """None: it was not asked yet."""

    async def ping(self) -> bool:
        """Whether it answers. Said in the log where that has changed."""
        try:
            await self.client.ping()
        except AWAY as error:
            if self.reached is not False:
                log.warning("Redis is away; each process counts for itself", error=reason(error))
            self.reached = False
        else:
            if self.reached is False:
                log.info("Redis is back")
            self.reached = True
        _up.set(self.reached)
        return self.reached

    async def watch(self) -> None:
        """Look at it again and again, until cancelled."""
        while True:
            await self.ping()
            await asyncio.sleep(LOOK)


@asynccontextmanager
async def open_redis(settings: Settings) -> AsyncIterator[SharedRedis | None]:
    """What processes share, watched until the block ends; None where no Redis is configured."""
    if settings.redis_url is None:
        yield None
        return
    client = connect(settings.redis_url)
    shared = SharedRedis(client)
    try:
        async with background(shared.watch(), name="watch Redis"):
            yield shared
    finally:
        await client.aclose()


def reason(error: RedisError) -> str:
    """What kind of fault it is and its first line. The library's messages name the host, and never the password."""
    return f"{type(error).__name__}: {first_line(error)}"
