"""Tasks lost, doubled, left by dead workers, or failing each time: nothing is lost, nothing is done twice, neighbours go on."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest
from sqlalchemy import text, update
from sqlmodel import col, select

from outreach import queue
from outreach.campaigns import open as opening
from outreach.campaigns import unknown_sends
from outreach.model import Attempt, Campaign, Customer, Message, ScriptVersion
from outreach.model.columns import new_id
from outreach.model.database import plain_url
from outreach.queue import Queue
from outreach.rules.delivery import AttemptState, MessageState
from outreach.worker import sweep, tasks
from tests.campaigns.engine import Engine
from tests.conftest import TUESDAY


@pytest.fixture
def woken(stage, database_url):
    """The sweep with the real queue; gives the tasks that wait."""
    wakes = Queue(plain_url(database_url))
    runtime = SimpleNamespace(sessions=stage.sessions, clock=stage.clock, queue=wakes)

    def look(*, settle: bool = False) -> set[str]:
        sweep.sweep(runtime, new_id(), settle=settle)
        with stage.sessions.reading() as db:
            return set(db.execute(text("SELECT task_name FROM procrastinate_jobs WHERE status = 'todo'")).scalars())

    yield look
    wakes.close()


def test_a_queue_that_was_emptied_is_filled_again_from_the_rows(stage, opened, woken):
    assert queue.SEND in woken()
    with stage.sessions.begin() as db:
        db.execute(text("TRUNCATE procrastinate_jobs CASCADE"))
    assert queue.SEND in woken()


def test_a_look_at_the_rows_asks_for_a_task_once(stage, opened, woken):
    woken()
    woken()
    with stage.sessions.reading() as db:
        waiting = text("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'send'")
        assert db.execute(waiting).scalar_one() == 1


def test_what_a_dead_worker_was_doing_is_cleared_away(stage, opened, woken):
    woken()
    with stage.sessions.begin() as db:
        db.execute(text("UPDATE procrastinate_jobs SET status = 'doing', worker_id = NULL"))
    woken(settle=True)
    with stage.sessions.reading() as db:
        doing = db.execute(text("SELECT count(*) FROM procrastinate_jobs WHERE status = 'doing'")).scalar_one()
    assert doing == 0


def test_each_task_three_times_at_once_sends_once(stage, opened):
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda _: stage.sender.send_queued(), range(3)))
    assert len({request.id for request in stage.carrier.requests}) == len(stage.carrier.requests) == 6


def test_a_campaign_that_cannot_be_opened_does_not_hold_up_the_others(stage, tmp_path):
    engine = Engine(stage, tmp_path)
    engine.load(4)
    broken = engine.launch()
    with stage.sessions.begin() as db:
        version = db.get_one(ScriptVersion, db.get_one(Campaign, broken.id).script_version_id)
        torn = ScriptVersion(
            script=version.script, version="torn", number=99, source={"script.yml": "- no script"}, proposed_by="A",
            proposed_at=TUESDAY, approved_by="B", approved_at=TUESDAY,
        )  # fmt: skip
        db.add(torn)
        db.flush()
        db.execute(update(Campaign).where(col(Campaign.id) == broken.id).values(script_version_id=torn.id))
        db.execute(update(Attempt).values(script_version_id=torn.id))
        half = db.exec(select(Attempt.id).limit(2)).all()
        whole = Campaign(
            name="whole", script=version.script, script_version_id=version.id, channels=["sms"], starts_on=broken.starts_on,
            ends_on=broken.ends_on, pace=100, offer=broken.offer, definition=broken.definition, launched_at=TUESDAY,
            planned_at=TUESDAY, state="active",
        )  # fmt: skip
        db.add(whole)
        db.flush()
        moved = update(Attempt).where(col(Attempt.id).in_(half))
        db.execute(moved.values(campaign_id=whole.id, script_version_id=version.id))
    opening.open_due(stage.sessions, stage.clock, stage.house)
    stage.deliver()
    with stage.sessions.reading() as db:
        states = dict(db.exec(select(Attempt.id, Attempt.state)).all())
    assert {states[id_] for id_ in half} == {AttemptState.OPEN}
    assert {state for id_, state in states.items() if id_ not in half} == {AttemptState.PLANNED}


def test_a_number_that_no_key_opens_does_not_hold_up_the_others(stage, opened):
    with stage.sessions.begin() as db:
        first = db.exec(select(Customer)).first()
        first.phone_sealed = b"\x01" + b"torn" * 10
        db.add(first)
    assert stage.sender.send_queued() == 5
    with stage.sessions.reading() as db:
        assert db.exec(select(Message.state).where(Message.customer_id == first.id)).one() is MessageState.REJECTED


def test_a_text_that_cannot_be_settled_does_not_hold_up_the_others(stage, opened):
    with stage.sessions.begin() as db:
        first = db.exec(select(Customer)).first()
        first.phone_sealed = b"\x01" + b"torn" * 10
        db.add(first)
        past = TUESDAY.replace(year=2020)
        db.execute(update(Message).values(state=MessageState.SENDING, lease_until=past, sent_at=past, claims=1))
    unknown_sends.ask_carrier(stage.sessions, stage.carrier, stage.clock, stage.house, stage.sealer)
    with stage.sessions.reading() as db:
        assert sorted(db.exec(select(Message.state)).all()) == ["queued"] * 5 + ["sending"]


def test_one_step_of_settling_that_fails_leaves_the_others_their_turn(stage, monkeypatch):
    done = []
    monkeypatch.setattr(tasks.unknown_sends, "ask_carrier", lambda *_: 1 / 0)
    monkeypatch.setattr(tasks.expiry, "expire", lambda *_: done.append("expired"))
    runtime = SimpleNamespace(
        sessions=stage.sessions, carrier=stage.carrier, clock=stage.clock, house=stage.house, sealer=stage.sealer,
        settings=SimpleNamespace(sender="+8610690000001"),
    )  # fmt: skip
    tasks.settle(runtime)
    assert done == ["expired"]
