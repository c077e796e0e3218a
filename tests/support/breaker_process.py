"""A process with a shared breaker: prints its state whenever it changes, and closes it a second after it opened, as one
does that sees the dependency back. `python -m tests.support.breaker_process redis://...`"""

import asyncio
import sys

from pydantic import SecretStr

from app.breakers import open_breakers
from app.redis import SharedRedis, connect
from graphs.memory.recall import index_breaker

PATIENCE = 30.0


async def main(address: str) -> None:
    """Until the breaker has opened and closed."""
    async with connect(SecretStr(address)) as client, open_breakers(SharedRedis(client)) as breakers:
        breaker = breakers.keep(index_breaker())
        print(breaker.state, flush=True)
        async with asyncio.timeout(PATIENCE):
            while breaker.state != "open":
                await asyncio.sleep(0.02)
        print(breaker.state, flush=True)
        await asyncio.sleep(1)
        breaker.looked(well=False)
        breaker.looked(well=True)
        print(breaker.state, flush=True)
        await asyncio.sleep(PATIENCE)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
