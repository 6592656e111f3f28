"""The bank's feed of facts: stored once, bad rows named, records brought up to date."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal

import openpyxl
import pytest
from sqlalchemy import inspect
from sqlmodel import select

from outreach.campaigns import customer_erasure, customer_record
from outreach.campaigns.customer_import import import_customers
from outreach.campaigns.fact_import import import_facts
from outreach.documents import Refused
from outreach.model import Account, BankFact, Card, Customer, FactKind

NOW = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)
CUSTOMERS = """\
客户号,姓名,手机号,卡尾号,发卡日,存款
C1,王芳,13800138000,6612,2026-01-05,100
C2,李强,13800138001,7001,2026-01-05,
C2,李强,13800138001,7002,2026-01-05,
C3,张敏,13800138002,,,
"""
HEAD = "客户号,事实,日期,卡尾号,金额"


@pytest.fixture
def bank(sessions, sealer, tmp_path):
    """A store with three customers, and a way to feed it."""
    for number, row in enumerate(CUSTOMERS.splitlines()[1:]):
        path = tmp_path / f"customers{number}.csv"
        path.write_text(f"{CUSTOMERS.splitlines()[0]}\n{row}\n", encoding="utf-8")
        import_customers(sessions, sealer, NOW, path)

    def feed(*rows: str, name: str = "facts.csv", head: str | None = HEAD):
        path = tmp_path / name
        path.write_text("\n".join([*([head] if head else []), *rows]) + "\n", encoding="utf-8")
        return import_facts(sessions, NOW, path)

    return feed


def rows(sessions, table):
    with sessions.reading() as db:
        return db.exec(select(table).order_by(*inspect(table).primary_key)).all()


def card(sessions, tail):
    with sessions.reading() as db:
        return db.exec(select(Card).where(Card.tail == tail)).one()


def kept_with_us(sessions, ref):
    with sessions.reading() as db:
        mine = select(Account.deposits).join(Customer, Customer.id == Account.customer_id).where(Customer.ref == ref)
        return db.exec(mine).one()


def test_an_activation_is_stored_and_the_card_is_activated(bank, sessions):
    assert bank("C1,激活,2026-11-20,6612,").stored == 1
    (fact,) = rows(sessions, BankFact)
    assert (fact.kind, fact.day, fact.card_tail) == (FactKind.CARD_ACTIVATED, date(2026, 11, 20), "6612")
    assert card(sessions, "6612").activated_on == date(2026, 11, 20)


def test_a_second_import_changes_nothing(bank, sessions):
    feed = ("C1,激活,2026-11-20,6612,", "C1,余额,2026-11-20,,12000", "C3,登录,2026-11-21,,")
    assert bank(*feed).stored == 3
    before = rows(sessions, BankFact)
    again = bank(*feed)
    assert (again.stored, again.unchanged, again.refused) == (0, 3, [])
    assert rows(sessions, BankFact) == before


def test_the_only_card_need_not_be_named(bank, sessions):
    assert bank("C1,绑卡,2026-11-20,,").stored == 1
    assert card(sessions, "6612").debit_bound is True


def test_the_newest_balance_is_what_the_customer_keeps_with_us(bank, sessions):
    bank("C1,余额,2026-11-21,,2.5万", "C1,余额,2026-11-20,,1万")
    assert kept_with_us(sessions, "C1") == Decimal(25000)
    bank("C1,余额,2026-11-19,,9万")
    assert kept_with_us(sessions, "C1") == Decimal(25000)
    assert bank("C1,余额,2026-11-21,,2.6万").stored == 1
    assert kept_with_us(sessions, "C1") == Decimal(26000)


BAD = (
    ("C9,登录,2026-11-20,,", "客户号", "没有这位客户"),
    (",登录,2026-11-20,,", "客户号", "客户号为空"),
    ("C1,转账,2026-11-20,,", "事实", "不认识的事实"),
    ("C1,登录,,,", "日期", "日期为空"),
    ("C1,登录,2026-11-25,,", "日期", "在将来"),
    ("C1,余额,2026-11-20,,", "金额", "余额没有金额"),
    ("C1,余额,2026-11-20,,很多", "金额", "不是金额"),
    ("C1,登录,2026-11-20,,5", "金额", "只有余额才有金额"),
    ("C1,激活,2026-11-20,9999,", "卡尾号", "客户名下没有这张卡（6612）"),
    ("C2,激活,2026-11-20,,", "卡尾号", "客户有2张卡"),
    ("C3,激活,2026-11-20,,", "卡尾号", "客户名下没有这张卡（无）"),
    ("C1,激活,2025-11-20,6612,", "日期", "早于发卡日2026-01-05"),
)


def test_bad_rows_are_named_with_what_would_be_right_and_the_others_are_stored(bank):
    imported = bank(*(row for row, _, _ in BAD), "C3,登录,2026-11-20,,")
    named = sorted((one.line, one.field, one.problem) for one in imported.refused)
    assert named == [(line, field, problem) for line, (_, field, problem) in enumerate(BAD, 2)]
    assert all(one.fix for one in imported.refused)
    assert imported.stored == 1


def test_a_second_day_of_activation_is_refused_with_the_first(bank):
    imported = bank("C1,激活,2026-11-20,6612,", "C1,激活,2026-11-21,6612,")
    assert imported.refused[0].problem == "已有的激活日是2026-11-20"
    assert bank("C1,激活,2026-11-22,6612,").refused[0].line == 2


ENGLISH = [
    {"id": "C1", "fact": "balance", "date": "2026-11-20", "amount": 12345.67},
    {"id": "C3", "fact": "login", "date": "2026-11-20"},
]
CHINESE = """\
{"客户号": "C1", "事实": "余额", "日期": "2026-11-20", "金额": "12,345.67"}
{"客户号": "C3", "事实": "登录", "日期": "2026-11-20"}"""


def test_json_is_read_as_an_array_and_a_line_at_a_time(bank, sessions):
    for text in (json.dumps(ENGLISH), json.dumps(ENGLISH, indent=1), CHINESE):
        imported = bank(text, name="facts.json", head=None)
        assert (imported.stored + imported.unchanged, imported.refused) == (2, [])
    assert {(fact.kind, fact.amount) for fact in rows(sessions, BankFact)} == {
        (FactKind.BALANCE, Decimal("12345.67")),
        (FactKind.LOGIN, None),
    }


def test_a_broken_object_is_named_by_its_line_and_the_rest_is_read(bank):
    imported = bank(
        '{"id": "C1", "fact": "login", "date": "2026-11-20"}',
        '{"id": "C1", "fact" "login"}',
        "17",
        '{"id": "C9", "fact": "login", "date": "2026-11-20"}',
        '{"id": "C3", "fact": "login", "date": "2026-11-20"}',
        name="facts.json",
        head=None,
    )
    assert [(one.line, one.problem) for one in imported.refused] == [
        (2, "不是JSON对象"),
        (3, "不是JSON对象"),
        (4, "没有这位客户"),
    ]
    assert imported.stored == 2


def test_objects_that_share_a_line_are_counted_instead(bank):
    listed = [
        *ENGLISH,
        {"id": "C9", "fact": "login", "date": "2026-11-20"},
        {"id": "C3", "fact": "?", "date": "2026-11-20"},
    ]
    imported = bank(json.dumps(listed), name="facts.json", head=None)
    assert [one.line for one in imported.refused] == [4, 3]


def test_a_fact_told_twice_in_a_feed_is_counted_as_in_two(bank, sessions):
    twice = bank(
        "C1,余额,2026-11-20,,12000", "C1,余额,2026-11-20,,12000", "C1,余额,2026-11-20,,13000", "C3,登录,2026-11-21,,",
        "C3,登录,2026-11-21,,",
    )  # fmt: skip
    assert (twice.stored, twice.unchanged, twice.kinds) == (3, 2, {"balance": 2, "login": 1})
    assert {fact.amount for fact in rows(sessions, BankFact)} == {Decimal(13000), None}


def test_json_without_a_key_says_which(bank):
    with pytest.raises(Refused, match="事实"):
        bank('{"id": "C1", "date": "2026-11-20"}', name="facts.json", head=None)


def test_a_workbook_is_read(bank, sessions, tmp_path):
    book = openpyxl.Workbook()
    for row in (("客户号", "事实", "日期"), ("C1", "登录", date(2026, 11, 20))):
        book.active.append(row)
    book.save(tmp_path / "facts.xlsx")
    assert import_facts(sessions, NOW, tmp_path / "facts.xlsx").stored == 1


def test_facts_are_exported_with_the_customer_and_erased_with_them(bank, sessions, sealer):
    bank("C1,登录,2026-11-20,,")
    with sessions.begin() as db:
        customer = db.exec(select(Customer).where(Customer.ref == "C1")).one()
        assert customer_record.of(db, customer, sealer, masked=False)["facts"][0]["kind"] == "login"
        customer_erasure.erase(db, customer, "A", "asked", NOW)
    assert not rows(sessions, BankFact)
    assert bank("C1,登录,2026-11-20,,").refused[0].problem == "该客户已按要求删除"
