"""Targets to person and day, and who looks after whom."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import select

from outreach.campaigns import assignment, managers, report, splitting, targets
from outreach.campaigns.assignment import Client
from outreach.campaigns.targets import NoTargets
from outreach.cli import store
from outreach.cli.output import Stop
from outreach.cli.targets import show
from outreach.documents import Refused
from outreach.model import Aim, AuditEntry, Customer, Target
from tests.campaigns.engine import FIRST

names = st.sampled_from("甲乙丙丁")
clients = st.lists(st.tuples(st.none() | names, st.integers(0, 10)), max_size=60).map(
    lambda rows: [Client(UUID(int=place), name, Decimal(balance)) for place, (name, balance) in enumerate(rows)]
)


@given(st.integers(0, 5000), st.dictionaries(st.text(min_size=1, max_size=3), st.integers(0, 900), min_size=1))
def test_parts_by_weight_add_up_and_are_off_by_less_than_one(total, weights):
    parts = splitting.by_weight(total, weights)
    whole = sum(weights.values())
    assert sum(parts.values()) == (total if whole else 0)
    for name, part in parts.items():
        assert abs(part - (total * weights[name] / whole if whole else 0)) < 1


@given(st.integers(0, 500), st.integers(1, 60))
def test_days_add_up_and_differ_by_one_at_most(total, places):
    parts = splitting.evenly(total, places)
    assert (len(parts), sum(parts)) == (places, total)
    assert max(parts) - min(parts) <= 1


@given(clients, st.lists(names, unique=True, max_size=4), st.integers(1, 30))
def test_nobody_has_more_than_the_maximum_and_nobody_is_left_while_there_is_room(listed, staff, most):
    made = assignment.assign(listed, staff, most)
    owners = {one.id: made.changes.get(one.id, one.manager) for one in listed}
    counts = {name: sum(owner == name for owner in owners.values()) for name in staff}
    assert counts == made.after
    assert all(count <= most for count in counts.values())
    assert made.left == max(0, len(listed) - most * len(staff)) == sum(owner is None for owner in owners.values())
    assert not assignment.assign([Client(one.id, owners[one.id], one.balance) for one in listed], staff, most).changes


@given(clients, st.integers(1, 30))
def test_a_customer_stays_with_their_manager_unless_that_one_has_too_many(listed, most):
    made = assignment.assign(listed, list("甲乙丙丁"), most)
    for one in listed:
        if one.manager and one.id in made.changes:
            assert made.before[one.manager] > most


def test_the_largest_balances_stay_where_they_are():
    listed = [Client(UUID(int=number), "甲", Decimal(number)) for number in range(4)]
    assert set(assignment.assign(listed, ["甲", "乙"], 2).changes) == {UUID(int=0), UUID(int=1)}


def test_targets_are_worked_on_working_days_only(our_house):
    worked = targets.days(our_house.calendar, date(2026, 9, 18), date(2026, 10, 11))
    assert date(2026, 10, 1) not in worked  # a holiday
    assert date(2026, 9, 20) in worked  # a Sunday made a working day
    assert date(2026, 9, 19) not in worked


@pytest.fixture
def launched(engine):
    """Nine customers: six of one manager, three of another; one of nobody and one who may not be contacted."""
    engine.load(
        11, lambda n: {"客户经理": ("张经理", "李经理", "")[(n >= 6) + (n >= 9)], "短信同意": "" if n == 10 else "是"}
    )
    engine.launch()
    return engine


def test_targets_are_split_by_load_and_day_and_progress_is_counted_against_them(launched):
    worked = [date(2026, 11, 24), date(2026, 11, 25), date(2026, 11, 26)]
    with launched.stage.sessions.begin() as db:
        nobody = targets.set_targets(
            db, launched.campaign(), {Aim.CONTACTS: 9, Aim.VISITS: 3}, worked, "王主任", launched.now()
        )
        assert nobody == 1
    with launched.stage.sessions.begin() as db:  # again: the second replaces the first
        targets.set_targets(db, launched.campaign(), {Aim.VISITS: 6}, worked, "王主任", launched.now())
    launched.work()
    for words in ("affirm", "affirm", "affirm", "1"):
        launched.stage.hears(words, f"+86{FIRST}")
    with launched.stage.sessions.reading() as db:
        rows = db.exec(select(Target)).all()
        assert {(row.manager, row.day, row.amount) for row in rows if row.aim is Aim.CONTACTS} == {
            (manager, day, amount) for manager, amount in (("张经理", 2), ("李经理", 1)) for day in worked
        }
        found = {(one.manager, one.aim): one for one in report.of(db, launched.campaign(), launched.now()).targets}
        audit = db.exec(select(AuditEntry).where(AuditEntry.verb == "targets_set")).all()
    contacts, visits = found["张经理", "contacts"], found["张经理", "visits"]
    assert (contacts.target, contacts.due, contacts.done, contacts.today, contacts.done_today) == (6, 2, 6, 2, 6)
    assert (visits.target, visits.due, visits.done) == (4, 1, 1)
    assert found["李经理", "visits"].done == 0
    assert [one.details["visits"] for one in audit] == [3, 6]


def test_targets_without_managers_or_days_say_what_to_do(engine):
    engine.load(2, lambda _: {"客户经理": ""})
    campaign = engine.launch()
    with engine.stage.sessions.begin() as db:
        with pytest.raises(NoTargets, match="outreach managers assign"):
            targets.set_targets(db, campaign, {Aim.VISITS: 3}, [date(2026, 11, 24)], "A", engine.now())
        with pytest.raises(NoTargets, match="no working day"):
            targets.set_targets(db, campaign, {Aim.VISITS: 3}, [], "A", engine.now())


def test_an_assignment_is_worked_out_first_and_applied_once(engine):
    engine.load(10, lambda n: {"客户经理": "张经理" if n < 7 else ""})
    path = engine.folder / "staff.csv"
    path.write_text("网点,客户经理\n城南支行,张经理\n城南支行,李经理\n", encoding="utf-8")
    sessions = engine.stage.sessions
    with sessions.reading() as db:
        staff = managers.read_staff(db, path)
        plans = list(managers.plan(db, 5, staff))
    assert plans[0].assigned.after == {"张经理": 5, "李经理": 5}
    assert managers.apply(sessions, plans, "王主任", engine.now()) == 5
    with sessions.reading() as db:
        assert [(one.manager, one.customers) for one in managers.loads(db)] == [("张经理", 5), ("李经理", 5)]
        assert not next(managers.plan(db, 5, staff)).assigned.changes
        assert db.exec(select(Customer).where(Customer.manager == None)).all() == []  # noqa: E711 - SQL


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("城南支行,\n", r"staff\.csv:2: 客户经理: 为空"),
        (
            "城南支行,张经理\n城男支行,李经理\n火星,李经理\n",
            r"csv:3: 网点: 没有网点城男支行 \(应为城南支行\)\n.*csv:4: .*没有网点火星",
        ),
        ("", "names no manager"),
    ],
)
def test_a_staff_list_that_says_nothing_of_our_branches_is_refused_with_its_line(engine, rows, said):
    engine.load(1)
    path = engine.folder / "staff.csv"
    path.write_text(f"网点,客户经理\n{rows}", encoding="utf-8")
    with engine.stage.sessions.reading() as db, pytest.raises(Refused, match=said):
        managers.read_staff(db, path)


def test_a_manager_without_targets_is_told_from_a_campaign_without(launched, monkeypatch):
    monkeypatch.setattr(store, "opened", lambda: launched.stage)
    with launched.stage.sessions.begin() as db:
        targets.set_targets(db, launched.campaign(), {Aim.VISITS: 6}, [date(2026, 11, 24)], "王主任", launched.now())
    with pytest.raises(Stop, match=r"has no targets for '没有'; it has some for .*张经理"):
        show("try-one", manager="没有")
    show("try-one", manager="张经理")
