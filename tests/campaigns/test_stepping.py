"""Time that is held between two things that fall due: each happens at its instant, and what is held up does not hold it for ever."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
from sqlmodel import col, select

from benchmarks.filled import local_carrier
from outreach import queue
from outreach.campaigns import callbacks, expiry, following, watching
from outreach.cli import anchor, leaping, stepping
from outreach.clock import Anchor, Clock, machine_now
from outreach.model import Attempt, CampaignState, ClockAnchor, Conversation, Message, Scope, Stop
from outreach.worker import tasks
from tests.campaigns.engine import FILE
from tests.campaigns.test_following import FOLLOW_UPS
from tests.conftest import TUESDAY

TRIES = "retry: {no_reply: {after: 2d, times: 1}}\n"
SHORT = FILE.replace("12-24", "12-07")


@pytest.fixture
def runtime(engine, monkeypatch):
    """An engine whose clock is the store's, and whose work is done when it is asked for; the local carrier has nothing to come."""
    stage = engine.stage
    with stage.sessions.begin() as db:
        db.merge(ClockAnchor(machine_at=machine_now(), product_at=TUESDAY))

    def read() -> Anchor:
        with stage.sessions.apart() as db:
            row = db.exec(select(ClockAnchor)).one()
        return Anchor(row.machine_at, row.product_at, row.rate)

    def settle(_: object) -> None:
        expiry.expire(stage.sessions, stage.clock)
        following.follow(stage.sessions, stage.clock)
        callbacks.plan(stage.sessions, stage.clock)
        watching.watch(stage.sessions, stage.clock)

    def defer(task: str) -> None:
        settle(None) if task == queue.SETTLE else engine.tick()

    stage.clock = Clock(read)
    stage.sender.use(stage.clock)
    monkeypatch.setattr(tasks, "settle", settle)
    with local_carrier() as carrier:
        yield SimpleNamespace(
            sessions=stage.sessions, clock=stage.clock, house=stage.house, queue=SimpleNamespace(defer=defer),
            settings=SimpleNamespace(api_base=carrier.base, carrier_is_local=True, clock_rate=1.0),
        )  # fmt: skip


def test_everything_happens_at_the_instant_it_was_due(engine, runtime):
    engine.load(3)
    engine.launch(FOLLOW_UPS + TRIES, SHORT)
    made = stepping.step_until(runtime, TUESDAY + timedelta(days=20), rate=60)
    with engine.stage.sessions.reading() as db:
        rows = select(Attempt.due_at, Message.at).join(Conversation, col(Conversation.attempt_id) == col(Attempt.id))
        rows = rows.join(Message, col(Message.conversation_id) == col(Conversation.id)).where(Message.starts_contact)
        contacts = db.exec(rows).all()
    assert len(contacts) == 6
    assert all(timedelta(0) <= at - due < timedelta(seconds=5) for due, at in contacts)
    assert engine.campaign().state is CampaignState.FINISHED
    assert made.leaps >= 2


def test_what_a_stop_holds_up_does_not_hold_up_time(engine, runtime, monkeypatch):
    monkeypatch.setattr(stepping, "PATIENCE_SECONDS", 0.1)
    engine.load(1)
    engine.launch()
    with engine.stage.sessions.begin() as db:
        db.add(Stop(scope=Scope.ALL, by="A", at=TUESDAY))
    waited_for = set()
    until = TUESDAY + timedelta(hours=2)
    stepping.step_until(runtime, until, rate=36_000, look=lambda what: not waited_for.add(what))
    assert "opening" in waited_for
    assert runtime.clock.now() >= until
    assert not engine.texts(0)


def test_time_that_runs_leaps_over_what_is_empty(engine, runtime):
    engine.load(2)
    engine.launch(TRIES, SHORT)

    def look(_: str) -> bool:
        engine.tick()
        runtime.queue.defer(queue.SETTLE)
        return True

    leaps = leaping.leap_until(runtime, TUESDAY + timedelta(days=20), rate=600, look=look)
    assert [len(engine.texts(number)) for number in range(2)] == [2, 2]
    assert engine.campaign().state is CampaignState.FINISHED
    assert leaps >= 2


def test_who_watches_may_end_it(engine, runtime):
    engine.load(1)
    engine.launch()
    made = stepping.step_until(runtime, TUESDAY + timedelta(days=20), rate=60, look=lambda _: False)
    assert (made.steps, engine.texts(0)) == (0, [])


@pytest.mark.parametrize(("before", "after"), [(5.0, 5.0), (stepping.STANDING, 1.0)])  # the second was left by a kill
def test_time_goes_on_as_before_when_a_run_is_broken_off(engine, runtime, before, after):
    def interrupted(_: str) -> bool:
        raise KeyboardInterrupt

    anchor.write(runtime, TUESDAY, before)
    with pytest.raises(KeyboardInterrupt):
        stepping.step_until(runtime, TUESDAY + timedelta(days=1), rate=60, look=interrupted)
    with engine.stage.sessions.reading() as db:
        row = db.exec(select(ClockAnchor)).one()
    assert (row.rate, row.product_at >= TUESDAY) == (after, True)
