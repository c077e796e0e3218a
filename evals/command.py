"""One evaluation: data sets, systems, tables, files."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from app.memory import open_embedder, open_reranker
from app.settings import Settings
from evals.ablation import STEPS
from evals.answering import JUDGE, READER, Completions, answer_all, open_model
from evals.datasets import load
from evals.embedding import CachedEmbedder, cached
from evals.metrics import Row
from evals.records import Dataset, Split
from evals.report import Answers, Report, machine
from evals.reports.terminal import show
from evals.run import DEPTH, ask_all, narrowed
from evals.summary import ALL, WHOLE, WITHOUT, summarise
from evals.systems.base import System
from evals.systems.baselines import Baseline, Everything
from evals.systems.indexes import open_indexes
from evals.systems.memocha import DEADLINE, Indexes, Memocha
from graphs.memory.ranking.weights import Ranking

RERANKED = "reranker, weight "
RERANK_WEIGHTS = (0.25, 0.5, 0.75, 1.0)
SYSTEMS = ("bm25", "dense", "rrf", "memocha", "everything")


@dataclass(frozen=True, slots=True)
class Options:
    """What to evaluate."""

    datasets: Sequence[str]
    cache: Path
    """Where vectors are kept between runs."""
    systems: Sequence[str] = SYSTEMS
    indexes: Sequence[str] = ("memory",)
    """What `memocha` searches: each is a system of its own."""
    split: Split | None = None
    ablation: bool = False
    k: int = DEPTH
    conversations: int | None = None
    """The first so many; None: all."""
    limit: int | None = None
    """Questions of each conversation; None: all."""
    reader: str | None = None
    """The model that answers from what was recalled; None: nothing is answered."""
    judge: str | None = None
    """The model that judges answers; None: the reader."""


def recall(report: Report) -> float | None:
    """Evidence recall@10 of Memocha, where it took part and there was evidence to find."""
    ours = next((each for each in report.summaries if each.system.startswith(WHOLE)), None)
    figure = ours.groups[ALL].metrics.get("recall@10") if ours else None
    return figure.value if figure else None


async def evaluate(options: Options, settings: Settings, console: Console) -> list[Report]:
    """Run it, and show a table of each data set as it is done.

    Raises `DataMissing` and `DataInvalid` for data, `ValueError` for an unknown system or index.
    """
    if unknown := set(options.systems) - set(SYSTEMS):
        raise ValueError(f"there is no system {', '.join(sorted(unknown))}; there are {', '.join(SYSTEMS)}")
    datasets = [
        narrowed(load(name, settings.eval_data), options.split, options.conversations, options.limit)
        for name in options.datasets
    ]
    reports = []
    async with AsyncExitStack() as stack:
        embedder = stack.enter_context(cached(await open_embedder(settings), options.cache))
        indexes = [await stack.enter_async_context(open_indexes(name, embedder)) for name in options.indexes]
        systems = _systems(options, embedder, indexes)
        if "memocha" in options.systems:
            systems += await stack.enter_async_context(_reranked(settings, embedder, indexes[0]))
        for dataset in datasets:
            rows = await _ask(dataset, systems, options.k, console)
            answers = await _answer(options, settings, dataset, systems, console) if options.reader else []
            report = Report(
                dataset=dataset.name,
                note=dataset.note,
                embedder=settings.embeddings,
                questions=len(dataset.questions),
                conversations=len(dataset.conversations),
                messages=sum(len(one.messages) for one in dataset.conversations),
                k=options.k,
                machine=machine(),
                summaries=summarise(rows),
                answers=answers,
            )
            show(report, console)
            reports.append(report)
    return reports


def _systems(options: Options, embedder: CachedEmbedder, indexes: Sequence[Indexes]) -> list[System]:
    baselines: dict[str, System] = {
        "bm25": Baseline("bm25", ("bm25",), embedder),
        "dense": Baseline("dense", ("dense",), embedder),
        "rrf": Baseline("rrf", ("dense", "bm25"), embedder),
        "everything": Everything(),
    }
    systems: list[System] = [baselines[name] for name in SYSTEMS if name in options.systems and name in baselines]
    if "memocha" in options.systems:
        systems += [Memocha(embedder, each) for each in indexes]
    if options.ablation:
        systems += [Memocha(embedder, indexes[0], step.without(Ranking()), f"{WITHOUT}{step.name}") for step in STEPS]
    return systems


@asynccontextmanager
async def _reranked(settings: Settings, embedder: CachedEmbedder, indexes: Indexes) -> AsyncIterator[list[System]]:
    """Memocha with the reranker that the settings name, by each weight it could have; none where they name none."""
    async with open_reranker(settings.model_copy(update={"reranker_deadline": DEADLINE})) as reranker:
        yield [
            Memocha(
                embedder,
                indexes,
                replace(Ranking(), rerank=weight),
                f"{RERANKED}{weight}",
                reranker=reranker,
                rerank_best=settings.reranker_best,
            )
            for weight in RERANK_WEIGHTS
            if reranker is not None
        ]


async def _ask(dataset: Dataset, systems: Sequence[System], k: int, console: Console) -> dict[str, list[Row]]:
    with _progress(console) as progress:
        task = progress.add_task(dataset.name, total=len(dataset.conversations) * len(systems))
        return await ask_all(dataset, systems, k=k, asked=lambda *_: progress.advance(task))


async def _answer(
    options: Options, settings: Settings, dataset: Dataset, systems: Sequence[System], console: Console
) -> list[Answers]:
    """The systems' memories, read and judged; those that lack a step are left out."""
    assert options.reader is not None
    whole = [system for system in systems if not system.name.startswith(WITHOUT)]
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="memocha-eval-")))
        reader = await stack.enter_async_context(open_model(options.reader, settings, folder))
        judge = reader
        if options.judge not in (None, options.reader):
            judge = await stack.enter_async_context(open_model(options.judge, settings, folder))
        file = options.cache / "completions.jsonl"
        progress = stack.enter_context(_progress(console))
        task = progress.add_task("answers", total=len(whole) * len(dataset.questions))
        return await answer_all(
            dataset,
            whole,
            Completions(reader, READER, file),
            Completions(judge, JUDGE, file),
            k=options.k,
            answered=lambda: progress.advance(task),
        )


def _progress(console: Console) -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=console, transient=True)
