"""What a report counts: each customer once, by whatever part, with what the bank saw afterwards."""

from __future__ import annotations

import io
import re
from collections import Counter
from datetime import timedelta

import openpyxl
import pytest
from sqlalchemy import update
from sqlmodel import select

from outreach.campaigns import cost, portfolio, report, report_page, report_words, report_workbook, steering
from outreach.campaigns.fact_import import import_facts
from outreach.carrier.port import FailureKind
from outreach.carrier.port import Refused as NotTaken
from outreach.conversations import transcript
from outreach.documents import Refused
from outreach.model import Attempt, Branch, Conversation, Message
from outreach.model.columns import new_id
from outreach.rules.delivery import AttemptState, MessageState
from outreach.rules.verdict import Reason
from outreach.scripts import names
from tests.campaigns.engine import FILE, FIRST

BRANCHES = ("城南支行", "城北支行")


@pytest.fixture
def talked(engine):
    """Eight customers of two branches: one books, one objects and falls silent, one stops us, one refuses, four are silent."""
    engine.load(
        8,
        lambda n: {
            "网点": BRANCHES[n % 2],
            "客户经理": "=李经理" if n % 2 else "张经理",
            "短信同意": "" if n == 7 else "是",
        },
    )
    engine.launch()
    engine.work()
    with engine.stage.sessions.begin() as db:
        sent = update(Message).where(Message.starts_contact, Message.state == MessageState.ACCEPTED)
        db.execute(sent.values(state=MessageState.DELIVERED))
    for number, said in (
        (0, ("affirm", "affirm", "affirm", "1")),
        (1, ("affirm", "object_low_limit")),
        (2, ("退订",)),
        (3, ("affirm", "object_no_use", "deny", "deny")),
    ):
        for words in said:
            engine.stage.hears(words, f"+86{FIRST + number}")
    return engine


def made(engine, by=None):
    with engine.stage.sessions.reading() as db:
        return report.of(db, engine.campaign(), engine.now(), by)


def feed(engine, *rows):
    path = engine.folder / "facts.csv"
    path.write_text("\n".join(["客户号,事实,日期,金额", *rows]) + "\n", encoding="utf-8")
    imported = import_facts(engine.stage.sessions, engine.now() + timedelta(days=60), path)
    assert not imported.refused


def test_every_customer_has_one_end_or_is_unfinished(talked):
    one = made(talked)
    assert one.audience == 8
    assert sum(one.outcomes.values()) + one.unfinished == one.audience
    assert one.not_permitted == {"no_consent": 1}
    assert (one.permitted, one.sent, one.delivered, one.replied) == (7, 7, 7, 4)
    assert one.outcomes["opted_out"] == one.outcomes["visit_booked"] == one.succeeded == one.visits == 1


def test_an_objection_counts_whether_or_not_it_was_overcome(talked):
    assert made(talked).objections == {"object_low_limit": 1, "object_no_use": 1}


def test_the_steps_show_where_customers_came_to_and_where_they_were_lost(talked):
    talked.later(timedelta(days=4))
    listed = [one.step for one in made(talked).steps]
    assert listed[:2] == ["introduce", "explain"], "as a conversation comes to them"
    steps = {one.step: one for one in made(talked).steps}
    assert next(iter(steps)) == "introduce"
    assert steps["introduce"].reached == 7
    assert steps["introduce"].lost == 3 + 1  # three said nothing, one stopped us
    assert sum(one.won + one.lost for one in steps.values()) == 7
    for one in steps.values():
        assert one.reached >= one.answered
        assert one.reached >= one.won + one.lost


def test_parts_add_up_to_the_whole(talked):
    for by in ("branch", "manager", "channel", "segment", "variant", "tier", "campaign"):
        one = made(talked, by)
        for figure in ("planned", "permitted", "sent", "replied", "succeeded", "texts", "segments"):
            assert sum(getattr(part.figures, figure) for part in one.parts) == getattr(one.figures, figure), by
    assert {part.name: part.figures.planned for part in made(talked, "branch").parts} == {"城南支行": 4, "城北支行": 4}


def test_a_grade_is_kept_with_the_conversation_and_the_last_of_a_customer_counts(talked):
    assert made(talked).figures.rating is None
    talked.stage.hears("9分", f"+86{FIRST}")
    talked.stage.hears("不太满意", f"+86{FIRST + 1}")
    talked.stage.hears("报告", f"+86{FIRST + 1}")  # read as a grade, but it names none
    talked.stage.hears("9分", f"+86{FIRST + 3}")
    talked.stage.hears("不太满意", f"+86{FIRST + 3}")
    figures = made(talked).figures
    assert (figures.rated, figures.rating_points, figures.rating) == (3, 5 + 2 + 2, 3.0)
    with talked.stage.sessions.reading() as db:
        grades = [transcript.of(db, one)["rating"] for one in db.exec(select(Conversation.id)).all()]
    assert sorted(grade for grade in grades if grade) == [2, 2, 5]
    assert sum(part.figures.rated for part in made(talked, "branch").parts) == 3


def test_a_fact_counts_from_the_contact_to_the_end_of_the_window(talked):
    before, first, last, late = "2026-11-23", "2026-11-24", "2026-12-24", "2026-12-25"
    feed(talked, f"C00000,激活,{first},", f"C00001,激活,{last},", f"C00002,激活,{late},", f"C00003,激活,{before},")
    assert made(talked).figures.converted == 2
    assert made(talked).figures.converted_participants == 1


def test_balances_show_growth_retention_and_new_value_clients(talked):
    feed(
        talked,
        "C00000,余额,2026-11-20,40000", "C00000,余额,2026-12-20,60000",
        "C00001,余额,2026-11-20,1000", "C00001,余额,2026-12-20,100",
        "C00002,余额,2026-12-20,99",
        "C00003,开户,2026-12-01,",
    )  # fmt: skip
    one = made(talked).figures
    assert (one.with_balances, one.aum_growth) == (2, 19_100)
    assert (one.kept, one.keepable, one.retention) == (1, 2, 0.5)
    assert (one.new_value_clients, one.accounts_opened) == (1, 1)


def test_the_cost_is_segments_and_begun_minutes_at_the_prices_of_the_house(talked):
    one = made(talked).figures
    assert one.segments >= one.texts > 7
    assert one.cost == pytest.approx(one.segments * 0.05)


def test_what_the_carrier_refused_costs_nothing(engine):
    engine.load(2)
    campaign = engine.launch()
    engine.stage.carrier.fail_next(NotTaken("no such number", FailureKind.BAD_NUMBER, "invalid_number"))
    engine.work()
    one = made(engine).figures
    assert (one.permitted, one.sent, one.texts) == (2, 1, 1)
    with engine.stage.sessions.reading() as db:
        assert float(cost.spent(db, campaign.id)) == pytest.approx(one.cost) == pytest.approx(one.segments * 0.05)


def test_a_customer_of_two_campaigns_counts_in_each(talked):
    text = talked.file().path.read_text(encoding="utf-8").replace("try-one", "try-two")
    talked.launch(text=text)
    with talked.stage.sessions.reading() as db:
        both = portfolio.of(db)
    planned = {part.name: part.figures.planned for part in both.parts}
    assert planned["try-one"] == 8
    assert planned["try-two"] >= 1
    assert both.figures.planned == sum(planned.values())


def test_contacted_customers_are_compared_with_those_left_alone_and_variants_with_each_other(engine):
    engine.load(24, lambda n: {"短信同意": "" if n == 23 else "是"})
    engine.launch(
        "holdout: 50%\nvariants: {a: {weight: 50}, b: {weight: 50, offer: {gift: 一个水杯}}}\nexperiment: {size: 1}\n"
    )
    engine.work()
    held = {one.customer_id for one in engine.attempts() if one.reason == "holdout"}
    refs = {f"C{number:05}": engine.attempts(f"C{number:05}")[0] for number in range(23)}
    contacted = [ref for ref, one in refs.items() if one.customer_id not in held]
    feed(engine, *(f"{ref},激活,2026-12-01," for ref in contacted), "C00023,激活,2026-12-01,")
    effect = made(engine).effect
    assert (effect.contacted.customers, effect.contacted.count) == (len(contacted), len(contacted))
    assert (effect.held_out.customers, effect.held_out.count) == (len(held), 0)
    assert effect.caused == pytest.approx(len(contacted))
    assert made(engine).figures.held_out == len(held)

    tried = made(engine).experiment
    assert (tried.measure, tried.winner) == ("card_activated", None)
    assert sum(share.customers for share in tried.variants.values()) == 0  # the window is not over
    engine.later(timedelta(days=40))
    tried = made(engine).experiment
    assert {name: share.count for name, share in tried.variants.items()} == {
        name: sum(refs[ref].variant == name for ref in contacted) for name in ("a", "b")
    }
    assert made(engine).to_json()["effect"]["first_day"] == "2026-11-24"


def test_who_got_a_variant_by_promotion_does_not_count_in_the_experiment(engine):
    engine.load(40)
    engine.launch(
        "variants: {a: {weight: 50}, b: {weight: 50, offer: {gift: 一个水杯}}}\nexperiment: {size: 30}\n",
        FILE.replace("pace: 200", "pace: 20"),
    )
    engine.tick()
    drawn = Counter(one.variant for one in engine.attempts() if one.state in {"contacting", "open"})
    assert sum(drawn.values()) == 20
    assert "too early" in made(engine).experiment.why
    engine.stage.later(timedelta(minutes=1))
    with engine.stage.sessions.begin() as db:
        steering.promote(db, "try-one", "b", "小王", "", engine.now())
    engine.later(timedelta(minutes=1))
    engine.later(timedelta(hours=80))
    assert {str(one.state) for one in engine.attempts()} == {"closed"}
    tried = made(engine).experiment
    assert {name: share.customers for name, share in tried.variants.items()} == drawn
    assert "nobody is drawn since a variant was promoted" in tried.why


def test_who_is_to_be_tried_again_has_no_known_result_yet(engine):
    engine.load(6)
    engine.launch(
        "variants: {a: {weight: 50}, b: {weight: 50, offer: {gift: 一个水杯}}}\nexperiment: {size: 1}\n"
        "retry: {no_reply: {after: 2d, times: 1}}\n"
    )
    engine.work()
    engine.later(timedelta(hours=73))  # silence is an outcome, and the next try is planned
    assert {str(one.state) for one in engine.attempts()} == {"closed", "planned"}
    tried = made(engine).experiment
    assert (tried.measure, {share.customers for share in tried.variants.values()}) == ("goal", {0})
    assert tried.winner is None
    engine.later(timedelta(days=2))
    engine.later(timedelta(hours=73))
    assert sum(share.customers for share in made(engine).experiment.variants.values()) == 6


def test_follow_ups_are_counted_beside_the_campaign(talked):
    with talked.stage.sessions.begin() as db:
        first = db.exec(select(Attempt).where(Attempt.outcome == "visit_booked")).one()
        later = {"id": new_id(), "step": "follow_up:thanks", "state": AttemptState.PLANNED}
        db.add(Attempt(**first.model_dump() | later | {"outcome": None, "closed_at": None}))
    one = made(talked)
    assert [(row.step, row.planned, row.waiting, row.sent) for row in one.follow_ups] == [("follow_up:thanks", 1, 1, 0)]
    assert (one.audience, one.outcomes["visit_booked"]) == (8, 1)


def test_a_workbook_has_a_sheet_for_each_table_and_like_csv_runs_nothing(talked):
    book = openpyxl.load_workbook(io.BytesIO(report_workbook.of(made(talked, "manager"))))
    assert book.sheetnames[:3] == ["汇总", "按客户经理", "话术漏斗"]
    assert {row[0].value for row in book["按客户经理"].iter_rows(min_row=2)} == {"张经理", "'=李经理"}
    lines = report_workbook.csv_of(made(talked, "manager")).decode("utf-8-sig").splitlines()
    assert {line.split(",")[0] for line in lines} == {"客户经理", "张经理", "'=李经理"}


def test_a_page_needs_nothing_else_and_shows_names_as_they_are(talked):
    with talked.stage.sessions.begin() as db:
        db.execute(update(Branch).where(Branch.name == "城南支行").values(name="<script>alert(1)</script>"))
    page = report_page.of(made(talked, "branch"), talked.now())
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert not re.findall(r"(?:src|href)=|url\(|@import", page)
    assert "约好到店" in page
    assert page == report_page.of(made(talked, "branch"), talked.now())
    with talked.stage.sessions.reading() as db:
        assert "全部活动" in report_page.of(portfolio.of(db), talked.now())


def test_every_outcome_reason_and_objection_has_a_word():
    assert set(report_words.OUTCOMES) == set(names.outcomes())
    assert set(report_words.REASONS) == set(Reason)
    assert set(report_words.OBJECTIONS) == {intent for intent in names.intents() if intent.startswith("object_")}


def test_json_keeps_the_keys_that_tools_know(talked):
    said = made(talked, "branch").to_json()
    assert {"campaign", "audience", "permitted", "outcomes", "texts", "call_seconds", "unfinished"} <= set(said)
    assert said["parts"][0]["participation"] is not None
    assert said["steps"][0]["drop_off"] >= 0


def test_a_wrong_aim_is_refused_with_its_line(engine):
    with pytest.raises(Refused, match=r"c.yml:9: results.fact: is 'rich' \(one of card_activated"):
        engine.file("results: {fact: rich, window_days: 10}\n")
