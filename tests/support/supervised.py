"""`memocha up` around a service of a few lines: the supervisor's own work, without the seconds of a real service.

Run as `python -m tests.support.supervised`; with `--service` it is that service.
"""

import json
import os
import signal
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from unittest.mock import patch

from app.embedded.process import Command
from app.embedded.service import ServicePart
from app.embedded.supervisor import main
from app.settings import Settings


def serve() -> None:
    """Answer /ready with 200, say in a file what we were given, and in another that we stopped in order."""
    data_dir = Path(os.environ["MEMOCHA_DATA_DIR"])
    given = {name: value for name, value in os.environ.items() if name.startswith("MEMOCHA_")}
    (data_dir / "given.json").write_text(json.dumps({**given, "pid": os.getpid()}))
    if os.environ.get("TEST_SERVICE_BREAKS"):
        sys.exit("the service broke on purpose")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()

    def stop(_number: int, _frame: object) -> None:
        time.sleep(float(os.environ.get("TEST_SERVICE_DRAINS", "0")))
        postgres = (data_dir / "postgres" / "postmaster.pid").exists()
        (data_dir / "drained.json").write_text(json.dumps({"postgres_up": postgres}))
        os._exit(0)

    signal.signal(signal.SIGTERM, stop)
    ThreadingHTTPServer(("127.0.0.1", int(os.environ["MEMOCHA_PORT"])), Handler).serve_forever()


def supervise() -> int:
    """The real supervisor with that service."""

    def command(part: ServicePart) -> Command:
        argv = (sys.executable, "-m", "tests.support.supervised", "--service")
        return Command(argv=argv, log=part._log, env=part.environment, cwd=Path(__file__).parents[2])

    with patch.object(ServicePart, "command", command):
        return main(Settings())


if __name__ == "__main__":
    if "--service" in sys.argv:
        serve()
    else:
        sys.exit(supervise())
