"""Gates 7, 8 and 10: the words, the campaign, and the stops."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from outreach.rules.gates.asked import Asked
from outreach.rules.verdict import Reason, Refused

HELD = timedelta(minutes=1)
"""How long what a pause or a stop holds back waits before it is asked again."""


def facts(asked: Asked) -> Refused | None:
    """A line with a hole in it is never sent."""
    missing = asked.standing.missing_facts
    return Refused(Reason.MISSING_FACT, figures={"missing": list(missing)}) if missing else None


def content(asked: Asked) -> Refused | None:
    """广告法 9, 25 and the rules of form, as checked on the rendered words."""
    problem = asked.contact.content_problem
    return Refused(Reason.CONTENT, figures={"problem": problem}) if problem else None


def approval(asked: Asked) -> Refused | None:
    """消保办法: no words to customers that a second person has not approved."""
    return None if asked.standing.script_approved else Refused(Reason.NOT_APPROVED)


def campaign(asked: Asked) -> Refused | None:
    """A campaign reaches people while it is active and, in every zone of the number, within its dates."""
    standing, dates = asked.standing, asked.dates()
    figures = {"starts_on": _iso(standing.starts_on), "ends_on": _iso(standing.ends_on)}
    if standing.ends_on is not None and max(dates) > standing.ends_on:
        return Refused(Reason.CAMPAIGN_CLOSED, figures=figures)
    if standing.campaign_paused:
        return Refused(Reason.CAMPAIGN_CLOSED, asked.now + HELD, figures | {"paused": True})
    if not standing.campaign_active:
        return Refused(Reason.CAMPAIGN_CLOSED, figures=figures)
    if standing.starts_on is not None and min(dates) < standing.starts_on:
        begins = [datetime.combine(standing.starts_on, time(), ZoneInfo(zone)) for zone in asked.reach.zones]
        return Refused(Reason.CAMPAIGN_CLOSED, asked.opens(max(begins).astimezone(UTC)), figures)
    return None


def stops(asked: Asked) -> Refused | None:
    """Read in the transaction that claims, so that a stop holds from its commit on; what it holds back goes on later."""
    for stop, reason in _STOPPED.items():
        if stop in asked.standing.stops:
            return Refused(reason, asked.now + HELD)
    return None


_STOPPED = {"all": Reason.STOPPED_ALL, "carrier": Reason.STOPPED_CARRIER, "campaign": Reason.STOPPED_CAMPAIGN}


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
