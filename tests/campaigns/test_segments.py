"""Segments: YAML conditions as one WHERE, and errors that name file, line and field."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from outreach import documents
from outreach.campaigns import segments
from outreach.campaigns.customer_import import import_customers
from outreach.cli import demo_data
from outreach.documents import Refused

NOW = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)


@pytest.fixture
def count(sessions, sealer, tmp_path):
    path = demo_data.write_customers(tmp_path / "c.csv", 300, date(2026, 11, 24))
    import_customers(sessions, sealer, NOW, path)

    def counted(text: str) -> int:
        segment = segments.parse(documents.read(f"segment: s\nwhere: {text}\n", "s.yml"))
        with sessions.reading() as db:
            return segments.preview(db, segment, NOW)[0]

    return counted


def test_every_shipped_segment_holds_somebody(count, sessions):
    for name in segments.names():
        with sessions.reading() as db:
            found, sample = segments.preview(db, segments.read(name), NOW)
        assert found > 0, name
        assert len(sample) <= 5


def test_a_condition_and_its_opposite_hold_everybody(count):
    everybody = count("{field: customer.birth_year, op: is_null, value: true}")
    for condition in (
        "{field: card.issued_days_ago, op: gt, value: 100}",
        "{field: account.deposits, op: lt, value: 10万}",
        "{field: customer.gender, op: eq, value: f}",
        "{field: card.activated, op: eq, value: false}",
        "{field: contact.days_since_last, op: gt, value: 180}",
        "{field: customer.branch, op: in, value: [城南支行, 城北支行]}",
        "{field: contact.last_outcome, op: eq, value: refused}",
    ):
        assert count(condition) + count(f"{{not: {condition}}}") == everybody, condition


def test_any_and_all_combine(count):
    a, b = "{field: customer.gender, op: eq, value: f}", "{field: card.activated, op: eq, value: true}"
    assert count(f"{{any: [{a}, {b}]}}") + count(f"{{all: [{a}, {b}]}}") == count(a) + count(b)


def test_amounts_may_be_written_as_people_write_them(count):
    assert count("{field: account.deposits, op: lt, value: 10万}") == count(
        "{field: account.deposits, op: lt, value: 100000}"
    )


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("where: {field: a.b, op: eq, value: 1}", 2, "a.b is not a field"),
        ("where: {field: card.activated, op: about, value: true}", 2, "about is not an op"),
        ("where: {field: card.activated, op: gt, value: true}", 2, "does not go with"),
        ("where: {field: account.deposits, op: lt, value: viel}", 2, "viel"),
        ("where: {field: customer.age, op: between, value: [1]}", 2, "between"),
        (
            "where:\n  all:\n    - {field: card.activated, op: eq, value: true}\n    - {field: x, op: eq, value: 1}",
            5,
            "x is not a field",
        ),
        ("where: {all: []}", 2, "list of conditions"),
        ("where: {field: card.activated, op: eq}", 2, "field, op and value"),
        ("were: 1", 2, "is not a key"),
        ("segment: t", 2, "key"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(text, line, said):
    with pytest.raises(Refused) as refused:
        segments.parse(documents.read(f"segment: s\n{text}\n", "s.yml"))
    assert any(said in str(problem) for problem in refused.value.problems)
    assert line in [problem.line for problem in refused.value.problems]


def test_an_unknown_segment_names_the_known_ones():
    with pytest.raises(Refused, match="card_not_activated"):
        segments.read("nobody")


def test_time_moves_a_segment(count, sessions):
    segment = segments.read("card_not_activated")
    with sessions.reading() as db:
        now = segments.preview(db, segment, NOW)[0]
        before = segments.preview(db, segment, NOW - timedelta(days=300))[0]
    assert before < now
