"""`memocha up` whose service reaches its parts over wires. Run as `python -m tests.chaos.up`; see `tests/chaos/stage.py`.

Everything but the way there is the product's own: the supervisor, how it starts parts, how it starts them again.
"""

import os
import sys

from app.embedded import supervisor
from app.settings import Settings

POSTGRES_PORT, POSTGRES_AT, MILVUS_AT = (
    "MEMOCHA_CHAOS_POSTGRES_PORT",
    "MEMOCHA_CHAOS_POSTGRES_AT",
    "MEMOCHA_CHAOS_MILVUS_AT",
)


class Wired(supervisor.Supervisor):
    """Starts Postgres on the port that the wire leads to, and tells the service of the wires."""

    def __init__(self, *arguments: object) -> None:
        super().__init__(*arguments)  # type: ignore[arg-type]
        assert self._postgres is not None
        self._postgres.port = int(os.environ[POSTGRES_PORT])

    def _environment(self) -> dict[str, str]:
        assert self._postgres is not None
        port = str(self._postgres.port)
        direct = super()._environment()
        return direct | {
            "MEMOCHA_DATABASE_URL": direct["MEMOCHA_DATABASE_URL"].replace(f":{port}/", f":{os.environ[POSTGRES_AT]}/"),
            "MEMOCHA_MILVUS_URI": os.environ[MILVUS_AT],
        }


if __name__ == "__main__":
    supervisor.Supervisor = Wired  # type: ignore[misc]
    sys.exit(supervisor.main(Settings()))
