"""Changing the data key while rows of both keys lie side by side, and a wrong key noticed before it does harm."""

from __future__ import annotations

from datetime import date

import pytest
from cryptography.exceptions import InvalidTag
from sqlmodel import col, select

from outreach.campaigns.customer_import import import_customers
from outreach.cli import demo_data
from outreach.model import Customer, DataKey, Suppression, keyring, suppressions
from outreach.model.keyring import WrongKey
from outreach.model.sealing import Sealer
from outreach.model.suppression import Source
from tests.conftest import TUESDAY

OLD, NEW, THIRD = (bytes([number]) * 32 for number in (1, 2, 3))


@pytest.fixture
def filled(sessions, tmp_path, monkeypatch):
    """Thirty customers under the old key, one of them suppressed, and a stranger who may not be reached either."""
    monkeypatch.setattr(keyring, "BATCH", 7)
    with sessions.begin() as db:
        keyring.enter_first(db, OLD)
        old = keyring.read(db, OLD)
    path = demo_data.write_customers(tmp_path / "c.csv", 30, date(2026, 11, 24))
    import_customers(sessions, old, TUESDAY, path)
    with sessions.begin() as db:
        first = db.exec(select(Customer)).first()
        suppressions.add(db, first.phone_hash, None, Source.SAID, "退订", TUESDAY, first.id)
        suppressions.add(db, old.find("+8613899999999"), None, Source.SAID, "退订", TUESDAY)
    return sessions, old


def numbers(sessions, sealer) -> set[str]:
    with sessions.reading() as db:
        return {sealer.open(sealed) for sealed in db.exec(select(Customer.phone_sealed)).all()}


def test_new_rows_take_the_new_key_and_old_rows_open_until_they_are_sealed_anew(filled):
    sessions, old = filled
    known = numbers(sessions, old)
    with sessions.begin() as db:
        both = keyring.enter(db, NEW, OLD)
    assert both.key_id == 2
    assert both.seal("+8613800000001")[0] == 2
    assert numbers(sessions, both) == known
    assert sum(rows for _, rows in keyring.seal_anew(sessions, both)) == len(known)
    assert numbers(sessions, both) == known
    with sessions.begin() as db:
        assert keyring.retire(db, both) == [1]
        alone = keyring.read(db, NEW)
    assert numbers(sessions, alone) == known


def test_a_rotation_that_was_broken_off_goes_on_where_it_was(filled):
    sessions, old = filled
    count = len(numbers(sessions, old))
    with sessions.begin() as db:
        both = keyring.enter(db, NEW, OLD)
    assert next(keyring.seal_anew(sessions, both)) == ("customer.phone_sealed", 7)
    with sessions.reading() as db:
        assert keyring.sealed_with(db)["customer.phone_sealed"] == {1: count - 7, 2: 7}
    with sessions.begin() as db:
        assert keyring.retire(db, both) == []
        again = keyring.enter(db, NEW, OLD)
    assert sum(rows for _, rows in keyring.seal_anew(sessions, again)) == count - 7


def test_numbers_are_found_by_the_same_hash_under_the_new_key(filled):
    sessions, old = filled
    with sessions.begin() as db:
        both = keyring.enter(db, NEW, OLD)
        list(keyring.seal_anew(sessions, both))
        keyring.retire(db, both)
    with sessions.reading() as db:
        alone = keyring.read(db, NEW)
    assert alone.find("+8613899999999") == old.find("+8613899999999")


def test_a_hash_is_laid_over_those_whose_number_nobody_knows(filled):
    sessions, old = filled
    with sessions.begin() as db:
        both = keyring.enter(db, NEW, OLD)
        assert keyring.hash_anew(db, NEW, both) == len(numbers(sessions, old)) + 2
    with sessions.reading() as db:
        after = keyring.read(db, NEW, OLD)
        assert after.find("+8613899999999") != old.find("+8613899999999")
        stranger = select(Suppression).where(Suppression.phone_hash == after.find("+8613899999999"))
        assert db.exec(stranger).one().words == "退订"
        for customer in db.exec(select(Customer)).all():
            assert after.find(after.open(customer.phone_sealed)) == customer.phone_hash
        suppressed = db.exec(select(Suppression).where(col(Suppression.customer_id).is_not(None))).one()
        assert db.get(Customer, suppressed.customer_id).phone_hash == suppressed.phone_hash


def test_a_key_can_be_changed_twice(filled):
    sessions, old = filled
    known = numbers(sessions, old)
    for new, before in ((NEW, OLD), (THIRD, NEW)):
        with sessions.begin() as db:
            sealer = keyring.enter(db, new, before)
        list(keyring.seal_anew(sessions, sealer))
        with sessions.begin() as db:
            keyring.retire(db, sealer)
    with sessions.reading() as db:
        assert [row.retired_at is not None for row in db.exec(select(DataKey).order_by(col(DataKey.id)))] == [
            True,
            True,
            False,
        ]
        last = keyring.read(db, THIRD)
    assert numbers(sessions, last) == known
    assert last.find("+8613899999999") == old.find("+8613899999999")


@pytest.mark.parametrize(("current", "previous"), [(NEW, None), (NEW, THIRD)])
def test_a_key_that_is_not_the_stores_is_refused(filled, current, previous):
    sessions, _ = filled
    with sessions.reading() as db, pytest.raises(WrongKey, match="OUTREACH_DATA_KEY"):
        keyring.read(db, current, previous)


def test_the_key_before_is_needed_until_nothing_is_left_of_it(filled):
    sessions, _ = filled
    with sessions.begin() as db:
        keyring.enter(db, NEW, OLD)
    with sessions.reading() as db, pytest.raises(WrongKey, match="key 1"):
        keyring.read(db, NEW)


def test_a_store_from_before_keys_were_noted_is_tried_with_the_key(filled):
    sessions, _ = filled
    with sessions.begin() as db:
        for row in db.exec(select(DataKey)).all():
            db.delete(row)
    with pytest.raises(WrongKey, match="does not open"), sessions.begin() as db:
        keyring.enter_first(db, NEW)
    with sessions.begin() as db:
        keyring.enter_first(db, OLD)


def test_a_value_sealed_with_a_key_that_is_not_here_does_not_open():
    with pytest.raises(InvalidTag):
        Sealer(NEW, 2).open(Sealer(OLD, 1).seal("+8613800000001"))
