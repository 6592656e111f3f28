"""Comparing groups: published figures, and the rules about who wins."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach import documents
from outreach.campaigns import attribution, comparison, experiment, experiment_results
from outreach.campaigns.attribution import Arm
from outreach.campaigns.comparison import Sample
from outreach.model import FactKind
from outreach.scripts.form import Form

CONFIDENCE, POWER = 0.95, 0.8


@pytest.mark.parametrize(
    ("one", "other", "low", "high"),
    # Newcombe (1998), table II, method 10: contrasts (a), (b), (c) and (e).
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((0, 10), (0, 20), -0.1611, 0.2775),
    ],
)
def test_intervals_of_differences_are_those_that_were_published(one, other, low, high):
    found = comparison.shares(one, other, CONFIDENCE)
    assert (found.low, found.high) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


@pytest.mark.parametrize(
    ("baseline", "effect", "needed"),
    # R: power.prop.test(p1 = 0.2, p2 = 0.25, power = 0.8) gives n = 1093.7; with 0.1 and 0.2, 199.0.
    [(0.20, 0.05, 1094), (0.10, 0.10, 199)],
)
def test_sizes_are_those_of_the_textbook(baseline, effect, needed):
    assert comparison.size(baseline, effect, CONFIDENCE, POWER) == needed


counts = st.integers(0, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(counts, counts)
def test_an_interval_holds_its_difference_and_turns_with_the_groups(one, other):
    found, turned = comparison.shares(one, other, CONFIDENCE), comparison.shares(other, one, CONFIDENCE)
    assert -1 <= found.low <= found.difference <= found.high <= 1
    assert found.low == pytest.approx(-turned.high)
    assert 0 <= found.p_value <= 1


def test_no_winner_is_named_before_the_planned_size_however_large_the_difference():
    early = experiment_results.results({"a": (5, 99), "b": (90, 100)}, 100, "goal", CONFIDENCE)
    assert (early.winner, early.why) == (None, "too early: results are missing of a 1 customers")
    assert experiment_results.results({"a": (5, 100), "b": (90, 100)}, 100, "goal", CONFIDENCE).winner == "b"


def test_a_small_difference_has_no_winner():
    found = experiment_results.results({"a": (50, 200), "b": (55, 200)}, 200, "goal", CONFIDENCE)
    assert found.winner is None
    assert found.pairs[0].difference.p_value > 0.05


def test_more_variants_ask_for_a_clearer_difference():
    two = {"a": (40, 200), "b": (58, 200)}
    assert experiment_results.results(two, 200, "goal", CONFIDENCE).winner == "b"
    assert experiment_results.results({**two, "c": (40, 200)}, 200, "goal", CONFIDENCE).winner is None


def test_what_a_campaign_caused_is_more_than_what_would_have_happened_anyway():
    days = date(2026, 11, 24), date(2026, 12, 31)
    contacted = Arm(900, 270, Sample(900, 1_000.0, 400.0))
    held_out = Arm(100, 20, Sample(100, 900.0, 400.0))
    found = attribution.effect(contacted, held_out, FactKind.CARD_ACTIVATED, days, CONFIDENCE)
    assert found.difference.difference == pytest.approx(0.1)
    assert found.difference.low > 0
    assert found.caused == pytest.approx(90)
    assert found.growth.low < 100 < found.growth.high
    assert found.growth.p_value == pytest.approx(0.0192, abs=0.002)


@pytest.mark.parametrize(
    ("said", "size"), [("{size: 40}", 40), ("{baseline: 20%, effect: 5%}", 1094), ("{baseline: 0.1, effect: 0.1}", 199)]
)
def test_the_planned_size_is_given_or_follows_from_baseline_and_effect(said, size):
    assert planned(said).size == pytest.approx(size, abs=1)


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ("{baseline: 20%}", "experiment.effect: is missing"),
        ("{baseline: 90%, effect: 20%}", "below 100% with the baseline"),
    ],
)
def test_a_size_that_cannot_be_reckoned_is_refused(said, problem):
    form = Form(documents.read(f"variants: {{a: {{weight: 50}}, b: {{weight: 50}}}}\nexperiment: {said}\n", "c.yml"))
    experiment.read(form)
    assert any(problem in str(one) for one in form.problems)


def planned(said: str) -> experiment.Experiment:
    form = Form(documents.read(f"variants: {{a: {{weight: 50}}, b: {{weight: 50}}}}\nexperiment: {said}\n", "c.yml"))
    found = experiment.read(form)
    assert not form.problems
    return found
