"""What this bank has decided: who it is, its rules, its calendar. Read once at an edge, passed as one value."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from outreach import holidays
from outreach.calendar import Calendar
from outreach.conversations.bank import Bank, read_bank
from outreach.places import CONFIG
from outreach.rules import read_policy
from outreach.rules.policy import Policy


@dataclass(frozen=True)
class House:
    """The bank, its policy, the calendar, and the provider that carries its texts."""

    bank: Bank
    policy: Policy
    calendar: Calendar
    provider: str


def read(provider: str, folder: Path = CONFIG) -> House:
    """Read the configuration files; raises Refused or PolicyError naming the file and key."""
    return House(
        read_bank(folder / "bank.yml"),
        read_policy(folder / "policy.yml"),
        holidays.load(folder / "holidays.yml"),
        provider,
    )
