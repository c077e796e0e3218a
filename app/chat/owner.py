"""Who answers a run."""

import os
import socket
from dataclasses import dataclass

from app.db.ids import new_id


@dataclass(frozen=True, slots=True)
class Owner:
    """A process, as it signs its runs."""

    host: str
    pid: int
    nonce: str

    @classmethod
    def this(cls) -> "Owner":
        return cls(socket.gethostname(), os.getpid(), new_id().hex[-8:])

    def __str__(self) -> str:
        return f"{self.host}:{self.pid}:{self.nonce}"

    def knows_dead(self, signature: str) -> bool:
        """Whether the process of that signature is certainly gone: it ran on this host, and its pid is free or mine."""
        host, _, rest = signature.rpartition(":")[0].rpartition(":")
        if host != self.host or signature == str(self):
            return False
        try:
            pid = int(rest)
            if pid != self.pid:
                os.kill(pid, 0)
        except (ValueError, ProcessLookupError):
            return True
        except PermissionError:
            return False
        return pid == self.pid
