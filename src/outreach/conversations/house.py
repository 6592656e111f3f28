"""What this bank has decided: who it is, its rules, its calendar. Read once at an edge, passed as one value."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from outreach import calendar, documents
from outreach.calendar import Calendar
from outreach.documents import Refused
from outreach.places import CONFIG
from outreach.rules import read_policy
from outreach.rules.policy import Policy

BANK_KEYS = ("name", "signature", "hotline")


@dataclass(frozen=True)
class Bank:
    """Who we are, as customers read it."""

    name: str
    signature: str
    """Registered with the carrier; stands first in every text, in 【】."""
    hotline: str


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
        calendar.load(folder / "holidays.yml"),
        provider,
    )


def read_bank(path: Path) -> Bank:
    """Read who we are."""
    document = documents.read_file(path)
    problems = [
        document.problem([key], "is missing", f"`{key}:` with a text")
        for key in BANK_KEYS
        if not isinstance(document.root.get(key), str)
    ]
    if problems:
        raise Refused(problems)
    bank = Bank(**{key: str(document.root[key]) for key in BANK_KEYS})
    if not (bank.signature.startswith("【") and bank.signature.endswith("】")):
        wrong = document.problem(
            ["signature"], f"is {bank.signature!r}", "the registered signature in 【】, as 【XX银行】"
        )
        raise Refused([wrong])
    return bank
