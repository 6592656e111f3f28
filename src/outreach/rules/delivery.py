"""Where a message, a call or an attempt stands, and where it may go from there."""

from collections.abc import Mapping
from enum import StrEnum


class MessageState(StrEnum):
    """Where an outgoing message or call stands."""

    QUEUED = "queued"  #: waiting for a dispatcher
    CLAIMED = "claimed"  #: a dispatcher holds it under a lease
    SENDING = "sending"  #: the request may be on the wire
    ACCEPTED = "accepted"  #: the carrier took it
    REJECTED = "rejected"  #: the carrier did not take it, and will not
    UNKNOWN = "unknown"  #: the request broke off; the carrier has to be asked
    SENT = "sent"  #: the carrier handed it on; a call rings
    DELIVERED = "delivered"  #: the handset confirmed it; a call was answered
    FAILED = "failed"  #: it will never arrive


TAKEN = frozenset({MessageState.ACCEPTED, MessageState.SENT, MessageState.DELIVERED, MessageState.FAILED})
"""The carrier has it: it went out, and is paid for, whatever became of it."""

MAY_LEAVE = frozenset({MessageState.QUEUED, MessageState.CLAIMED, MessageState.SENDING, MessageState.UNKNOWN})
"""It has not gone out for certain, and may yet."""

# One entry per state. A report that is not listed is late or repeated, and changes nothing.
AFTER: Mapping[MessageState, frozenset[MessageState]] = {
    # A callback that carries our id proves a send that a restored backup has forgotten, so it wins over queued and claimed.
    # Rejected: a rule refused it, or the customer told us to stop.
    MessageState.QUEUED: TAKEN | {MessageState.CLAIMED, MessageState.REJECTED},
    # Back to queued: the lease ran out, or permission is to be asked again later, before anything went out.
    MessageState.CLAIMED: TAKEN | {MessageState.QUEUED, MessageState.SENDING, MessageState.REJECTED},
    # Back to queued: provably not processed (no connection, or 429). A callback may overtake the answer, hence delivered.
    MessageState.SENDING: TAKEN | {MessageState.QUEUED, MessageState.REJECTED, MessageState.UNKNOWN},
    # Whatever the carrier proves. Back to queued only when it was asked and does not have it.
    MessageState.UNKNOWN: TAKEN | {MessageState.QUEUED, MessageState.REJECTED},
    MessageState.ACCEPTED: frozenset({MessageState.SENT, MessageState.DELIVERED, MessageState.FAILED}),
    MessageState.SENT: frozenset({MessageState.DELIVERED, MessageState.FAILED}),
    MessageState.DELIVERED: frozenset(),  # a late "sent" changes nothing
    MessageState.REJECTED: frozenset(),
    MessageState.FAILED: frozenset(),
}

TERMINAL = frozenset(state for state, following in AFTER.items() if not following)


def advance(current: MessageState, reported: MessageState) -> MessageState:
    """Say where a message stands after a report; stale and repeated reports change nothing."""
    return reported if reported in AFTER[current] else current


class AttemptState(StrEnum):
    """Where an attempt to reach a customer stands."""

    PLANNED = "planned"  #: has a time in the future
    DUE = "due"  #: its time has come
    CONTACTING = "contacting"  #: its first message or call is on the way
    OPEN = "open"  #: the customer was reached; the conversation goes on
    CLOSED = "closed"  #: over, with an outcome


ATTEMPT_AFTER: Mapping[AttemptState, frozenset[AttemptState]] = {
    AttemptState.PLANNED: frozenset({AttemptState.DUE, AttemptState.CLOSED}),
    # Back to planned: a rule refused it until a later time.
    AttemptState.DUE: frozenset({AttemptState.PLANNED, AttemptState.CONTACTING, AttemptState.CLOSED}),
    # Back to due: its first message provably never left.
    AttemptState.CONTACTING: frozenset({AttemptState.DUE, AttemptState.OPEN, AttemptState.CLOSED}),
    AttemptState.OPEN: frozenset({AttemptState.CLOSED}),
    AttemptState.CLOSED: frozenset(),
}


def may_become(current: AttemptState, following: AttemptState) -> bool:
    """Decide whether an attempt may move from one state to another."""
    return following in ATTEMPT_AFTER[current]


# What the command line and the console say; staff need not know of claims.
_OUTWARD: Mapping[MessageState, str] = {
    MessageState.QUEUED: "queued",
    MessageState.CLAIMED: "queued",
    MessageState.SENDING: "sending",
    MessageState.ACCEPTED: "accepted",
    MessageState.SENT: "sent",
    MessageState.DELIVERED: "delivered",
    MessageState.REJECTED: "failed",
    MessageState.FAILED: "failed",
    MessageState.UNKNOWN: "unknown",
}


def outward(state: MessageState) -> str:
    """Name a message's state in the words shown to people."""
    return _OUTWARD[state]
