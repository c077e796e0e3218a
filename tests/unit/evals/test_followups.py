"""The set of follow-ups: its evidence was said, and which of its questions lean."""

from evals import followups
from graphs.memory.ranking.followup import leans

ASKED, TALKS = followups.load()


def test_evidence_was_said_by_that_person() -> None:
    for one in ASKED:
        said = {message.external_id for message in TALKS[one.person].messages}
        assert one.evidence
        assert one.evidence <= said, one.question


def test_followups_are_told_from_questions_that_stand_by_themselves() -> None:
    assert sum(leans(one.question) for one in ASKED) >= 0.95 * len(ASKED)
    others = [question.text for talk in TALKS.values() for question in talk.questions]
    assert sum(map(leans, others)) <= 0.05 * len(others)


def test_both_splits_and_three_languages_take_part() -> None:
    people = {one.person for one in ASKED}
    assert {TALKS[person].split for person in people} == {"tuning", "held-out"}
    assert {"tom", "heike", "lin"} <= people
