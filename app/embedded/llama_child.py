"""The llama.cpp server as a process: reads its settings from the environment, serves until it is told to stop.

Run as `python -m app.embedded.llama_child`, with `MEMOCHA_LLAMA` holding the fields of `LlamaOptions` as JSON: the
key must not show in the list of processes.
"""

import json
import os
import signal
import sys
from dataclasses import dataclass

VARIABLE = "MEMOCHA_LLAMA"


@dataclass(frozen=True, slots=True)
class LlamaOptions:
    """What the server needs to know."""

    model: str
    alias: str
    port: int
    api_key: str
    context: int
    """Tokens of one slot."""
    slots: int
    threads: int
    cache_mib: int
    """Memory for the prompts of conversations that hold no slot now, MiB."""


def main() -> None:
    """Load the model and serve until SIGTERM."""
    stop_signals = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, stop_signals)  # before any thread: they inherit it
    server = serve(LlamaOptions(**json.loads(os.environ.pop(VARIABLE))))
    signal.sigwait(stop_signals)
    # No destructors: they wait for requests in flight, and there is nothing on disk to close.
    sys.stdout.flush()
    del server
    os._exit(0)


def serve(options: LlamaOptions) -> object:
    """Start the server; it answers 503 to /health until the model is loaded. Keep what this returns."""
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = options.model
    params.model_alias = {options.alias}
    params.hostnames = ["127.0.0.1"]
    params.port = options.port
    params.api_keys = [options.api_key]
    params.n_parallel = options.slots
    params.n_ctx = options.context * options.slots
    params.kv_unified = False
    params.cpuparams.n_threads = options.threads
    params.cpuparams_batch.n_threads = options.threads
    params.cache_ram_mib = options.cache_mib
    params.fit_params = False
    params.ui = False
    params.verbosity = 2
    return xllamacpp.Server(params)


if __name__ == "__main__":
    main()
