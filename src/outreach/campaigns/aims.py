"""What a campaign is for, as its results are measured: which fact, and how long after the contact it counts.

results: {fact: card_activated, window_days: 30}
"""

from __future__ import annotations

from dataclasses import dataclass

from ruamel.yaml.comments import CommentedMap

from outreach.campaigns import reckoning
from outreach.campaigns.reckoning import EVENTS, LONGEST_WINDOW
from outreach.documents import Document
from outreach.model import Campaign, FactKind
from outreach.said import said
from outreach.scripts.form import Form

KEYS = ("results",)
RESULT_KEYS = ("fact", "window_days")


@dataclass(frozen=True)
class Aims:
    """What counts as a result; None where the file leaves it to the script and to config/reckoning.yml."""

    fact: FactKind | None = None
    window_days: int | None = None


def read(form: Form) -> Aims:
    """The aims in a campaign file; what is wrong becomes a problem with its line."""
    entry = form.keys(["results"], form.document.root.get("results"), RESULT_KEYS)
    fact, days = entry.get("fact"), entry.get("window_days")
    if fact is not None and fact not in EVENTS:
        form.refuse(
            ["results", "fact"],
            said("is %(value)s", value=repr(fact)),
            said("one of %(known)s", known=", ".join(EVENTS)),
        )
        fact = None
    if days is not None:
        days = form.number(["results", "window_days"], days)
        if days > LONGEST_WINDOW:
            form.refuse(
                ["results", "window_days"],
                said("is %(value)s", value=days),
                said("at most %(count)s", count=LONGEST_WINDOW),
            )
    return Aims(FactKind(fact) if fact else None, days)


def of(campaign: Campaign) -> Aims:
    """The aims of a stored campaign, with what the bank usually reckons with where its file said nothing."""
    said = read(Form(Document(f"campaign {campaign.name}", CommentedMap(campaign.definition))))
    usual = reckoning.shipped()
    return Aims(said.fact or usual.facts.get(campaign.script), said.window_days or usual.window_days)
