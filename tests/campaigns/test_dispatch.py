"""From a campaign file to the carrier and back: permission, claim, send, and what came of it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update
from sqlmodel import select

from outreach.campaigns import campaign_file, forecast, launching, plan, report, unknown_sends
from outreach.campaigns import open as opening
from outreach.campaigns.contact import contact
from outreach.campaigns.customer_import import import_customers
from outreach.carrier.port import FailureKind, NotSent, Refused, Throttled, Unknown
from outreach.cli import demo_data
from outreach.cli.stage import PHONE, SAMPLE_CUSTOMER
from outreach.clock import Clock
from outreach.documents import Refused as FileRefused
from outreach.model import Attempt, Campaign, CampaignState, Message, Scope, StaffTask, Stop, suppressions
from outreach.model.suppression import Source
from outreach.rules.delivery import MessageState
from tests.conftest import TUESDAY

FILE = """\
name: try-one
script: card_activation
segment: card_not_activated
channels: [sms]
start: 2026-11-24
end: 2026-11-30
pace: 200
offer: {benefits: 9元洗车、9元看电影, gift: 一把雨伞}
"""


@pytest.fixture
def launched(stage, tmp_path):
    """A campaign over 120 invented customers, planned and not yet opened."""
    path = demo_data.write_customers(tmp_path / "c.csv", 120, date(2026, 11, 24))
    import_customers(stage.sessions, stage.sealer, TUESDAY, path)
    (tmp_path / "c.yml").write_text(FILE, encoding="utf-8")
    file = campaign_file.read(tmp_path / "c.yml")
    with stage.sessions.begin() as db:
        campaign = launching.launch(db, stage.house, file, TUESDAY)
    plan.plan(stage.sessions, stage.clock, stage.house, campaign.id)
    return campaign


def attempts(stage) -> list[Attempt]:
    with stage.sessions.reading() as db:
        return list(db.exec(select(Attempt)).all())


def run_out(stage) -> None:
    """Open and send everything, as a worker does over some seconds."""
    for _ in range(5):
        with stage.sessions.begin() as db:
            db.execute(update(Campaign).values(paced_until=None))
        opening.open_due(stage.sessions, stage.clock, stage.house)
        stage.deliver()


def made_report(stage, campaign):
    with stage.sessions.reading() as db:
        return report.of(db, db.get_one(Campaign, campaign.id), stage.clock.now())


def test_everybody_of_the_audience_has_an_attempt_or_a_reason(stage, launched):
    run_out(stage)
    made = made_report(stage, launched)
    assert made.audience == made.sent + made.not_permitted["no_consent"]
    assert made.sent > 20
    assert len({request.to for request in stage.carrier.requests}) == made.sent


def test_planning_twice_adds_nothing(stage, launched):
    before = len(attempts(stage))
    assert plan.plan(stage.sessions, stage.clock, stage.house, launched.id) == 0
    assert len(attempts(stage)) == before


def test_the_check_says_what_the_launch_then_does(stage, launched, tmp_path):
    (tmp_path / "d.yml").write_text(FILE.replace("try-one", "try-two"), encoding="utf-8")
    with stage.sessions.reading() as db:
        foretold = forecast.of(db, stage.house, campaign_file.read(tmp_path / "d.yml"), TUESDAY)
    run_out(stage)
    made = made_report(stage, launched)
    assert (foretold.audience, foretold.planned) == (made.audience, made.sent)


def test_nothing_leaves_at_night_and_all_of_it_in_the_morning(stage, launched):
    stage.later(timedelta(hours=12))
    run_out(stage)
    assert stage.sent() == []
    stage.later(timedelta(hours=11))
    run_out(stage)
    assert len(stage.sent()) > 20


def test_four_dispatchers_at_once_send_each_text_once(stage, launched):
    opening.open_due(stage.sessions, stage.clock, stage.house)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: stage.sender.send_queued(), range(4)))
    bodies = [(request.to, request.body) for request in stage.carrier.requests]
    assert len(bodies) == len(set(bodies)) > 20


def test_a_stop_between_planning_and_sending_wins(stage, launched):
    opening.open_due(stage.sessions, stage.clock, stage.house)
    with stage.sessions.begin() as db:
        first = db.exec(select(Message)).first()
        suppressions.add(db, first.phone_hash, None, Source.SAID, "退订", TUESDAY)
    stage.deliver()
    assert first.text not in stage.sent() or all(request.id != first.id for request in stage.carrier.requests)
    assert all(request.id != first.id for request in stage.carrier.requests)


@pytest.mark.parametrize("scope", [Scope.ALL, Scope.CAMPAIGN, Scope.CARRIER])
def test_a_kill_switch_holds_everything_back(stage, launched, scope):
    with stage.sessions.begin() as db:
        db.add(
            Stop(
                scope=scope, campaign_id=launched.id if scope is Scope.CAMPAIGN else None,
                carrier="local" if scope is Scope.CARRIER else None, by="A", at=TUESDAY,
            )
        )  # fmt: skip
    run_out(stage)
    assert stage.sent() == []


def test_a_paused_campaign_opens_nothing(stage, launched):
    with stage.sessions.begin() as db:
        db.execute(update(Campaign).values(state=CampaignState.PAUSED))
    run_out(stage)
    assert stage.sent() == []


def test_a_broken_off_request_is_asked_about_and_not_repeated(stage, launched):
    stage.carrier.fail_next(Unknown("read timeout"), taken=True)
    run_out(stage)
    with stage.sessions.begin() as db:
        unknown = db.exec(select(Message).where(Message.state == MessageState.UNKNOWN)).one()
        unknown.lease_until = TUESDAY - timedelta(days=900)
        unknown.sent_at = TUESDAY - timedelta(days=900)
        db.add(unknown)
    sent = len(stage.sent())
    unknown_sends.ask_carrier(stage.sessions, stage.carrier, stage.clock, stage.house, stage.sealer)
    stage.deliver()
    with stage.sessions.reading() as db:
        assert db.get_one(Message, unknown.id).carrier_ref is not None
    assert len(stage.sent()) == sent


def test_a_send_that_the_carrier_never_had_goes_out_once_more_and_then_to_a_person(stage):
    stage.carrier.fail_next(Unknown("reset"), Unknown("reset"), taken=False)
    made = stage.contact()
    for _ in range(3):
        with stage.sessions.begin() as db:
            db.execute(update(Message).values(lease_until=TUESDAY - timedelta(days=900)))
        unknown_sends.ask_carrier(stage.sessions, stage.carrier, stage.clock, stage.house, stage.sealer)
        stage.deliver()
    assert len(stage.sent()) == 2
    assert stage.shows(made.conversation)["outcome"] == "undelivered"


@pytest.mark.parametrize(
    ("outcome", "kind"),
    [
        ("invalid_number", FailureKind.BAD_NUMBER),
        ("opted_out", FailureKind.OPTED_OUT),
        ("blocked", FailureKind.CONTENT),
    ],
)
def test_a_refused_opening_ends_its_attempt(stage, outcome, kind):
    stage.carrier.fail_next(Refused("refused", kind, outcome, "21610"))
    made = stage.contact()
    assert stage.shows(made.conversation)["outcome"] == outcome
    if outcome != "blocked":
        assert stage.contact().reason in {"opted_out", "bad_number"}


@pytest.mark.parametrize("error", [NotSent("no connection"), Throttled("429")])
def test_what_provably_was_not_sent_waits_and_consumes_no_attempt(stage, error):
    stage.carrier.fail_next(error)
    made = stage.contact()
    said = stage.shows(made.conversation)
    assert (said["state"], said["messages"][0]["status"]) == ("open", "queued")
    stage.later(timedelta(minutes=2))
    stage.deliver()
    assert stage.shows(made.conversation)["messages"][0]["status"] in {"accepted", "delivered"}


def test_a_claim_left_by_a_dead_worker_is_taken_over(stage):
    made = stage.contact()
    with stage.sessions.begin() as db:
        db.execute(
            update(Message).values(
                state=MessageState.CLAIMED, lease_until=TUESDAY - timedelta(days=900), carrier_ref=None
            )
        )
    unknown_sends.ask_carrier(stage.sessions, stage.carrier, stage.clock, stage.house, stage.sealer)
    assert stage.shows(made.conversation)["messages"][0]["status"] == "queued"


def test_an_answer_that_cannot_be_sent_becomes_a_task(stage):
    made = stage.contact()
    stage.carrier.fail_next(Refused("refused", FailureKind.CONTENT, "blocked", "30007"))
    stage.hears("好")
    with stage.sessions.reading() as db:
        assert db.exec(select(StaffTask)).one().kind == "unsent"
    assert stage.shows(made.conversation)["state"] == "open"


def test_three_contacts_in_seven_days_are_the_most(stage):
    for day in range(3):
        assert stage.contact().conversation is not None, day
        stage.later(timedelta(hours=73))
        stage.later(timedelta(hours=-49))
    refused = stage.contact()
    assert refused.reason == "too_often"
    assert refused.until is not None


def test_a_finished_campaign_says_so(stage, launched):
    run_out(stage)
    stage.later(timedelta(hours=73))
    stage.later(timedelta(seconds=1))
    assert made_report(stage, launched).unfinished == 0
    with stage.sessions.reading() as db:
        assert db.get_one(Campaign, launched.id).state is CampaignState.FINISHED


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("segment: card_not_activated", "segment: nobody", "nobody"),
        ("script: card_activation", "script: nothing", "nothing"),
        ("channels: [sms]", "channels: [pigeon]", "pigeon"),
        ("channels: [sms]", "channels: [fax]", "fax"),
        ("start: 2026-11-24", "start: gestern", "start"),
        ("end: 2026-11-30", "end: 2026-11-01", "end"),
        ("end: 2026-11-30", "end: 2026-11-30\nhurry: yes", "hurry"),
        ("pace: 200", "pace: 0", "pace"),
        ("gift: 一把雨伞", "gift: '保底收益,无风险,月复利'", "保底"),
        ("gift: 一把雨伞", "prize: 一把雨伞", "prize"),
        ("name: try-one", "name: try-one\nname: twice", "YAML"),
        ("segment: card_not_activated", "segment: card_not_activated\nlist: x.txt", "exactly one"),
    ],
)
def test_a_bad_campaign_file_is_refused_with_line_and_reason(stage, tmp_path: Path, old, new, said):
    (tmp_path / "bad.yml").write_text(FILE.replace(old, new), encoding="utf-8")
    with stage.sessions.reading() as db, pytest.raises(FileRefused) as refused:
        forecast.of(db, stage.house, campaign_file.read(tmp_path / "bad.yml"), TUESDAY)
    assert any(said in str(problem) and problem.line >= 1 for problem in refused.value.problems)


def test_a_name_is_used_once(stage, launched, tmp_path):
    with stage.sessions.begin() as db, pytest.raises(FileRefused, match="launched already"):
        launching.launch(db, stage.house, campaign_file.read(tmp_path / "c.yml"), TUESDAY)


def test_a_list_names_the_numbers_nobody_has(stage, launched, tmp_path):
    (tmp_path / "l.txt").write_text("D00001\nD99999\n", encoding="utf-8")
    text = FILE.replace("segment: card_not_activated", "list: l.txt").replace("try-one", "try-list")
    (tmp_path / "l.yml").write_text(text, encoding="utf-8")
    with stage.sessions.begin() as db, pytest.raises(FileRefused, match="D99999"):
        launching.launch(db, stage.house, campaign_file.read(tmp_path / "l.yml"), TUESDAY)


def test_an_edited_segment_changes_nothing_that_was_launched(launched):
    assert launched.definition["where"]["all"]


def test_a_contact_agreed_to_while_a_claim_begins_is_sent(stage):
    """The claim has read the clock; then customer, consent and text are committed, and it finds the text."""
    real, waited = stage.clock, []

    class Slow(Clock):
        def now(self):
            read = real.now()
            if not waited:
                waited.append(True)
                with stage.sessions.begin() as db:
                    contact(
                        db, stage.house, stage.sealer, real.now(), phone=PHONE, script="card_activation",
                        channel="sms", about=SAMPLE_CUSTOMER, offer={},
                    )  # fmt: skip
            return read

    stage.sender.use(Slow(real.anchor))
    stage.sender.send_queued()
    assert waited
    assert len(stage.sent()) == 1
