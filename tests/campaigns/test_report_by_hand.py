"""Every cell of a report, in whole and by every part, against the same figure worked out by hand from the rows."""

from __future__ import annotations

from datetime import timedelta
from random import Random

import pytest
from sqlalchemy import update
from sqlmodel import col, select

from outreach.campaigns import report, report_scope
from outreach.carrier.call_port import CallStatus
from outreach.carrier.port import FailureKind, Refused
from outreach.conversations import wording
from outreach.model import Call, Message
from outreach.rules.channel import Channel
from outreach.rules.delivery import MessageState
from tests.campaigns.by_hand import PARTS, Rows
from tests.campaigns.engine import FILE, FIRST
from tests.campaigns.test_following import FOLLOW_UPS
from tests.campaigns.test_report import feed

CUSTOMERS = 36
TERMS = """\
holdout: 15%
variants: {a: {weight: 50}, b: {weight: 50, offer: {gift: 一个双肩包}}}
fallback: {after: 48h, to: voice}
"""
TALKS = (
    ("affirm", "affirm", "明天下午", "9分"), ("affirm", "object_low_limit", "affirm", "明天下午"), ("退订",), ("object_no_use", "deny", "deny"),
    ("考虑一下",), ("affirm", "考虑一下"), ("complaint",), ("deny", "deny"), ("ask_fee", "object_no_use"), (), (), (),
)  # fmt: skip

DAYS = ("2026-11-20", "2026-11-24", "2026-11-28", "2026-12-20", "2027-01-20")
"""Before the contact, on its day, within the window and after it."""


@pytest.fixture
def told(engine):
    """Texts and calls with every kind of end, follow-ups, and what the bank saw afterwards; drawn, and the same each time."""
    drawn = Random(20261126)
    engine.load(
        CUSTOMERS,
        lambda n: {
            "网点": ("城南支行", "城北支行", "滨江支行")[n % 3],
            "客户经理": ("张经理", "李经理", "")[n % 4 % 3],
            "短信同意": "" if n % 11 == 10 else "是",
            "电话同意": "" if n % 7 == 6 else "是",
            "存款": str((0, 8_000, 20_000, 60_000, 400_000, 2_000_000)[n % 6]) if n % 5 else "",
        },
    )
    engine.launch(TERMS + FOLLOW_UPS, FILE.replace("channels: [sms]", "channels: [sms, voice]"))
    engine.stage.carrier.fail_next(Refused("no such number", FailureKind.BAD_NUMBER, "invalid_number"))
    engine.work()
    arrived(engine)
    answer(engine, drawn, TALKS)
    engine.later(timedelta(hours=49))
    for number in range(CUSTOMERS):
        if engine.calls(number):
            call(engine, drawn, number)
    engine.later(timedelta(days=1, hours=1))
    answer(engine, drawn, [("affirm",), (), (), ()])
    arrived(engine)
    engine.later(timedelta(days=6))
    facts = [
        f"C{number:05},{fact},{day},{drawn.choice((0, 9_000, 70_000)) if fact == '余额' else ''}"
        for number in range(CUSTOMERS)
        for fact in drawn.sample(("激活", "开户", "余额"), drawn.randint(0, 3))
        for day in drawn.sample(DAYS, 3 if fact == "余额" else 1)
    ]
    feed(engine, *facts)
    return engine


def arrived(engine):
    """All but one text reach their handsets."""
    with engine.stage.sessions.begin() as db:
        sent = select(Message.id).where(Message.state == MessageState.ACCEPTED, Message.channel == Channel.SMS)
        lost, *others = db.exec(sent.order_by(col(Message.position))).all()
        db.execute(update(Message).where(col(Message.id) == lost).values(state=MessageState.FAILED))
        db.execute(update(Message).where(col(Message.id).in_(others)).values(state=MessageState.DELIVERED))


def answer(engine, drawn, talks):
    for number in range(CUSTOMERS):
        for words in drawn.choice(talks) if engine.texts(number) else ():
            engine.stage.hears(words, f"+86{FIRST + number}")


def call(engine, drawn, number):
    talk, end = engine.call(number), drawn.choice(("talks", "busy", "machine", "rings"))
    if end in {"busy", "rings"}:
        talk.ends(CallStatus.BUSY if end == "busy" else CallStatus.NO_ANSWER)
        return
    talk.picks_up()
    if end == "machine":
        talk.detects("machine_start")
    for words in ("confirm_identity", "affirm", "明天下午") if end == "talks" else ():
        if not talk.over:
            talk.says(words)
    if not talk.over:
        talk.ends()
    with engine.stage.sessions.begin() as db:
        db.get_one(Call, talk.id).duration_seconds = drawn.randint(1, 200)


def test_every_figure_of_every_part_is_what_the_rows_say(told):
    with told.stage.sessions.reading() as db:
        campaign = told.campaign()
        rows = Rows(db, report_scope.measured(db, campaign))
        made = {by: report.of(db, campaign, told.now(), by) for by in PARTS}
        script = wording.script_of(db, campaign.script_version_id)
    assert set(PARTS) == set(report_scope.DIMENSIONS)
    for by, one in made.items():
        parts = rows.parts(by)
        assert {part.name for part in one.parts} == set(parts)
        for name, said, by_hand in [
            ("whole", one.figures, rows.figures(rows.attempts)),
            *((part.name, part.figures, parts[part.name]) for part in one.parts),
        ]:
            figures = {key: value for key, value in said.to_json().items() if not key.startswith("balance_")}
            assert figures == pytest.approx({key: by_hand.get(key, 0) for key in figures}, abs=0.006), (by, name)
    one = made["campaign"]
    assert one.objections == rows.objections()
    funnel = rows.steps(campaign.script_version_id, [name for name, step in script.flow.steps.items() if step.waits])
    said = {step.step: (step.reached, step.answered, step.won, step.lost) for step in one.steps}
    assert said == {step: tuple(n[key] for key in ("reached", "answered", "won", "lost")) for step, n in funnel.items()}
    whole = one.figures
    assert min(whole.held_out, whole.opted_out, whole.complained, whole.converted, whole.kept, whole.calls) > 0
    assert whole.planned > whole.permitted > whole.sent > whole.reached > whole.replied > whole.succeeded > 0
