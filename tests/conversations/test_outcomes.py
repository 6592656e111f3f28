"""Outcomes that staff put right: the old one is kept, and what the new one stops is stopped."""

from __future__ import annotations

import pytest
from sqlmodel import select

from outreach.conversations.outcomes import CannotSetOutcome, correct_outcome, end, settle
from outreach.model import Attempt, AuditEntry, Conversation, Customer, OutcomeCorrection, suppressions
from outreach.rules.channel import Channel
from tests.conftest import TUESDAY

BY = {"by": "li.na", "why": "she said so on the telephone", "now": TUESDAY}


def test_the_old_outcome_is_kept_with_who_and_why(stage, talk):
    closed = talk("不用了", "真不用")
    with stage.sessions.begin() as db:
        correct_outcome(db, closed, "considering", **BY)
    with stage.sessions.reading() as db:
        kept = db.exec(select(OutcomeCorrection)).one()
        assert (kept.before, kept.after, kept.by) == ("refused", "considering", "li.na")
        conversation = db.get_one(Conversation, closed)
        assert conversation.outcome == db.get_one(Attempt, conversation.attempt_id).outcome == "considering"
        entry = db.exec(select(AuditEntry).where(AuditEntry.verb == "outcome_corrected")).one()
        assert entry.details == {"before": "refused", "after": "considering"}


def test_an_opt_out_that_staff_found_stops_the_number(stage, talk):
    closed = talk("不用了", "真不用")
    with stage.sessions.begin() as db:
        correct_outcome(db, closed, "opted_out", **BY)
        customer = db.get_one(Customer, db.get_one(Conversation, closed).customer_id)
        assert suppressions.stands(db, customer.phone_hash, Channel.VOICE)


def test_taking_an_opt_out_back_lifts_nothing(stage, talk):
    closed = talk("你们烦不烦")
    with stage.sessions.begin() as db:
        correct_outcome(db, closed, "considering", **BY)
        customer = db.get_one(Customer, db.get_one(Conversation, closed).customer_id)
        assert suppressions.stands(db, customer.phone_hash, Channel.SMS)


def test_a_wrong_number_is_used_no_more(stage, talk):
    going_on = talk("方便")
    with stage.sessions.begin() as db:
        end(db, going_on, "wrong_person", **BY)
        assert db.get_one(Customer, db.get_one(Conversation, going_on).customer_id).phone_bad_since == TUESDAY


def test_settling_ends_what_goes_on_and_corrects_what_has_ended(stage, talk):
    going_on = talk("方便")
    for outcome in ("agreed", "refused", "refused"):
        with stage.sessions.begin() as db:
            settle(db, going_on, outcome, **BY)
    with stage.sessions.reading() as db:
        assert [(one.before, one.after) for one in db.exec(select(OutcomeCorrection))] == [("agreed", "refused")]


@pytest.mark.parametrize(
    ("outcome", "changed", "said"),
    [
        ("happy", {}, "no outcome 'happy'"),
        ("refused", {}, "refused already"),
        ("agreed", {"by": " "}, "nobody's name"),
        ("agreed", {"why": ""}, "no reason is given"),
    ],
)
def test_what_makes_no_sense_is_refused_with_what_would(stage, talk, outcome, changed, said):
    closed = talk("不用了", "真不用")
    with stage.sessions.begin() as db, pytest.raises(CannotSetOutcome, match=said):
        correct_outcome(db, closed, outcome, **BY | changed)


def test_a_conversation_that_goes_on_has_no_outcome_to_put_right(stage, talk):
    going_on = talk("方便")
    with stage.sessions.begin() as db, pytest.raises(CannotSetOutcome, match="still goes on"):
        correct_outcome(db, going_on, "agreed", **BY)
