"""What launching a campaign would do: how many would be reached, and why others would not."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import Session

from outreach.campaigns import audience, drafting, plan
from outreach.campaigns.campaign_file import CampaignFile
from outreach.conversations.house import House
from outreach.model import CampaignState
from outreach.rules.verdict import Refused

BATCH = 500


@dataclass
class Forecast:
    """What launching would do."""

    audience: int = 0
    planned: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    later: Counter[str] = field(default_factory=Counter)
    """Put off by a rule, by reason; they are among the planned."""
    variants: Counter[str] = field(default_factory=Counter)
    """Of the planned, by variant of the experiment."""
    excluded: int = 0
    """Left out by the file; they are not of the audience."""


def of(db: Session, house: House, file: CampaignFile, now: datetime) -> Forecast:
    """What would happen, without doing it; raises Refused when the file names what does not exist or must not be said."""
    campaign, _ = drafting.draft(db, house, file, now)
    campaign.state = CampaignState.ACTIVE  # asked as if it were launched
    forecast = Forecast(excluded=audience.excluded(db, campaign.definition, now))
    for customers in audience.batches(db, campaign.definition, now, BATCH):
        for one in plan.intend(db, house, campaign, customers, now):
            forecast.audience += 1
            if isinstance(one.verdict, Refused) and one.verdict.until is None:
                forecast.refused[str(one.verdict.reason)] += 1
                continue
            forecast.planned += 1
            if one.attempt.variant:
                forecast.variants[one.attempt.variant] += 1
            if isinstance(one.verdict, Refused):
                forecast.later[str(one.verdict.reason)] += 1
    return forecast
