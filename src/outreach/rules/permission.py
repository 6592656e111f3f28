"""Whether the bank may reach this customer, on this channel, right now."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from outreach.rules.contact import Consent, Contact, Reach, Standing
from outreach.rules.gates import campaign, number, suitability, timing, wishes
from outreach.rules.gates.asked import Asked
from outreach.rules.policy import Policy
from outreach.rules.verdict import Allowed, Refused, Verdict

if TYPE_CHECKING:
    from outreach.calendar import Calendar

__all__ = ["ANSWER_GATES", "GATES", "Consent", "Contact", "Reach", "Standing", "may_contact"]


def may_contact(
    contact: Contact, reach: Reach, standing: Standing, now: datetime, policy: Policy, calendar: Calendar
) -> Verdict:
    """Decide whether a contact may be made now; the first gate that refuses gives the reason."""
    asked = Asked(contact, reach, standing, now, policy, calendar)
    gates = ANSWER_GATES if asked.is_answer() else GATES
    return next((refused for gate in gates if (refused := gate(asked))), Allowed())


type Gate = Callable[[Asked], Refused | None]

# In the order of the bank's gate list, so that a stored reason also says that all gates before it were passed.
GATES: tuple[Gate, ...] = (
    number.destination,
    number.number_kind,
    wishes.opt_out,
    wishes.complaint,
    wishes.consent,
    timing.window,
    timing.frequency,
    timing.conversation,
    suitability.age,
    suitability.suitability,
    campaign.facts,
    campaign.content,
    campaign.approval,
    campaign.campaign,
    number.number_freshness,
    campaign.stops,
)

# An answer is not a contact by the bank: no consent, window, cap or campaign dates.
ANSWER_GATES: tuple[Gate, ...] = (
    number.destination,
    number.number_kind,
    wishes.opt_out,
    wishes.complaint,
    campaign.facts,
    campaign.content,
    campaign.approval,
    campaign.stops,
)
