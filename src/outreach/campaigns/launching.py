"""Launch a campaign: proposed by one person and approved by another, or at once where nothing real can be sent."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, select

from outreach import persons
from outreach.campaigns import drafting
from outreach.campaigns.campaign_file import CampaignFile
from outreach.clock import local
from outreach.conversations.house import House
from outreach.documents import Refused
from outreach.explained import Explained
from outreach.model import AuditEntry, Campaign, CampaignState
from outreach.said import named, said
from outreach.settings import Provider


class NotLaunched(Explained):
    """A campaign could not be launched as asked; says why and what to do."""


def propose(db: Session, house: House, file: CampaignFile, by: str, now: datetime) -> Campaign:
    """Store a campaign for somebody else to approve. Raises Refused for what does not exist or a name taken."""
    campaign = _stored(db, house, file, now)
    campaign.proposed_by, campaign.proposed_at = by, now
    db.add(AuditEntry(at=now, who=by, verb="campaign_proposed", what=campaign.id))
    db.flush()
    return campaign


def approve(db: Session, name: str, by: str, now: datetime) -> Campaign:
    """Launch what somebody else proposed; workers plan it. Raises NotLaunched."""
    campaign = _proposed(db, name)
    if campaign.proposed_by is not None and persons.same(by, campaign.proposed_by):
        raise NotLaunched(said("%(by)s proposed %(name)s; somebody else has to approve it", by=by, name=name))
    if campaign.ends_on < local(now).date():
        over = said("%(name)s ended on %(day)s; propose it anew with later dates", name=name, day=campaign.ends_on)
        raise NotLaunched(over)
    campaign.approved_by, campaign.approved_at = by, now
    _launch(db, campaign, now)
    db.add(AuditEntry(at=now, who=by, verb="campaign_approved", what=campaign.id))
    return campaign


def reject(db: Session, name: str, by: str, why: str, now: datetime) -> Campaign:
    """Send a proposal back; its name is free again. Raises NotLaunched."""
    campaign = _proposed(db, name)
    campaign.state, campaign.held_why = CampaignState.REJECTED, why
    campaign.name = f"{name} ({campaign.id})"
    db.add(campaign)
    db.add(AuditEntry(at=now, who=by, verb="campaign_rejected", what=campaign.id, why=why))
    return campaign


def launch(db: Session, house: House, file: CampaignFile, now: datetime) -> Campaign:
    """Launch without a second person. Raises NotLaunched where one is needed: real customers, or the file asks for it."""
    if house.provider != Provider.LOCAL or file.approval == "required":
        raise NotLaunched(
            f"{file.name} needs a second person's approval: outreach campaign propose {file.path} --by A, "
            f"then outreach campaign approve {file.name} --by B"
        )
    campaign = _stored(db, house, file, now)
    _launch(db, campaign, now)
    return campaign


def _stored(db: Session, house: House, file: CampaignFile, now: datetime) -> Campaign:
    if known := db.exec(select(Campaign.state).where(Campaign.name == file.name)).first():
        done = said("proposed") if known is CampaignState.PROPOSED else said("launched")
        taken = file.document.problem(
            ["name"],
            said("%(name)s was %(done)s already", name=file.name, done=done),
            said("a new name for a new campaign"),
        )
        raise Refused([taken])
    campaign, _ = drafting.draft(db, house, file, now)
    db.add(campaign)
    db.flush()
    return campaign


def _proposed(db: Session, name: str) -> Campaign:
    campaign = db.exec(select(Campaign).where(Campaign.name == name).with_for_update()).first()
    if campaign is None:
        waiting = db.exec(select(Campaign.name).where(Campaign.state == CampaignState.PROPOSED)).all()
        shown = "、".join(waiting) or said("none")
        raise NotLaunched(
            said("no campaign %(name)s; waiting for approval: %(waiting)s", name=repr(name), waiting=shown)
        )
    if campaign.state is not CampaignState.PROPOSED:
        raise NotLaunched(said("%(name)s is %(state)s, not proposed", name=name, state=named(campaign.state)))
    return campaign


def _launch(db: Session, campaign: Campaign, now: datetime) -> None:
    campaign.state, campaign.launched_at, campaign.watched_from = CampaignState.ACTIVE, now, now
    db.add(campaign)
    db.flush()
