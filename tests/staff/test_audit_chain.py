"""The audit cannot be edited through the product, and whoever edits it beside the product is found out."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from outreach.model import AuditEntry
from outreach.staff import audit_chain

NOON = datetime(2026, 11, 24, 4, 0, 0, 120_000, tzinfo=UTC)


def write(sessions, *whys: str) -> None:
    with sessions.begin() as db:
        for why in whys:
            db.add(
                AuditEntry(at=NOON, who="李娜", verb="script_approved", why=why, details={"b": [1, "二"], "a": None})
            )


def verify(sessions, expected=None):
    with sessions.reading() as db:
        return audit_chain.verify(db, expected)


def meddle(sessions, statement: str) -> None:
    """As somebody who owns the database could."""
    with sessions.begin() as db:
        db.execute(text("ALTER TABLE audit_entry DISABLE TRIGGER USER"))
        db.execute(text(statement))
        db.execute(text("ALTER TABLE audit_entry ENABLE TRIGGER USER"))


def test_an_empty_audit_is_whole(sessions):
    assert verify(sessions).broken_at is None


def test_entries_follow_from_one_another(sessions):
    write(sessions, "one", "two, with a comma: and 12:colons", "")
    write(sessions, "'quotes' and \x7f")
    assert (verify(sessions).entries, verify(sessions).broken_at) == (4, None)


def test_entries_written_at_once_make_one_chain(sessions):
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: write(sessions, f"{n}", f"{n} again"), range(40)))
    assert (verify(sessions).entries, verify(sessions).broken_at) == (80, None)


def test_what_was_rolled_back_leaves_no_gap(sessions):
    write(sessions, "one")
    with sessions.begin() as db:
        db.add(AuditEntry(at=NOON, who="x", verb="y"))
        db.flush()
        db.rollback()
    write(sessions, "two")
    assert (verify(sessions).entries, verify(sessions).broken_at) == (2, None)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET why = 'other'",
        "UPDATE audit_entry SET hash = NULL",
        "UPDATE audit_entry SET position = 7",
        "DELETE FROM audit_entry",
        "TRUNCATE audit_entry",
    ],
)
def test_the_database_refuses_to_change_an_entry(sessions, statement):
    write(sessions, "one")
    with pytest.raises(DBAPIError, match="append-only"), sessions.begin() as db:
        db.execute(text(statement))
    assert verify(sessions).entries == 1


@pytest.mark.parametrize(
    ("statement", "at"),
    [
        ("UPDATE audit_entry SET why = 'other' WHERE position = 2", 2),
        ("UPDATE audit_entry SET who = 'somebody else' WHERE position = 1", 1),
        ("UPDATE audit_entry SET details = '{}' WHERE position = 3", 3),
        ("DELETE FROM audit_entry WHERE position = 2", 2),
        ("UPDATE audit_entry SET position = NULL, hash = NULL WHERE position = 3", 3),
    ],
)
def test_meddling_is_found_where_it_happened(sessions, statement, at):
    write(sessions, "one", "two", "three")
    meddle(sessions, statement)
    assert verify(sessions).broken_at == at


def test_a_cut_off_end_is_found_by_the_head_noted_before(sessions):
    write(sessions, "one", "two", "three")
    head = verify(sessions).head
    write(sessions, "four")
    assert verify(sessions, head).broken_at is None
    meddle(sessions, "DELETE FROM audit_entry WHERE position >= 3")
    assert verify(sessions).broken_at is None
    assert "cut" in verify(sessions, head).problem
