"""llama.cpp as a process of its own, with an OpenAI-compatible interface on loopback under a generated key."""

import json
import os
import sys
from dataclasses import asdict
from pathlib import Path

from app.embedded.errors import EmbeddedError
from app.embedded.files import make_secret, private_folder
from app.embedded.llama_child import VARIABLE, LlamaOptions
from app.embedded.net import LOOPBACK, http_status, pick_port
from app.embedded.part import Part
from app.embedded.process import Command

ROOT = Path(__file__).parents[2]

SLOTS = 2
"""Prompts whose computed prefix stays in place. A conversation goes to the slot that knows most of its prompt;
background work that asks for `BACKGROUND_SLOT` leaves the other one to conversations."""
BACKGROUND_SLOT = SLOTS - 1
"""The `id_slot` for requests that nobody waits for."""
CACHE_MIB = 512
"""Memory for prefixes that lost their slot: a conversation that comes back is read from there, not computed anew."""


class LlamaPart(Part):
    """A llama.cpp server for one model file."""

    name = "model"
    ready_within = 300.0
    stops_within = 3.0

    def __init__(self, data_dir: Path, *, alias: str, context: int, model: Path | None = None) -> None:
        """`alias` names the model in requests, `context` is one conversation's tokens. The file may come later."""
        super().__init__()
        self.alias = alias
        self.context = context
        self.model = model
        self.port = pick_port()
        self.api_key = make_secret()
        self._log = data_dir / "logs" / "model.log"

    @property
    def base_url(self) -> str:
        """For OpenAI clients. `/health` and `/tokenize` lie beside `/v1`; all but `/health` ask for the key."""
        return f"http://{self.address}/v1"

    @property
    def address(self) -> str:
        return f"{LOOPBACK}:{self.port}"

    async def prepare(self) -> None:
        private_folder(self._log.parent)
        if self.model is None:
            raise EmbeddedError("the model server has no model file yet")
        check_gguf(self.model)

    def command(self) -> Command:
        options = LlamaOptions(
            model=str(self.model),
            alias=self.alias,
            port=self.port,
            api_key=self.api_key,
            context=self.context,
            slots=SLOTS,
            threads=cores(),
            cache_mib=CACHE_MIB,
        )
        return Command(
            argv=(sys.executable, "-m", "app.embedded.llama_child"),
            log=self._log,
            env={VARIABLE: json.dumps(asdict(options))},
            cwd=ROOT,
        )

    async def probe(self) -> bool:
        return await http_status(LOOPBACK, self.port, "/health") == 200


def check_gguf(path: Path) -> None:
    """Raise EmbeddedError where `path` is no GGUF file: llama.cpp's own words about that help nobody."""
    try:
        with path.open("rb") as file:
            magic = file.read(4)
    except OSError as error:
        raise EmbeddedError(f"The model file {path} cannot be read: {error.strerror}.") from error
    if magic != b"GGUF":
        raise EmbeddedError(f"The model file {path} is not in GGUF format. Choose another MEMOCHA_LOCAL_MODEL_PATH.")


def cores() -> int:
    """Processors that this process may use."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1
