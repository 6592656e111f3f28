"""Find a campaign by the name somebody typed."""

from __future__ import annotations

from sqlmodel import Session, select

from outreach.cli.output import Stop
from outreach.model import Campaign


def campaign_named(db: Session, name: str) -> Campaign:
    """The campaign of that name; stops with the names there are."""
    campaign = db.exec(select(Campaign).where(Campaign.name == name)).first()
    if campaign is None:
        known = "、".join(db.exec(select(Campaign.name)).all()) or "none"
        raise Stop(f"no campaign {name!r}; there are {known}")
    return campaign
