"""Who may launch a campaign, and who is planned by it."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from outreach.campaigns import explaining, forecast, launching, plan
from outreach.campaigns.launching import NotLaunched
from outreach.documents import Refused
from outreach.model import CampaignState
from tests.campaigns.engine import FILE
from tests.conftest import TUESDAY

HALVES = "holdout: 20%\nvariants:\n  a: {weight: 50}\n  b: {weight: 50, offer: {gift: 一个背包}}\n"


def propose(engine, more="approval: required\n"):
    file = engine.file(more)
    with engine.stage.sessions.begin() as db:
        return launching.propose(db, engine.stage.house, file, "小王", TUESDAY)


def test_a_proposed_campaign_reaches_nobody_before_a_second_person_approves(engine):
    engine.load(3)
    campaign = propose(engine)
    assert plan.plan(engine.stage.sessions, engine.stage.clock, engine.stage.house, campaign.id) == 0
    for same in ("小王", "小王 ", "\u3000小王"):
        with engine.stage.sessions.begin() as db, pytest.raises(NotLaunched, match="somebody else"):
            launching.approve(db, "try-one", same, TUESDAY)
    with engine.stage.sessions.begin() as db:
        launching.approve(db, "try-one", "小李", TUESDAY)
    assert plan.plan(engine.stage.sessions, engine.stage.clock, engine.stage.house, campaign.id) == 3
    assert (engine.campaign().proposed_by, engine.campaign().approved_by) == ("小王", "小李")


def test_a_rejected_proposal_frees_its_name(engine):
    propose(engine)
    with engine.stage.sessions.begin() as db:
        assert launching.reject(db, "try-one", "小李", "权益要写清楚", TUESDAY).state is CampaignState.REJECTED
    assert propose(engine).state is CampaignState.PROPOSED


@pytest.mark.parametrize(("provider", "more"), [("twilio", ""), ("local", "approval: required\n")])
def test_real_customers_need_a_second_person(engine, provider, more):
    house = replace(engine.stage.house, provider=provider)
    with engine.stage.sessions.begin() as db, pytest.raises(NotLaunched, match="second person"):
        launching.launch(db, house, engine.file(more), TUESDAY)


def test_the_holdout_is_never_contacted_and_variants_stay_with_their_customers(engine):
    engine.load(80)
    campaign = engine.launch(HALVES)
    engine.work()
    held = [one for one in engine.attempts() if one.reason == "holdout"]
    assert 5 < len(held) < 30
    assert len(engine.stage.carrier.requests) == 80 - len(held)
    tried = Counter(one.variant for one in engine.attempts() if one.reason != "holdout")
    assert tried["a"] > 15
    assert tried["b"] > 15
    for one in engine.attempts():
        assert one.offer["gift"] == ("一个背包" if one.variant == "b" else "一把雨伞")
    assert plan.plan(engine.stage.sessions, engine.stage.clock, engine.stage.house, campaign.id) == 0


def test_who_would_not_be_permitted_is_not_drawn_for_the_holdout(engine):
    engine.load(20, lambda number: {"短信同意": "否"})
    engine.launch("holdout: 50%\n")
    assert {one.reason for one in engine.attempts()} == {"no_consent"}


def test_the_check_counts_the_left_out_the_held_out_and_the_variants(engine):
    engine.load(60)
    (engine.folder / "out.txt").write_text("C00001\nC00002\nC99999\n", encoding="utf-8")
    file = engine.file(HALVES + "exclude: {lists: [out.txt]}\n")
    with engine.stage.sessions.reading() as db:
        made = forecast.of(db, engine.stage.house, file, TUESDAY)
    assert (made.audience, made.excluded, made.strangers) == (58, 2, 1)
    words = list(explaining.explain(file, made, engine.stage.house))
    assert "  1 numbers of the lists to leave out have no customer" in words
    assert "  there are too few for a winner: a, b" in words
    assert made.planned + made.refused["holdout"] == 58
    assert sum(made.variants.values()) == made.planned


def test_an_earlier_campaign_can_be_left_out(engine):
    engine.load(4)
    (engine.folder / "some.txt").write_text("C00001\nC00002\n", encoding="utf-8")
    engine.launch(text=FILE.replace("segment: card_not_activated", "list: some.txt"))
    engine.launch("exclude: {campaigns: [try-one]}\n", FILE.replace("try-one", "try-two"))
    assert len(engine.attempts()) == 4
    assert len({one.customer_id for one in engine.attempts()}) == 4


@pytest.mark.parametrize(
    ("more", "line", "said"),
    [
        ("variants:\n  a: {weight: 50}\n  c: {weight: 50}\n", 11, "no wording for sms"),
        ("variants:\n  a: {weight: 50}\n  b: {weight: 50, offer: {prize: x}}\n", 11, "not a field"),
        ("exclude: {segments: [nobody]}\n", 9, "nobody"),
        ("exclude: {campaigns: [never]}\n", 9, "never"),
        ("exclude: {lists: [none.txt]}\n", 9, "none.txt"),
    ],
)
def test_what_does_not_exist_is_refused_with_its_line(engine, more, line, said):
    with engine.stage.sessions.begin() as db, pytest.raises(Refused) as refused:
        launching.launch(db, engine.stage.house, engine.file(more), TUESDAY)
    assert any(problem.line == line and said in str(problem) for problem in refused.value.problems), refused.value


@pytest.mark.parametrize(
    ("written", "instead", "line", "said"),
    [
        ("name: try-one", "name:", 1, "name: is empty"),
        ("name: try-one", "name: 5", 1, "is not a text"),
        ("name: try-one", f"name: {'x' * 81}", 1, "at most 80"),
        ("script: card_activation", "script:", 2, "is empty"),
        ("segment: card_not_activated", "segment:", 3, "is empty"),
        ("segment: card_not_activated", "list: nobody.txt", 3, "names nobody"),
        ("channels: [sms]", "channels: [{sms: 1}]", 4, "a list of sms and voice"),
        ("start: 2026-11-24", "start: 2026-11-24 10:00:00", 5, "is not a date"),
        ("end: 2026-12-24", "end:", 6, "is not a date"),
        ("gift: 一把雨伞", "gift: ", 8, "offer.gift: is empty"),
        ("gift: 一把雨伞", "gift: [一把雨伞]", 8, "offer.gift: is not a text"),
        ("pace: 200", "exclude: {segments: [{a: 1}]}", 7, "is not a text"),
        ("pace: 200", "follow_ups: {a: {after: [agreed], in: 1d, channel: [sms], script: [x]}}", 7, "sms or voice"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_line(engine, written, instead, line, said):
    (engine.folder / "nobody.txt").write_text("\n", encoding="utf-8")
    with pytest.raises(Refused) as refused:
        engine.file(text=FILE.replace(written, instead))
    assert any(problem.line == line and said in str(problem) for problem in refused.value.problems), refused.value


CALLED = FILE.replace("channels: [sms]", "channels: [voice]")
BOTH = FILE.replace("channels: [sms]", "channels: [sms, voice]")
FOLLOWED = "follow_ups:\n  thanks: {after: [agreed], in: 1d, channel: sms, script: follow_up_thanks}\n"


@pytest.mark.parametrize(
    ("text", "more", "line", "said"),
    [
        (FILE, 'windows:\n  voice: {mon: ["10:00-11:00"]}\n', 10, "nobody is reached on this channel (one of sms)"),
        (FILE, "not_on: [2026-12-03, 2027-12-03]\n", 9, "2027-12-03 is no day of the campaign"),
        (FILE, "retry:\n  line_busy: {after: 30m}\n", 10, "no text ends as line_busy"),
        (CALLED, "retry:\n  no_reply | no_answer: {after: 4h}\n", 10, "no call ends as no_reply"),
        (CALLED, 'retry:\n  no_answer: {after: 4h, at: "22:30"}\n', 10, "22:30 is never within the hours of voice"),
        (BOTH, "fallback: {to: voice, on: [no_reply, no_answer]}\n", 9, "no text ends as no_answer"),
        (FILE, "stop: {target: 5, of: 100}\n", 9, "is for a rate"),
        (FILE, "variants:\n  a: {weight: 50}\n  b: {weight: 50, offer: {gift: 伞}}\nexperiment: {size: 9, effect: 5%}\n",
         12, "size, which is given"),
        (FILE, FOLLOWED.replace("[agreed]", "[]"), 10, "never begins"),
        (FILE, FOLLOWED.replace("[agreed]", "[line_busy]"), 10, "no text ends as line_busy"),
        (FILE, FOLLOWED.replace("[agreed]", "{opening: [machine]}"), 10, "no text ends as machine"),
        (FILE, FOLLOWED.replace("in: 1d", "in: 31d"), 10, "is not before 2026-12-25"),
        (FILE, FOLLOWED + FOLLOWED.split("\n")[1].replace("thanks:", "more:").replace(
            "[agreed], in: 1d", "{thanks: [no_reply]}, in: 30d") + "\n", 11, "is not before 2026-12-25"),
        (CALLED, "retry: {no_answer: {after: 60d}}\n", 9, "is not before 2027-01-23"),
        (BOTH.replace("2026-12-24", "2026-11-30"), "fallback: {after: 7d, to: voice}\n", 9, "is not before 2026-12-01"),
        (BOTH.replace("2026-12-24", "2026-11-26"), "fallback: {to: voice}\n", 9, "is not before 2026-11-27"),
        (FILE, "on_machine: text\n", 9, "nobody is called"),
        (FILE, FOLLOWED.replace("in: 1d", 'in: 1d, at: "23:00"'), 10, "23:00 is never within the hours of sms"),
    ],
)  # fmt: skip
def test_what_could_never_happen_is_refused_with_its_line(engine, text, more, line, said):
    with engine.stage.sessions.begin() as db, pytest.raises(Refused) as refused:
        launching.launch(db, engine.stage.house, engine.file(more, text), TUESDAY)
    assert [(problem.line, said in str(problem)) for problem in refused.value.problems] == [(line, True)]


def test_a_machine_may_take_a_call_so_that_a_text_goes_unanswered(engine):
    more = "on_machine: text\n" + FOLLOWED.replace("[agreed]", "[no_reply, machine]")
    with engine.stage.sessions.begin() as db:
        launching.launch(db, engine.stage.house, engine.file(more, CALLED), TUESDAY)


@pytest.mark.parametrize("dates", ["start: 2026-11-20\nend: 2026-12-24", "start: 2026-11-01\nend: 2026-11-20"])
def test_dates_in_the_past_are_refused(engine, dates):
    text = FILE.replace("start: 2026-11-24\nend: 2026-12-24", dates)
    with engine.stage.sessions.begin() as db, pytest.raises(Refused, match="in the past"):
        launching.launch(db, engine.stage.house, engine.file(text=text), TUESDAY)
