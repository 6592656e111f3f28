"""What is too much to be counted for every look is counted by a worker, kept, and shown from when it is."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from sqlmodel import select

from outreach.campaigns import kept_reports, portfolio, report, targets
from outreach.model import Aim, KeptReport
from outreach.said import translated
from outreach.web.console import languages
from tests.conftest import TUESDAY

VARIANTS = (
    "holdout: 50%\nvariants: {a: {weight: 50}, b: {weight: 50, offer: {gift: 一个水杯}}}\nexperiment: {size: 99}\n"
)


@pytest.fixture
def large(engine, monkeypatch):
    """A campaign with everything that a report can have, too large to be counted at once."""
    engine.load(8, lambda n: {"客户经理": "李经理" if n % 2 else "张经理"})
    engine.launch(VARIANTS)
    engine.work()
    engine.hears(contacted(engine)[0], "affirm", "object_low_limit")
    with engine.stage.sessions.begin() as db:
        targets.set_targets(db, engine.campaign(), {Aim.CONTACTS: 10}, [TUESDAY.date()], "A", engine.now())
    monkeypatch.setattr(kept_reports, "FEW", 3)
    return engine


def contacted(engine):
    """Those whom the holdout did not take."""
    return [number for number in range(8) if engine.texts(number)]


def shown(engine, by=None):
    with engine.stage.sessions.reading() as db:
        return kept_reports.of(db, engine.campaign(), engine.now(), by)


def counted(engine, by=""):
    kept_reports.make(engine.stage.sessions, engine.stage.clock, engine.campaign().id, by)


def test_little_is_counted_at_once(large, monkeypatch):
    monkeypatch.setattr(kept_reports, "FEW", 8)
    one = shown(large)
    assert (one.made.audience, one.at, one.due) == (8, None, False)


def test_much_is_shown_once_a_worker_has_counted_it(large):
    assert shown(large) == kept_reports.Counted(None, None, due=True)
    counted(large)
    one = shown(large)
    assert (one.made.audience, TUESDAY <= one.at <= large.now(), one.due) == (8, True, False)


@pytest.mark.parametrize("by", ["", "manager", "variant"])
def test_what_was_kept_is_the_report_itself(large, by):
    counted(large, by)
    with large.stage.sessions.reading() as db:
        fresh = report.of(db, large.campaign(), large.now(), by or None)
    kept = shown(large, by or None).made
    assert kept.to_json() == fresh.to_json()
    assert (kept.effect is not None, kept.experiment is not None, len(kept.targets) > 0) == (True, True, True)


def test_a_kept_report_is_still_said_in_chinese(large):
    counted(large)
    chinese = languages.translations("zh").gettext
    assert translated(shown(large).made.experiment.why, chinese).startswith("为时尚早")


def test_all_campaigns_together_are_kept_too(large):
    with large.stage.sessions.reading() as db:
        assert kept_reports.of_all(db).due
    kept_reports.make(large.stage.sessions, large.stage.clock, kept_reports.ALL, "campaign")
    with large.stage.sessions.reading() as db:
        assert kept_reports.of_all(db).made.to_json() == portfolio.of(db).to_json()


def test_a_report_that_has_grown_old_is_shown_and_counted_anew(large, monkeypatch):
    counted(large)
    large.hears(contacted(large)[1], "affirm")
    counted(large)
    assert shown(large).made.replied == 1, "it was counted just now"
    monkeypatch.setattr(kept_reports, "YOUNG", timedelta())
    monkeypatch.setattr(kept_reports, "RESTS", 0)
    old = shown(large)
    assert (old.made.replied, old.due) == (1, True)
    counted(large)
    assert shown(large).made.replied == 2


def test_a_campaign_that_is_no_more_is_not_counted(large):
    kept_reports.make(large.stage.sessions, large.stage.clock, UUID(int=5), "")
    with large.stage.sessions.reading() as db:
        assert db.exec(select(KeptReport)).all() == []
