"""What operators see: what waits, how late it is, what the carrier refused; stops set and lifted with a reason."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from sqlmodel import select

from outreach.clock import Anchor, Clock, machine_now
from outreach.model import AuditEntry, Message, Stop
from outreach.places import ROOT
from outreach.rules.delivery import MessageState
from outreach.web import carrier_door
from outreach.web.console.pages import operations
from tests.web.console.work import staged, talk

WHY = {"why": "a wrong offer went out"}


@pytest.fixture
def stage(product):
    built = staged(product)
    yield built
    built.sender.close()


def test_what_waits_is_shown_with_how_late_it_is(product, stage, signed_in):
    stage.stores("unused")
    talk(stage, "方便")
    stage.stores("有年费吗")
    with product.sessions.reading() as db:
        heard_at = db.exec(select(Message.at).where(Message.text == "有年费吗")).one()
    product.__dict__["clock"] = Clock.fixed(Anchor(machine_now(), heard_at + timedelta(minutes=5, seconds=7), rate=0))
    page = signed_in("admin").get("/operations/figures").text
    assert ">0:05:07<" in page, "the text that waits for the bot"


def test_errors_are_counted_by_the_carriers_code(product, stage, signed_in):
    talk(stage, "方便")
    with product.sessions.begin() as db:
        for text in db.exec(select(Message).where(Message.side == "bank")).all():
            text.state, text.error_code = MessageState.FAILED, "30008"
            db.add(text)
    page = signed_in("admin").get("/operations").text
    assert re.search(r"30008</td>.*?<td class=.number.>2</td>", page, re.DOTALL)
    assert (
        'outreach_messages_last_hour{channel="sms",code="30008",state="failed"} 2.0'
        in signed_in("admin").get("/metrics").text
    )


def test_of_very_many_messages_only_the_latest_are_counted(product, stage, signed_in, monkeypatch):
    monkeypatch.setattr(operations, "MOST_COUNTED", 2)
    talk(stage, "方便", "有年费吗")
    page = signed_in("admin").get("/operations").text
    assert ("Of the latest 2 messages." in page, '<td class="number">2</td>' in page) == (True, True)


def test_a_stop_is_set_and_lifted_with_a_reason(product, signed_in):
    signed_in("marketer").post("/operations/stops", data={"scope": "all", **WHY})
    with product.sessions.reading() as db:
        stop = db.exec(select(Stop)).one()
    assert "a wrong offer went out" in signed_in("admin").get("/operations").text
    assert signed_in("marketer").post(f"/operations/stops/{stop.id}/lift", data=WHY).status_code == 403
    signed_in("compliance").post(f"/operations/stops/{stop.id}/lift", data={"why": "put right"})
    twice = signed_in("admin").post(f"/operations/stops/{stop.id}/lift", data={"why": "put right"})
    assert twice.status_code == 409
    assert "compliance.one" in twice.text
    with product.sessions.reading() as db:
        assert db.exec(select(Stop)).one().lifted_why == "put right"
        done = [(one.verb, one.who, one.why) for one in db.exec(select(AuditEntry).order_by(AuditEntry.id))]
    assert done == [("sending_stopped", "marketer.one", WHY["why"]), ("sending_started", "compliance.one", "put right")]


@pytest.mark.parametrize("fields", [{"scope": "campaign"}, {"scope": "everything"}, {"scope": "all", "why": ""}])
def test_a_stop_that_names_nothing_or_no_reason_is_refused(product, signed_in, fields):
    assert signed_in("admin").post("/operations/stops", data={**WHY, **fields}).status_code == 422
    with product.sessions.reading() as db:
        assert db.exec(select(Stop)).all() == []


def test_the_sample_dashboard_names_only_what_we_measure(product, signed_in):
    carrier_door.build(product)  # both doors are one process, and one set of metrics
    measured = set(re.findall(r"^# TYPE (\w+)", signed_in("admin").get("/metrics").text, re.MULTILINE))
    panels = json.loads((ROOT / "docs" / "grafana.json").read_text(encoding="utf-8"))["panels"]
    asked = {
        name for panel in panels for target in panel["targets"] for name in re.findall(r"outreach_\w+", target["expr"])
    }
    assert {name.removesuffix("_bucket") for name in asked} <= measured
    assert len(asked) >= 7
