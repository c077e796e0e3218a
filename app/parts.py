"""The parts of a running service: made in the lifespan, in order, and closed in reverse."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from functools import partial

import structlog

from app.background import background
from app.breakers import Breakers, open_breakers
from app.chat.commands import Commands
from app.chat.models import Models, configs
from app.chat.prices import Prices
from app.chat.runs import Runs
from app.chat.spending import Budget, Spending
from app.chat.turn import Turns
from app.checkpoints import open_saver
from app.citations import citations_on
from app.db.engine import Database
from app.db.memory_store import PostgresMemoryStore
from app.facts import open_fact_model, pace
from app.forgetting import Forgetter
from app.generations import Generations
from app.indexing import keep_index
from app.jobs.digests import DigestTasks
from app.jobs.facts import FactTasks
from app.jobs.imports import Imports
from app.jobs.queue import JobQueue
from app.jobs.reader import new_hands
from app.jobs.retention import RetentionTasks, notice, policy
from app.jobs.settle import Settler
from app.jobs.sweeping import SweepTasks
from app.jobs.tasks import Tasks
from app.jobs.titles import TitleTasks
from app.jobs.worker import run_worker
from app.known_facts import KnownFacts
from app.listening import Listening
from app.masking import Masking
from app.memory import open_generations, open_reranker
from app.rebuilding import Rebuild
from app.redis import SharedRedis, open_redis
from app.rewriting import open_rewriting
from app.security.access import Access, open_access
from app.security.elsewhere import Elsewhere
from app.security.rate_limits import RateLimits, rate_limits
from app.security.signing_in import SigningIn
from app.security.windows import Windows
from app.settings import Settings
from app.status import Status
from app.titles import open_title_model, title_pace
from graphs.chat import build_chat_graph
from graphs.memory.embeddings import OpenAIEmbedder
from graphs.memory.recall import MemoryService
from graphs.memory.rerank import Reranking
from graphs.memory.rewriting import ModelRewriting
from graphs.state import Budgets

log = structlog.get_logger(__name__)

DRAIN = 20.0
"""Seconds that live runs are given to end when the process stops; what is not done then is taken over by the next."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What the routes work with."""

    settings: Settings
    database: Database
    redis: SharedRedis | None
    """None: none is configured, and each process counts for itself."""
    queue: JobQueue
    memory: MemoryService
    models: Models
    prices: Prices
    spending: Spending
    masking: Masking
    runs: Runs
    forgetter: Forgetter
    status: Status
    listening: Listening
    access: Access
    rates: RateLimits
    signing_in: SigningIn | None
    """None: there are no accounts."""
    oidc: Elsewhere | None


@asynccontextmanager
async def open_parts(settings: Settings) -> AsyncIterator[Parts]:
    """Open everything, begin what goes on in the background, and close it all when the block ends."""
    assert settings.database_url is not None
    url = settings.database_url.get_secret_value()
    async with AsyncExitStack() as stack:
        database = Database(url, settings.database_pool_size)
        stack.push_async_callback(database.close)
        redis = await stack.enter_async_context(open_redis(settings))
        queue = JobQueue(url)
        await queue.open()
        stack.push_async_callback(queue.close)
        saver = await stack.enter_async_context(open_saver(url, settings.checkpoint_pool_size))
        generations = await stack.enter_async_context(open_generations(settings, database))
        live = generations.live
        models = Models(configs(settings))
        stack.push_async_callback(models.close)
        reranker = await stack.enter_async_context(open_reranker(settings))
        memory = MemoryService(
            embedder=live.embedder,
            index=live.index,
            store=PostgresMemoryStore(database),
            sentences=generations.sentences,
            reranker=reranker,
            rerank_best=settings.reranker_best,
            deadline=settings.recall_deadline,
        )
        commands = Commands(
            database=database,
            memory=memory,
            embedder=live.embedder,
            # Later: what forgets has to know the runs, which are made of turns.
            forget=lambda user_id, ids, messages, asked_in: forgetter.memories(
                user_id, ids, messages, asked_in=asked_in
            ),
        )
        rewriting = await stack.enter_async_context(open_rewriting(settings))
        turns = Turns(
            database=database,
            graph=build_chat_graph(saver),
            models=models,
            memory=memory,
            budgets=Budgets(memories=settings.recall_budget, window=settings.window_budget),
            recall_k=settings.recall_k,
            message_limit=settings.message_limit,
            commands=commands,
            rewriting=rewriting,
            citations=citations_on(settings),
        )
        prices, spending = Prices(settings.prices, settings.llm), spending_of(settings)
        masking = Masking(frozenset(settings.mask))
        runs = Runs(
            database=database,
            queue=queue,
            turns=turns,
            saver=saver,
            run_limit=settings.run_limit,
            prices=prices,
            spending=spending,
            masking=masking,
        )
        forgetter = Forgetter(database=database, queue=queue, runs=runs, saver=saver, index=live.index)
        breakers = await stack.enter_async_context(open_breakers(redis))
        status = Status(database=database, generations=generations, models=models, redis=redis, breakers=breakers)
        keep_breakers(breakers, status, memory, reranker, rewriting, models, generations)
        if settings.worker:
            await stack.enter_async_context(open_worker(settings, database, queue, generations))
        else:
            await stack.enter_async_context(background(keep_index(generations, None), name="follow the index"))
        listening = Listening(url=url, database=database, status=status)
        await stack.enter_async_context(background(listening.hear(), name="hear events"))
        await stack.enter_async_context(background(listening.watch(), name="watch what works"))
        await stack.enter_async_context(background(models.connect(), name="ask models for their context size"))
        await stack.enter_async_context(background(runs.keep_alive(), name="keep runs alive"))
        stack.push_async_callback(runs.close, DRAIN)
        windows = Windows(redis.client if redis is not None else None)
        access, signing_in, oidc = await open_access(settings, database, windows)
        yield Parts(
            settings=settings,
            database=database,
            redis=redis,
            queue=queue,
            memory=memory,
            models=models,
            prices=prices,
            spending=spending,
            masking=masking,
            runs=runs,
            forgetter=forgetter,
            status=status,
            listening=listening,
            access=access,
            rates=rate_limits(settings, windows),
            signing_in=signing_in,
            oidc=oidc,
        )


def keep_breakers(
    breakers: Breakers,
    status: Status,
    memory: MemoryService,
    reranker: Reranking | None,
    rewriting: ModelRewriting | None,
    models: Models,
    generations: Generations,
) -> None:
    """Have every breaker of this process looked after, and shared. What /ready looks at tells when it is back."""
    breakers.keep(memory.breaker, status.index_answers)
    for name, breaker in models.breakers.items():
        breakers.keep(breaker, partial(status.model_answers, name))
    if isinstance(generations.embedder, OpenAIEmbedder):
        breakers.keep(generations.embedder.breaker)
    if reranker is not None:
        breakers.keep(reranker.breaker)
    if rewriting is not None:
        breakers.keep(rewriting.breaker)


def spending_of(settings: Settings) -> Spending:
    """What answers may cost, as the settings say."""
    return Spending(
        each=Budget(settings.tokens_per_day, Decimal(str(settings.usd_per_month))),
        all=Budget(settings.total_tokens_per_day, Decimal(str(settings.total_usd_per_month))),
        runs_per_user=settings.runs_per_user,
    )


@asynccontextmanager
async def open_worker(
    settings: Settings, database: Database, queue: JobQueue, generations: Generations
) -> AsyncIterator[None]:
    """Do jobs in the background until the block ends."""
    settler, live = Settler(database, generations), generations.live
    Tasks(database, queue, settler).register()
    Imports(database, queue, settler).register()
    RetentionTasks(database, queue, policy(settings), notice(settings)).register()
    assert settings.database_url is not None
    url, after = settings.database_url.get_secret_value(), timedelta(minutes=settings.sweep_after)
    SweepTasks(database, queue, url, live.index.flush, after).register()
    jobs = run_worker(queue, concurrency=settings.worker_concurrency)
    async with open_fact_model(settings) as reader, open_title_model(settings) as titler:
        known, hands = KnownFacts(database, live.embedder, live.index), new_hands()
        FactTasks(database, queue, known, reader, pace(settings), hands).register()
        DigestTasks(database, queue, reader, pace(settings), settings.digests == "on", hands).register()
        TitleTasks(database, queue, titler, title_pace(settings), hands).register()
        keep = keep_index(generations, Rebuild(generations))
        async with background(keep, name="keep the index"), background(jobs, name="worker"):
            yield


async def run_jobs(settings: Settings) -> None:
    """A worker alone, until it is told to stop."""
    assert settings.database_url is not None
    url = settings.database_url.get_secret_value()
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with AsyncExitStack() as stack:
        database = Database(url, settings.database_pool_size)
        stack.push_async_callback(database.close)
        queue = JobQueue(url)
        await queue.open()
        stack.push_async_callback(queue.close)
        generations = await stack.enter_async_context(open_generations(settings, database))
        await stack.enter_async_context(open_worker(settings, database, queue, generations))
        log.info("worker is ready", concurrency=settings.worker_concurrency)
        await stop.wait()
