"""The service itself (`memocha serve`, with its jobs) as a part beside the embedded ones."""

import sys
from collections.abc import Mapping
from pathlib import Path

from app.embedded.files import private_folder
from app.embedded.net import LOOPBACK, http_json, http_status
from app.embedded.part import Part
from app.embedded.process import Command
from app.settings import Settings

ROOT = Path(__file__).parents[2]


class ServicePart(Part):
    """The HTTP service: migrates the database, then serves."""

    name = "service"
    ready_within = 180.0  # migrations of a large database come first
    stops_within = 20.0

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self._settings = settings
        self._log = settings.data_dir / "logs" / "service.log"
        self.environment: Mapping[str, str] = {}
        """Where the embedded parts are: set it before `start`."""

    @property
    def address(self) -> str:
        host = reachable_host(self._settings.host)
        return f"http://{f'[{host}]' if ':' in host else host}:{self._settings.port}"

    async def prepare(self) -> None:
        private_folder(self._log.parent)

    def command(self) -> Command:
        return Command(
            argv=(sys.executable, "-m", "app.cli", "serve", "--migrate"), log=self._log, env=self.environment
        )

    async def missing(self) -> dict[str, str]:
        """By dependency, what the service says of those that are not well."""
        ready = await http_json(reachable_host(self._settings.host), self._settings.port, "/ready", timeout=10.0)
        found: dict[str, dict[str, str]] = ready.get("dependencies", {})
        return {name: state.get("detail") or state["state"] for name, state in found.items() if state["state"] != "ok"}

    async def probe(self) -> bool:
        return await http_status(reachable_host(self._settings.host), self._settings.port, "/ready") == 200


def reachable_host(host: str) -> str:
    """The address at which a server that listens on `host` is reached from this machine."""
    return {"": LOOPBACK, "0.0.0.0": LOOPBACK, "::": "::1"}.get(host, host)  # noqa: S104
