"""Customers, contacts and days to ask the rules about."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from outreach.rules import Channel, Consent, Contact, Reach, Standing, read_policy

ROOT = Path(__file__).parents[2]
POLICY_FILE = ROOT / "config" / "policy.yml"
POLICY = read_policy(POLICY_FILE)

SHANGHAI = "Asia/Shanghai"
SMS, VOICE = Channel.SMS, Channel.VOICE


@dataclass(frozen=True)
class Day:
    kind: str
    date: date
    provisional: bool = False


@dataclass(frozen=True)
class Calendar:
    """Days as a test needs them: weekends by rule, the rest as listed."""

    holidays: frozenset[date] = frozenset()
    moved: frozenset[date] = frozenset()
    years: range = range(1900, 2101)

    def knows(self, year):
        return year in self.years

    def day(self, day):
        assert self.knows(day.year)
        if day in self.holidays:
            return Day("holiday", day)
        if day in self.moved:
            return Day("adjusted_working", day)
        return Day("weekend" if day.weekday() >= 5 else "working", day)


CALENDAR = Calendar()


def at(written, zone=SHANGHAI):
    """An instant, from the customer's clock: at("2026-03-04 10:00")."""
    return datetime.fromisoformat(written).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


NOON = at("2026-03-04 11:00")  # a Wednesday, when both channels are open


def contact(**changes):
    return replace(Contact(channel=SMS, purpose="marketing", provider="local", started_by="bank"), **changes)


def consent(**changes):
    return replace(Consent(purpose="marketing", given_at=at("2025-06-01 12:00")), **changes)


def wang(**changes):
    """A customer in Shanghai whom the bank may reach."""
    usual = Reach(
        number_country="CN",
        number_kind="mobile",
        zones=(SHANGHAI,),
        consent=consent(),
        birth_year=1985,
        risk_level=3,
        risk_expires_on=date(2026, 12, 31),
    )
    return replace(usual, **changes)


def running(**changes):
    return replace(Standing(script_approved=True, campaign_active=True), **changes)
