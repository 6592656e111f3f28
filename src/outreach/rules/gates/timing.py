"""Gates 4 and 5: whether this is a time to reach anyone, and whether it is too often."""

from datetime import timedelta

from outreach.rules.cadence import free_from
from outreach.rules.gates.asked import Asked
from outreach.rules.quiet_hours import closed_by
from outreach.rules.verdict import Reason, Refused

LATER = timedelta(hours=1)
"""When it makes sense to look again whether a conversation is over."""


def window(asked: Asked) -> Refused | None:
    """Contact hours in every zone of the number (US TCPA: the recipient's; +86: vendors' 8-21, Beijing)."""
    reach, channel = asked.reach, asked.contact.channel
    own = asked.hours()
    reason = closed_by(asked.now, channel, reach.zones, asked.policy, asked.calendar, own)
    if reason is None:
        return None
    spans = asked.policy.contact_windows.of(channel).local_hours if own is None else sorted(own.spans())
    hours = [str(span) for span in spans]
    until = None if reason is Reason.CALENDAR_UNKNOWN else asked.opens(asked.now)
    return Refused(reason, until, {"zones": list(reach.zones), "local_hours": hours})


def frequency(asked: Asked) -> Refused | None:
    """Ningxia notice 2025-04: limit time and frequency, of what nobody asked for."""
    contact, reach, caps, most = asked.contact, asked.reach, asked.caps(), asked.standing.contacts
    if contact.invited:
        return None
    if most is not None and reach.campaign_contacts >= most:
        return Refused(Reason.TOO_OFTEN, figures={"campaign_contacts": reach.campaign_contacts, "contacts": most})
    if free_from(contact.channel, reach.recent_contacts, reach.zones, asked.now, caps) <= asked.now:
        return None
    figures = {
        "recent_contacts": len(reach.recent_contacts),
        "calls_per_day": caps.calls_per_day,
        "contacts_per_7_days": caps.contacts_per_7_days,
    }
    return Refused(Reason.TOO_OFTEN, asked.opens(asked.now), figures)


def conversation(asked: Asked) -> Refused | None:
    """Nobody is opened a second conversation while the first goes on; it is asked again when it may be over."""
    return Refused(Reason.IN_CONVERSATION, asked.opens(asked.now + LATER)) if asked.reach.in_conversation else None
