"""Whom a campaign with an investment product is allowed to reach: the product's risk against the customer's assessment."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import update
from sqlmodel import col, select

from outreach.campaigns import explaining, forecast, launching, product_risk
from outreach.campaigns.contact import BadContact
from outreach.conversations import wording
from outreach.documents import Refused
from outreach.model import Customer, ScriptVersion
from outreach.scripts.script import Script
from tests.conftest import TUESDAY

GOOD = {"出生年": "1980", "风险等级": "R3", "风险到期": "2027-06-30"}
PEOPLE = [
    (GOOD, None),
    (GOOD | {"风险等级": "R2"}, "unsuitable"),
    (GOOD | {"风险等级": "", "风险到期": ""}, "unsuitable"),
    (GOOD | {"风险到期": "2026-11-01"}, "risk_expired"),
    (GOOD | {"出生年": "1955", "风险等级": "R5"}, "unsuitable"),
    (GOOD | {"出生年": ""}, "under_age"),
]


def load(engine):
    engine.load(len(PEOPLE), lambda number: PEOPLE[number][0])


def test_who_a_product_does_not_suit_is_not_planned(engine):
    load(engine)
    engine.launch("product_risk: R3\n")
    engine.work()
    reasons = [engine.attempts(f"C{number:05}")[0].reason for number in range(len(PEOPLE))]
    assert reasons == [reason for _, reason in PEOPLE]
    assert [number for number in range(len(PEOPLE)) if engine.texts(number)] == [0]


def test_where_no_investment_product_is_offered_nobody_is_refused_for_its_risk(engine):
    load(engine)
    engine.launch()
    engine.work()
    assert all(engine.texts(number) for number in range(len(PEOPLE)))


def test_an_assessment_that_changes_after_planning_holds_when_the_text_would_leave(engine):
    engine.load(2, lambda _: GOOD)
    engine.launch("product_risk: R3\n")
    with engine.stage.sessions.begin() as db:
        db.execute(update(Customer).where(col(Customer.ref) == "C00000").values(risk_level=1))
    engine.work()
    assert (engine.texts(0), len(engine.texts(1))) == ([], 1)
    assert engine.attempts("C00000")[0].verdict["figures"] == {"product_risk": "3", "highest": "1"}


def test_the_check_counts_whom_the_product_does_not_suit(engine):
    load(engine)
    file = engine.file("product_risk: R3\n")
    with engine.stage.sessions.reading() as db:
        made = forecast.of(db, engine.stage.house, file, TUESDAY)
    words = "\n".join(explaining.explain(file, made, engine.stage.house))
    assert made.planned == 1
    assert "risk R3: 5 are not offered it" in words
    assert "3 not: unsuitable" in words


@pytest.mark.parametrize("written", ["R6", "3", "r3", "[R3]", "", '"R3 "', "R3.5"])
def test_another_level_than_r1_to_r5_is_refused_with_its_line(engine, written):
    with pytest.raises(Refused) as refused:
        engine.file(f"product_risk: {written}\n")
    (problem,) = refused.value.problems
    assert (problem.line, problem.field, problem.fix) == (9, "product_risk", "R1 to R5, such as R3")


@pytest.fixture
def wealth(engine, monkeypatch):
    """The script's product becomes a wealth product."""
    real = wording.script_of

    def script_of(db, version_id) -> Script:
        return replace(real(db, version_id), product="wealth")

    monkeypatch.setattr(wording, "script_of", script_of)
    return engine


def test_a_script_about_a_wealth_product_needs_its_risk(wealth):
    with wealth.stage.sessions.begin() as db:
        with pytest.raises(Refused, match="product_risk: is missing, and card_activation is about a wealth product"):
            launching.launch(db, wealth.stage.house, wealth.file(), TUESDAY)
        launching.launch(db, wealth.stage.house, wealth.file("product_risk: R2\n"), TUESDAY)


def test_a_follow_up_about_a_wealth_product_needs_its_risk_too(engine):
    with engine.stage.sessions.reading() as db:
        version = db.exec(select(ScriptVersion).where(ScriptVersion.script == "follow_up_thanks")).first()
        script = replace(wording.script_of(db, version.id), product="wealth")
    (problem,) = product_risk.problems(engine.file().document, None, script)
    assert "follow_up_thanks is about a wealth product" in str(problem)
    assert list(product_risk.problems(engine.file().document, 3, script)) == []


def test_one_customer_is_not_contacted_about_a_wealth_product_outside_a_campaign(wealth):
    with pytest.raises(BadContact, match="wealth product"):
        wealth.stage.contact()
