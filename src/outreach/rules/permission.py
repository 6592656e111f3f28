"""Whether the bank may reach this customer, on this channel, right now."""

from datetime import datetime

from outreach.calendar import Calendar
from outreach.rules.contact import Contact, Reach, Standing
from outreach.rules.policy import Policy
from outreach.rules.verdict import Verdict


def may_contact(
    contact: Contact, reach: Reach, standing: Standing, now: datetime, policy: Policy, calendar: Calendar
) -> Verdict:
    """Decide whether a contact may be made now, by every gate in order."""
    raise NotImplementedError
