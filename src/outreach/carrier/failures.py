"""What the carrier's error codes mean: the kind of failure, and how the attempt that met it ends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import structlog

from outreach.carrier.port import FailureKind

log = structlog.get_logger()


@dataclass(frozen=True)
class Failure:
    """One error code in the bank's words; `outcome` is a name of the catalogue of outcomes."""

    kind: FailureKind
    outcome: str
    reason: str


_OPTED_OUT = FailureKind.OPTED_OUT, "opted_out"
_BAD_NUMBER = FailureKind.BAD_NUMBER, "invalid_number"
_UNREACHABLE = FailureKind.TRANSIENT, "unreachable"
_UNDELIVERED = FailureKind.TRANSIENT, "undelivered"
_FILTERED = FailureKind.CONTENT, "blocked"
# Our own fault, or too much at once: the customer was not reached, and may be once a person has put it right.
_TOO_MUCH = FailureKind.CAPACITY, "undelivered"
_OUR_SETUP = FailureKind.CONFIGURATION, "undelivered"
_TOO_LATE = FailureKind.QUIET_HOURS, "undelivered"

FAILURES: Mapping[str, Failure] = {
    "21610": Failure(*_OPTED_OUT, "the customer told the carrier to stop"),
    # -- the number ---------------------------------------------------------------------------
    "21211": Failure(*_BAD_NUMBER, "not a phone number"),
    "21214": Failure(*_BAD_NUMBER, "the number cannot be called"),
    "21217": Failure(*_BAD_NUMBER, "not a number that can be called"),
    "21614": Failure(*_BAD_NUMBER, "not a mobile number"),
    "30005": Failure(*_BAD_NUMBER, "the number is not in use"),
    "30006": Failure(*_BAD_NUMBER, "a fixed line, or a network that takes no texts"),
    # A person who sues over texts: nobody opted out, yet the number must not be tried again.
    "30640": Failure(FailureKind.BAD_NUMBER, "not_permitted", "the carrier bars texts to this number"),
    # -- the handset or its network -------------------------------------------------------------
    "21612": Failure(*_UNREACHABLE, "the carrier knows no way from this sender to this number"),
    "30003": Failure(*_UNREACHABLE, "the handset is off or out of coverage"),
    "30008": Failure(*_UNDELIVERED, "the network gave no reason"),
    "30017": Failure(*_UNDELIVERED, "the network was congested"),
    "30410": Failure(*_UNDELIVERED, "the network did not answer the carrier"),
    # -- the words ------------------------------------------------------------------------------
    "21617": Failure(*_FILTERED, "the text is longer than 1600 characters"),
    "30004": Failure(*_FILTERED, "the network blocked the text"),
    "30007": Failure(*_FILTERED, "the network filtered the text as unwanted"),
    "30018": Failure(*_FILTERED, "the network wants this sender registered first"),
    "30034": Failure(*_FILTERED, "the sender is not registered for this traffic"),
    # -- too much at once -----------------------------------------------------------------------
    "14107": Failure(*_TOO_MUCH, "too many texts between these two numbers"),
    "20429": Failure(*_TOO_MUCH, "too many requests"),
    "21611": Failure(*_TOO_MUCH, "the sender's queue is full"),
    "30001": Failure(*_TOO_MUCH, "the carrier's queue overflowed"),
    "30022": Failure(*_TOO_MUCH, "the registered rate is used up"),
    "30023": Failure(*_TOO_MUCH, "the registered daily limit is used up"),
    "63018": Failure(*_TOO_MUCH, "the channel's rate is used up"),
    # -- our account, sender or permissions -----------------------------------------------------
    "13227": Failure(*_OUR_SETUP, "calls to this region are switched off"),
    "20003": Failure(*_OUR_SETUP, "the account or its key is not accepted"),
    "20404": Failure(*_OUR_SETUP, "the account does not exist at this address"),
    "21210": Failure(*_OUR_SETUP, "the calling number is not ours"),
    "21212": Failure(*_OUR_SETUP, "the sender is not a number"),
    "21215": Failure(*_OUR_SETUP, "calls to this region are switched off"),
    "21216": Failure(*_OUR_SETUP, "the account may not call this number"),
    "21408": Failure(*_OUR_SETUP, "texts to this region are switched off"),
    "21606": Failure(*_OUR_SETUP, "the sender cannot send texts"),
    "30002": Failure(*_OUR_SETUP, "the account is suspended"),
    "30450": Failure(*_OUR_SETUP, "stopped as suspected traffic pumping"),
    # -- the carrier's own contact window -------------------------------------------------------
    "30610": Failure(*_TOO_LATE, "outside the carrier's contact window"),
}

# The request itself was turned away; the text was not processed, so it may follow later.
NOT_PROCESSED = frozenset({"14107", "20429", "21611"})


def meaning(code: str | None) -> Failure:
    """Say what an error code means; an unknown one passes as something that may go better next time."""
    if code is not None and code in FAILURES:
        return FAILURES[code]
    log.warning("carrier_code_unknown", code=code)
    return Failure(
        *_UNDELIVERED, f"the carrier's error {code}, unknown to us" if code else "the carrier gave no reason"
    )
