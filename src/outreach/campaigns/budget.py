"""What is left of a campaign's budget. What has been begun counts as spent before it is, so that a budget holds."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal

from sqlmodel import Session

from outreach.campaigns import cost, reckoning, terms
from outreach.model import Campaign
from outreach.rules.channel import Channel
from outreach.rules.sms_length import segments


@dataclass
class Purse:
    """A budget while contacts are begun on it."""

    budget: Decimal
    spent: Decimal
    in_flight: Decimal
    """What is queued or under way may still cost."""

    def left(self) -> Decimal:
        """What may still be promised."""
        return self.budget - self.spent - self.in_flight

    def most(self, wanted: int) -> int:
        """How many contacts are worth a look, at the lowest price one can have."""
        lowest = min(price(Channel.SMS, "…"), price(Channel.VOICE, ""))
        return wanted if not lowest else max(0, min(wanted, math.floor(self.left() / lowest)))

    def takes(self, amount: Decimal) -> bool:
        """Promise an amount; whether there was enough left for it."""
        if amount > self.left():
            return False
        self.in_flight += amount
        return True


def of(db: Session, campaign: Campaign) -> Purse | None:
    """What a campaign's budget has come to; none where it has no budget."""
    budget = terms.of(campaign).stop.budget
    if budget is None:
        return None
    return Purse(Decimal(str(budget)), cost.spent(db, campaign.id), cost.in_flight(db, campaign.id))


def price(channel: Channel, words: str) -> Decimal:
    """What a contact that begins with these words costs: a text by its segments, a call as long as calls usually last."""
    if channel is Channel.SMS:
        return reckoning.shipped().cost(segments(words), 0)
    return reckoning.shipped().cost(0, cost.USUAL_CALL_MINUTES)
