"""A running Memocha, for other programs: turns, sessions, and the memory by itself.

    async with Client("http://127.0.0.1:8000") as memocha:
        answer = await memocha.ask("My dog is called Biscuit.")
        found = await memocha.memories.search("What is my dog called?")

Everything that comes back is typed as the service's own description has it.

    ClientError
    ├── Unreachable        nothing answers at the address
    ├── ConnectionLost     a stream broke: of an answer (what was answered is kept), or of an export
    ├── Refused            the service said no: `status`, `code` (stable), `title`, `detail`
    └── JobFailed          an import that was taken ended badly
"""

from memocha.client.client import Client
from memocha.client.connection import ClientError, ConnectionLost, JobFailed, Refused, Unreachable
from memocha.client.memories import SaidMessage
from memocha.client.turns import Answer, Event

__all__ = [
    "Answer",
    "Client",
    "ClientError",
    "ConnectionLost",
    "Event",
    "JobFailed",
    "Refused",
    "SaidMessage",
    "Unreachable",
]
