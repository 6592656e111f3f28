"""Gates 4 and 5: whether this is a time to reach anyone, and whether it is too often."""

from outreach.rules.cadence import free_from
from outreach.rules.gates.asked import Asked
from outreach.rules.quiet_hours import closed_by
from outreach.rules.verdict import Reason, Refused


def window(asked: Asked) -> Refused | None:
    """Contact hours in every zone of the number (US TCPA: the recipient's; +86: vendors' 8-21, Beijing)."""
    reach, channel = asked.reach, asked.contact.channel
    reason = closed_by(asked.now, channel, reach.zones, asked.policy, asked.calendar)
    if reason is None:
        return None
    hours = [str(span) for span in asked.policy.contact_windows.of(channel).local_hours]
    until = None if reason is Reason.CALENDAR_UNKNOWN else asked.opens(asked.now)
    return Refused(reason, until, {"zones": list(reach.zones), "local_hours": hours})


def frequency(asked: Asked) -> Refused | None:
    """Ningxia notice 2025-04: limit time and frequency, of what nobody asked for."""
    contact, reach, caps = asked.contact, asked.reach, asked.policy.caps
    if contact.invited:
        return None
    if free_from(contact.channel, reach.recent_contacts, reach.zones, asked.now, caps) <= asked.now:
        return None
    figures = {
        "recent_contacts": len(reach.recent_contacts),
        "calls_per_day": caps.calls_per_day,
        "contacts_per_7_days": caps.contacts_per_7_days,
    }
    return Refused(Reason.TOO_OFTEN, asked.opens(asked.now), figures)


def conversation(asked: Asked) -> Refused | None:
    """Nobody is opened a second conversation while the first goes on."""
    return Refused(Reason.IN_CONVERSATION) if asked.reach.in_conversation else None
