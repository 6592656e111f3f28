"""Who gets which variant, and who is left alone."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach import documents
from outreach.campaigns import experiment
from outreach.campaigns.experiment import Experiment, Variant
from outreach.scripts.form import Form

CAMPAIGN = "spring"
HALVES = Experiment(0.1, {"a": Variant(50), "b": Variant(50)})
names = st.text(max_size=20)


@given(names, names)
def test_a_customer_always_gets_the_same(campaign, customer):
    assert HALVES.variant(campaign, customer) == HALVES.variant(campaign, customer) in {"a", "b"}
    assert HALVES.held_out(campaign, customer) == HALVES.held_out(campaign, customer)


@pytest.mark.parametrize(("a", "b"), [(50, 50), (90, 10), (33, 67)])
def test_weights_are_kept_over_many(a, b):
    tried = Experiment(0.0, {"a": Variant(a), "b": Variant(b)})
    drawn = Counter(tried.variant(CAMPAIGN, f"C{number}") for number in range(4000))
    assert drawn["a"] / 4000 == pytest.approx(a / 100, abs=0.03)


def test_the_holdout_is_its_share_and_says_nothing_of_the_variant():
    held = [number for number in range(8000) if HALVES.held_out(CAMPAIGN, f"C{number}")]
    assert len(held) / 8000 == pytest.approx(0.1, abs=0.015)
    among = Counter(HALVES.variant(CAMPAIGN, f"C{number}") for number in held)
    assert among["a"] / len(held) == pytest.approx(0.5, abs=0.07)


def test_another_campaign_draws_anew():
    both = [(HALVES.held_out(CAMPAIGN, f"C{n}"), HALVES.held_out("autumn", f"C{n}")) for n in range(4000)]
    assert sum(one and other for one, other in both) < 100


def test_without_variants_there_is_none():
    assert Experiment().variant(CAMPAIGN, f"C{1}") is None
    assert not Experiment().held_out(CAMPAIGN, f"C{1}")


def test_a_variant_changes_only_what_it_names_of_the_offer():
    tried = Experiment(0, {"a": Variant(50), "b": Variant(50, {"gift": "一个背包"})})
    assert tried.offer("b", {"gift": "一把雨伞", "benefits": "洗车"}) == {"gift": "一个背包", "benefits": "洗车"}
    assert tried.offer("a", {"gift": "一把雨伞"}) == {"gift": "一把雨伞"}


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("variants:\n  a: {weight: 50}\n  b: {weight: 40}\n", 1, "add up to 90"),
        ("variants:\n  a: {weight: 100}\n", 1, "only one"),
        ("variants:\n  a: {weight: 50}\n  b: {weight: much}\n", 3, "'much'"),
        ("variants:\n  a: {weight: 50}\n  b: {weight: 50, prize: x}\n", 3, "prize"),
        ("x: 1\nholdout: 90%\n", 2, "90%"),
        ("holdout: lots\n", 1, "lots"),
        ("experiment: {size: 10}\n", 1, "no variants"),
    ],
)
def test_a_bad_experiment_is_refused_with_its_line(text, line, said):
    form = Form(documents.read(text, "c.yml"))
    experiment.read(form)
    assert any(problem.line == line and said in str(problem) for problem in form.problems), form.problems
