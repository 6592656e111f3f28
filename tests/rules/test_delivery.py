import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.rules.delivery import (
    AFTER,
    ATTEMPT_AFTER,
    TERMINAL,
    AttemptState,
    MessageState,
    advance,
    may_become,
    outward,
)

M, A = MessageState, AttemptState


def test_every_state_has_its_line():
    assert set(AFTER) == set(M)
    assert set(ATTEMPT_AFTER) == set(A)
    assert {M.DELIVERED, M.REJECTED, M.FAILED} == TERMINAL


@pytest.mark.parametrize(
    ("current", "reported", "then"),
    [
        (M.QUEUED, M.CLAIMED, M.CLAIMED),
        (M.CLAIMED, M.SENDING, M.SENDING),
        (M.CLAIMED, M.QUEUED, M.QUEUED),
        (M.SENDING, M.ACCEPTED, M.ACCEPTED),
        (M.SENDING, M.UNKNOWN, M.UNKNOWN),
        (M.SENDING, M.DELIVERED, M.DELIVERED),
        (M.UNKNOWN, M.SENT, M.SENT),
        (M.UNKNOWN, M.REJECTED, M.REJECTED),
        (M.ACCEPTED, M.UNKNOWN, M.ACCEPTED),
        (M.ACCEPTED, M.QUEUED, M.ACCEPTED),
        (M.SENT, M.ACCEPTED, M.SENT),
        (M.SENT, M.SENT, M.SENT),
        (M.DELIVERED, M.SENT, M.DELIVERED),
        (M.DELIVERED, M.FAILED, M.DELIVERED),
        (M.FAILED, M.DELIVERED, M.FAILED),
        (M.QUEUED, M.SENDING, M.QUEUED),
    ],
)
def test_a_report_moves_a_message_or_changes_nothing(current, reported, then):
    assert advance(current, reported) is then


@given(st.sampled_from(M), st.lists(st.sampled_from(M)))
def test_no_report_moves_a_message_out_of_its_end(state, reports):
    ended = None
    for report in reports:
        state = advance(state, report)
        assert ended is None or state is ended
        ended = state if state in TERMINAL else None


@given(
    st.lists(st.sampled_from([M.ACCEPTED, M.SENT, M.DELIVERED]), min_size=1).flatmap(
        lambda reports: st.tuples(st.just(reports), st.permutations(reports))
    )
)
def test_the_order_of_callbacks_does_not_matter(both):
    ends = []
    for reports in both:
        state = M.SENDING
        for report in reports:
            state = advance(state, report)
        ends.append(state)
    assert ends[0] is ends[1]


def test_what_the_carrier_took_is_never_queued_again():
    reached, seen = [M.ACCEPTED], set()
    while reached:
        seen.add(state := reached.pop())
        reached += AFTER[state] - seen
    assert seen.isdisjoint({M.QUEUED, M.CLAIMED, M.SENDING, M.UNKNOWN})


def test_an_attempt_goes_from_planned_to_closed_and_stays_there():
    way = [A.PLANNED, A.DUE, A.CONTACTING, A.OPEN, A.CLOSED]
    assert all(may_become(before, after) for before, after in itertools.pairwise(way))
    assert all(may_become(state, A.CLOSED) for state in way[:-1])
    assert not any(may_become(A.CLOSED, state) for state in A)
    assert may_become(A.DUE, A.PLANNED)
    assert may_become(A.CONTACTING, A.DUE)
    assert not may_become(A.OPEN, A.CONTACTING)


def test_people_see_seven_words():
    assert {outward(state) for state in M} == {
        "queued",
        "sending",
        "accepted",
        "sent",
        "delivered",
        "failed",
        "unknown",
    }
    assert outward(M.CLAIMED) == "queued"
    assert outward(M.REJECTED) == "failed"
