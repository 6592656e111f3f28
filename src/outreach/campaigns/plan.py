"""Turn a campaign into attempts: one for each customer of its audience, due when it is permitted or closed with the
reason why not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from outreach.campaigns import audience, publication, standing
from outreach.campaigns.campaign_file import CampaignFile
from outreach.campaigns.contact import shortcomings
from outreach.campaigns.open import refuse
from outreach.campaigns.standing import Intended
from outreach.clock import ZONE, Clock, local
from outreach.conversations import wording
from outreach.conversations.house import House
from outreach.documents import Refused as FileRefused
from outreach.model import Attempt, Campaign, Customer, ScriptVersion, Sessions
from outreach.rules import content
from outreach.rules.channel import Channel
from outreach.rules.delivery import AttemptState
from outreach.rules.verdict import Refused, Verdict

BATCH = 500
"""Customers planned in one transaction: a kill loses at most that many, and they are planned again."""


@dataclass
class Forecast:
    """What launching would do: how many would be reached, and why others would not."""

    audience: int = 0
    planned: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    later: Counter[str] = field(default_factory=Counter)
    """Put off by a rule, by reason; they are among the planned."""


def check(db: Session, house: House, file: CampaignFile, now: datetime) -> Forecast:
    """What would happen, without doing it; raises Refused when the file names what does not exist or must not be said."""
    campaign, version = _campaign(db, file, now)
    forecast = Forecast()
    for customers in _audience(db, campaign.definition, now):
        for _, verdict in _verdicts(db, house, campaign, version, customers, now):
            forecast.audience += 1
            if isinstance(verdict, Refused) and verdict.until is None:
                forecast.refused[str(verdict.reason)] += 1
                continue
            forecast.planned += 1
            if isinstance(verdict, Refused):
                forecast.later[str(verdict.reason)] += 1
    return forecast


def launch(db: Session, file: CampaignFile, now: datetime) -> Campaign:
    """Store a campaign as launched; workers plan it. Raises Refused for what does not exist or a name taken."""
    if db.exec(select(Campaign.id).where(Campaign.name == file.name)).first():
        taken = file.document.problem(["name"], f"{file.name} was launched already", "a new name for a new campaign")
        raise FileRefused([taken])
    campaign, _ = _campaign(db, file, now)
    db.add(campaign)
    db.flush()
    return campaign


def plan(sessions: Sessions, clock: Clock, house: House, campaign_id: UUID) -> int:
    """Plan every customer of a campaign that has no attempt yet; how many were added."""
    with sessions.reading() as db:
        campaign = db.get_one(Campaign, campaign_id)
        ids = list(db.exec(audience.members(campaign.definition, clock.now())).all())
    added = 0
    for start in range(0, len(ids), BATCH):
        with sessions.begin() as db:
            campaign = db.get_one(Campaign, campaign_id)
            version = db.get_one(ScriptVersion, campaign.script_version_id)
            customers = db.exec(select(Customer).where(col(Customer.id).in_(ids[start : start + BATCH]))).all()
            added += _plan_batch(db, house, campaign, version, customers, clock.now())
    with sessions.begin() as db:
        campaign = db.get_one(Campaign, campaign_id)
        campaign.planned_at = clock.now()
        db.add(campaign)
    return added


def _plan_batch(
    db: Session, house: House, campaign: Campaign, version: ScriptVersion, customers: Sequence[Customer], now: datetime
) -> int:
    rows = []
    for customer, verdict in _verdicts(db, house, campaign, version, customers, now):
        attempt = _attempt(campaign, customer, now)
        attempt.verdict = standing.stored(verdict, house)
        if isinstance(verdict, Refused):
            refuse(attempt, verdict, now)
        rows.append(attempt.model_dump())
    if not rows:
        return 0
    # Planned twice, as after a kill, adds nothing: the database knows who has an attempt.
    added = db.execute(insert(Attempt).values(rows).on_conflict_do_nothing().returning(col(Attempt.id))).all()
    return len(added)


def _verdicts(
    db: Session, house: House, campaign: Campaign, version: ScriptVersion, customers: Sequence[Customer], now: datetime
) -> Iterator[tuple[Customer, Verdict]]:
    script = wording.script_of(db, version.id)
    opens = max(now, first_instant(campaign))
    intended = []
    for customer in customers:
        probe = _attempt(campaign, customer, now)
        missing, problem = shortcomings(db, house, customer, script, probe, now)
        intended.append(
            Intended(customer, probe.channel, version, campaign, missing_facts=missing, content_problem=problem)
        )
    for one, verdict in zip(intended, standing.ask(db, house, intended, opens), strict=True):
        yield one.customer, verdict


def _attempt(campaign: Campaign, customer: Customer, now: datetime) -> Attempt:
    return Attempt(
        campaign_id=campaign.id,
        customer_id=customer.id,
        channel=Channel(campaign.channels[0]),
        script_version_id=campaign.script_version_id,
        offer=campaign.offer,
        state=AttemptState.PLANNED,
        due_at=max(now, first_instant(campaign)),
        created_at=now,
    )


def first_instant(campaign: Campaign) -> datetime:
    """Midnight of the first day, at the bank."""
    return datetime.combine(campaign.starts_on, time(), ZoneInfo(ZONE))


def _audience(db: Session, definition: dict[str, Any], now: datetime) -> Iterator[Sequence[Customer]]:
    ids = list(db.exec(audience.members(definition, now)).all())
    for start in range(0, len(ids), BATCH):
        yield db.exec(select(Customer).where(col(Customer.id).in_(ids[start : start + BATCH]))).all()


def _campaign(db: Session, file: CampaignFile, now: datetime) -> tuple[Campaign, ScriptVersion]:
    """The campaign a file describes; raises Refused for what does not exist or must not be said."""
    document, problems = file.document, []
    version = publication.published(db, file.script)
    if version is None:
        known = "、".join(publication.published_names(db)) or "none"
        raise FileRefused([document.problem(["script"], f"no published script {file.script!r}", f"one of {known}")])
    script = wording.script_of(db, version.id)
    problems += audience.problems(db, file)
    problems += [
        document.problem(
            ["channels"], f"{script.name} has no wording for {channel}", f"among {', '.join(script.channels)}"
        )
        for channel in file.channels
        if channel not in script.channels
    ]
    problems += [
        document.problem(["offer", key], "is not a field of the script's offer", f"one of {', '.join(script.offer)}")
        for key in file.offer
        if key not in script.offer
    ]
    problems += [
        document.problem(["offer", key], "is missing", f"what customers get, such as {sample!r}")
        for key, sample in script.offer.items()
        if not file.offer.get(key)
    ]
    problems += [
        document.problem(["offer", key], said, "words without promises or superlatives")
        for key, value in file.offer.items()
        if (said := content.problem(value))
    ]
    if file.end < local(now).date():
        problems.append(document.problem(["end"], f"{file.end} is in the past", "a day from today on"))
    if problems:
        raise FileRefused(problems)
    campaign = Campaign(
        name=file.name,
        script=file.script,
        script_version_id=version.id,
        channels=[str(channel) for channel in file.channels],
        starts_on=file.start,
        ends_on=file.end,
        pace=file.pace,
        offer=dict(file.offer),
        definition=audience.definition(file),
        launched_at=now,
    )
    return campaign, version
