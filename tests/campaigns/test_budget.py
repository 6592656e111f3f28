"""A budget holds: what has been begun counts as spent before it is."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import update
from sqlmodel import col, func, select

from outreach.campaigns import budget, cost, watching
from outreach.campaigns import open as opening
from outreach.carrier.call_port import CallStatus
from outreach.carrier.port import FailureKind, Refused
from outreach.model import Campaign, CampaignState, Message
from tests.campaigns.engine import FILE

CALLS = FILE.replace("channels: [sms]", "channels: [voice]")


def begun(engine) -> int:
    return sum(one.state in {"contacting", "open"} for one in engine.attempts())


def opens(engine) -> int:
    """One look at what is due, as a worker takes it."""
    with engine.stage.sessions.begin() as db:
        db.execute(update(Campaign).values(paced_until=None))
    return opening.open_due(engine.stage.sessions, engine.stage.clock, engine.stage.house)


def spent(engine) -> tuple[Decimal, Decimal]:
    with engine.stage.sessions.reading() as db:
        campaign = engine.campaign().id
        return cost.spent(db, campaign), cost.in_flight(db, campaign)


def test_no_batch_is_begun_that_the_budget_does_not_pay_for(engine):
    engine.load(60)
    engine.launch("stop: {budget: 0.5}\n")
    engine.work()
    engine.later(timedelta(minutes=1))
    with engine.stage.sessions.reading() as db:
        segments = db.exec(select(func.sum(Message.segments))).one()
    assert spent(engine) == (Decimal("0.05") * segments, 0)
    assert spent(engine)[0] == Decimal("0.50")
    assert engine.campaign().state is CampaignState.FINISHED
    assert engine.campaign().held_why == "budget spent: 0.50 of 0.50"
    assert {one.reason for one in engine.attempts() if one.state == "closed"} == {"budget_spent"}


def test_what_is_queued_counts_as_spent_and_does_not_end_the_campaign(engine):
    engine.load(60)
    engine.launch("stop: {budget: 0.5}\n")
    first = opens(engine)
    assert 0 < first < 60
    assert spent(engine) == (0, Decimal("0.50"))
    assert [opens(engine) for _ in range(3)] == [0, 0, 0]
    watching.watch(engine.stage.sessions, engine.stage.clock)
    assert engine.campaign().state is CampaignState.ACTIVE
    assert begun(engine) == first


def test_what_the_carrier_refuses_is_free_for_others(engine):
    engine.load(60)
    engine.launch("stop: {budget: 0.1}\n")
    engine.stage.carrier.fail_next(*[Refused("refused", FailureKind.BAD_NUMBER, "invalid_number", "21211")] * 2)
    engine.work()
    assert sum(one.outcome == "invalid_number" for one in engine.attempts()) == 2
    assert spent(engine)[0] == Decimal("0.10")


def test_a_rest_that_pays_for_nobody_ends_the_campaign(engine):
    engine.load(60)
    engine.launch("stop: {budget: 0.52}\n")
    engine.work()
    assert engine.campaign().state is CampaignState.FINISHED
    assert engine.campaign().held_why == "budget spent: 0.50 of 0.52, and the rest does not pay for another contact"


def test_a_call_that_is_not_over_counts_as_long_as_calls_usually_last(engine):
    engine.load(10)
    engine.launch("stop: {budget: 0.9}\n", CALLS)
    engine.work()
    assert spent(engine) == (0, Decimal("0.90"))
    calling = [number for number in range(10) if engine.calls(number)]
    assert len(calling) == 3
    engine.call(calling[0]).ends(CallStatus.NO_ANSWER)
    engine.work()
    assert sum(engine.calls(number) for number in range(10)) == 4
    assert engine.campaign().state is CampaignState.ACTIVE


@pytest.mark.parametrize("money", [0.05, 0.15, 0.3])
def test_the_last_text_that_the_budget_pays_for_is_begun(engine, money):
    engine.load(10)
    engine.launch(f"stop: {{budget: {money}}}\n")
    engine.work()
    assert float(spent(engine)[0]) == money


def test_without_a_budget_everybody_is_begun(engine):
    engine.load(10)
    engine.launch()
    with engine.stage.sessions.reading() as db:
        assert budget.of(db, engine.campaign()) is None
    engine.work()
    assert all(engine.texts(number) for number in range(10))


def test_a_campaign_that_ended_leaves_nothing_planned(engine):
    engine.load(30)
    engine.launch("stop: {budget: 0.3}\n")
    engine.work()
    with engine.stage.sessions.reading() as db:
        left = db.exec(select(func.count()).where(col(Message.state) == "queued")).one()
    assert left == 0
    assert not [one for one in engine.attempts() if one.state in {"planned", "due"}]
