"""How far two reviewers agree, by figures worked out by hand."""

from __future__ import annotations

from uuid import UUID

import pytest

from outreach.review.agreement import kappa
from outreach.review.checklist import score
from outreach.review.sampling import chosen

PLAN = UUID(int=7)


@pytest.mark.parametrize(
    ("marks", "expected"),
    [
        # Cohen's own kind of table: 20 both good, 15 both poor, 5 and 10 apart: (0.7 - 0.5) / 0.5.
        ([("good", "good")] * 20 + [("poor", "poor")] * 15 + [("good", "poor")] * 5 + [("poor", "good")] * 10, 0.4),
        ([("good", "good"), ("poor", "poor")], 1.0),
        ([("good", "poor"), ("poor", "good")], -1.0),
        ([("good", "good")] * 3, None),
        ([], None),
    ],
)
def test_kappa_is_agreement_beyond_chance(marks, expected):
    assert kappa(marks) == (None if expected is None else pytest.approx(expected))


def test_a_score_counts_what_came_up():
    assert score({"a": "good", "b": "poor", "c": "not_asked"}) == 50
    assert score({"a": "not_asked"}) is None


def test_a_draw_takes_its_share_and_always_the_same():
    talks = [UUID(int=number * 7919) for number in range(1, 4001)]
    drawn = [chosen(PLAN, talk, 0.1, 0.5, ["a", "b", "c"]) for talk in talks]
    assert drawn == [chosen(PLAN, talk, 0.1, 0.5, ["a", "b", "c"]) for talk in talks]
    taken = [readers for readers in drawn if readers]
    assert 320 < len(taken) < 480
    assert 0.4 < sum(len(readers) == 2 for readers in taken) / len(taken) < 0.6
    assert {reader for readers in taken for reader in readers} == {"a", "b", "c"}
    assert all(len(set(readers)) == len(readers) for readers in taken)


def test_all_is_all():
    assert all(chosen(PLAN, UUID(int=n), 1, 0, ["a"]) == ["a"] for n in range(200))
    assert chosen(PLAN, UUID(int=1), 1, 1, []) == []
