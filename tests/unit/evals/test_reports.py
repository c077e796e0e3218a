"""Files, page and documentation say the same."""

from pathlib import Path

import pytest

from evals import docs
from evals.ablation import STEPS, Step
from evals.metrics import rows
from evals.records import DataInvalid
from evals.report import RESULTS, Report, read, write
from evals.reports import page
from evals.summary import summarise
from graphs.memory.ranking.weights import Ranking
from tests.unit.evals.support import conversation, found, question

TALK = conversation(*(f"message number {at}" for at in range(12)))


@pytest.fixture
def report() -> Report:
    asked = [question("m1", id=f"q{at}", answerable=at < 6) for at in range(12)]
    one = rows(TALK, [(each, found(TALK, 2, 1)) for each in asked])
    other = rows(TALK, [(each, found(TALK, 1)) for each in asked])
    summaries = summarise({"rrf": one, "memocha": other, "memocha without: <b>": one})
    return Report("set", "<i>note</i>", "minilm", 12, 1, 12, 30, {"cores": 2}, summaries)


def test_a_report_is_read_as_it_was_written(report: Report, tmp_path: Path) -> None:
    path = write(report, tmp_path)
    assert path.name == "set.minilm.json"
    [again] = read(tmp_path)
    assert again.summaries[0].groups["all"].metrics["recall@5"] == report.summaries[0].groups["all"].metrics["recall@5"]
    assert write(again, tmp_path).read_text() == path.read_text()
    path.write_text("{}")
    with pytest.raises(DataInvalid, match=r"set\.minilm\.json is not a report"):
        read(tmp_path)


def test_the_page_stands_by_itself_and_quotes_what_it_shows(report: Report) -> None:
    text = page.render([report])
    assert text == page.render([report])
    assert "<script" not in text
    assert "<i>note" not in text
    assert "&lt;b&gt;" in text
    assert text.count("<svg") == 4


def test_documentation_has_the_figures_of_the_committed_results() -> None:
    text = docs.PAGE.read_text(encoding="utf-8")
    assert docs.filled(text, docs.committed()) == text, "run: python -m evals.docs"


def test_a_wrong_figure_in_the_documentation_would_show() -> None:
    text = docs.PAGE.read_text(encoding="utf-8")
    assert "0." in text
    assert docs.filled(text.replace("| 0.", "| 9.", 1), docs.committed()) == text


def test_the_gates_table_is_that_of_the_results() -> None:
    text = docs.RECALL.read_text(encoding="utf-8")
    assert docs.with_gate(text) == text, "run: python -m evals.docs"
    assert "<!-- gate -->" in text
    assert docs.with_gate(text.replace("| 0.65 / 0.73 |", "| 9.99 |", 1)) == text


def test_every_committed_result_is_shown() -> None:
    text = docs.PAGE.read_text(encoding="utf-8")
    for path in RESULTS.glob("*.*.json"):
        dataset, embedder, _ = path.name.split(".")
        assert f"overall {dataset} {embedder} -->" in text


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
def test_steps_that_can_be_switched_off_change_the_ranking(step: Step) -> None:
    assert step.without(Ranking()) != Ranking()
