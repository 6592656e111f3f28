"""What staff do to a campaign that runs: pause it, go on, end it, promote a variant. Each act is kept with who and why."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, update
from sqlmodel import Session, col, select

from outreach.campaigns import terms
from outreach.campaigns.closing import close_rest
from outreach.explained import Explained
from outreach.model import Attempt, AuditEntry, Campaign, CampaignState
from outreach.rules.delivery import AttemptState
from outreach.rules.verdict import Reason
from outreach.said import listed, said
from outreach.said import named as spoken

PROMOTED = "variant_promoted"


class CannotSteer(Explained):
    """A campaign is not in a state in which this can be done; says which and what would be right."""


def pause(db: Session, name: str, by: str, why: str, now: datetime) -> Campaign:
    """Begin nothing new; conversations under way go on."""
    campaign = _in_state(db, name, CampaignState.ACTIVE)
    campaign.state, campaign.held_why = CampaignState.PAUSED, why or said("paused by %(by)s", by=by)
    return _noted(db, campaign, "campaign_paused", by, why, now)


def resume(db: Session, name: str, by: str, why: str, now: datetime) -> Campaign:
    """Go on; failures and opt-outs are counted anew, since a person has looked at those before."""
    campaign = _in_state(db, name, CampaignState.PAUSED)
    campaign.state, campaign.held_why, campaign.watched_from = CampaignState.ACTIVE, None, now
    return _noted(db, campaign, "campaign_resumed", by, why, now)


def end(db: Session, name: str, by: str, why: str, now: datetime) -> Campaign:
    """End for good: whoever is still planned is closed; conversations under way go on to their end."""
    campaign = _in_state(db, name, CampaignState.ACTIVE, CampaignState.PAUSED)
    campaign.state, campaign.held_why = CampaignState.FINISHED, why or said("ended by %(by)s", by=by)
    close_rest(db, campaign.id, Reason.CAMPAIGN_CLOSED, now)
    return _noted(db, campaign, "campaign_ended", by, why, now)


def promote(db: Session, name: str, variant: str, by: str, why: str, now: datetime) -> Campaign:
    """Give a variant to everybody who has not been contacted yet; who was keeps what they got."""
    campaign = _in_state(db, name, CampaignState.ACTIVE, CampaignState.PAUSED)
    experiment = terms.of(campaign).experiment
    if variant not in experiment.variants:
        known = ", ".join(experiment.variants) or said("none")
        wrong = said(
            "%(name)s has no variant %(variant)s; it has %(known)s", name=name, variant=repr(variant), known=known
        )
        raise CannotSteer(wrong)
    campaign.winner = variant
    untouched = update(Attempt).where(
        col(Attempt.campaign_id) == campaign.id,
        col(Attempt.state).in_([AttemptState.PLANNED, AttemptState.DUE]),
        col(Attempt.step) == "opening",
        col(Attempt.number) == 1,
    )
    db.execute(untouched.values(variant=variant, offer=experiment.offer(variant, campaign.offer)))
    return _noted(db, campaign, PROMOTED, by, why or variant, now)


def promoted_at(db: Session, campaign: UUID) -> datetime | None:
    """When a variant was first given to everybody: whoever is contacted from then on was not drawn for the one they get."""
    acts = select(func.min(AuditEntry.at)).where(AuditEntry.what == campaign, AuditEntry.verb == PROMOTED)
    return db.exec(acts).one()


def named(db: Session, name: str) -> Campaign:
    """A campaign by its name, locked; raises CannotSteer with those there are."""
    campaign = db.exec(select(Campaign).where(Campaign.name == name).with_for_update()).first()
    if campaign is None:
        known = "、".join(db.exec(select(Campaign.name)).all()) or "none"
        raise CannotSteer(f"no campaign {name!r}; there are {known}")
    return campaign


def _in_state(db: Session, name: str, *states: CampaignState) -> Campaign:
    campaign = named(db, name)
    if campaign.state not in states:
        right = listed([spoken(one) for one in states], " / ")
        wrong = said("%(name)s is %(state)s, not %(right)s", name=name, state=spoken(campaign.state), right=right)
        raise CannotSteer(wrong)
    return campaign


def _noted(db: Session, campaign: Campaign, verb: str, by: str, why: str, now: datetime) -> Campaign:
    db.add(campaign)
    db.add(AuditEntry(at=now, who=by, verb=verb, what=campaign.id, why=why))
    db.flush()
    return campaign
