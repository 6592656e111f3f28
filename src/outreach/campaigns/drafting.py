"""The campaign a file describes: refused, line by line, where it names what does not exist or must not be said."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlmodel import Session

from outreach.campaigns import audience, hours, never_happens, publication
from outreach.campaigns.campaign_file import CampaignFile
from outreach.clock import local
from outreach.conversations import wording
from outreach.conversations.house import House
from outreach.documents import Problem, Refused
from outreach.model import Campaign, CampaignState, ScriptVersion
from outreach.rules import content
from outreach.scripts import rendering
from outreach.scripts.rendering import DEFAULT_VARIANT
from outreach.scripts.script import Script

STARTED_ELSEWHERE = timedelta(days=1)
"""A start of yesterday is still today somewhere; before that it is a slip of the pen."""


def draft(db: Session, house: House, file: CampaignFile, now: datetime) -> tuple[Campaign, ScriptVersion]:
    """The campaign as it would be stored, as yet only proposed; raises Refused with every problem."""
    document = file.document
    version = publication.published(db, file.script)
    if version is None:
        known = "、".join(publication.published_names(db)) or "none"
        raise Refused([document.problem(["script"], f"no published script {file.script!r}", f"one of {known}")])
    script = wording.script_of(db, version.id)
    problems = [
        *audience.problems(db, file),
        *_channels(file, script),
        *_offer(file, script),
        *_variants(file, script),
        *_follow_ups(db, file),
        *_dates(file, now),
        *_caps(file, house),
        *hours.problems(
            document,
            file.terms.hours,
            never_happens.channels_used(file),
            (file.start, file.end),
            house.policy,
            house.calendar,
        ),
        *never_happens.problems(file, house.policy),
    ]
    if problems:
        raise Refused(problems)
    campaign = Campaign(
        name=file.name,
        script=file.script,
        script_version_id=version.id,
        channels=[str(channel) for channel in file.channels],
        starts_on=file.start,
        ends_on=file.end,
        pace=file.pace,
        offer=dict(file.offer),
        definition=audience.definition(db, file),
        state=CampaignState.PROPOSED,
    )
    return campaign, version


def _channels(file: CampaignFile, script: Script) -> Iterator[Problem]:
    for channel in file.channels:
        if channel not in script.channels:
            fix = f"among {', '.join(script.channels)}"
            yield file.document.problem(["channels"], f"{script.name} has no wording for {channel}", fix)


def _offer(file: CampaignFile, script: Script) -> Iterator[Problem]:
    document = file.document
    for key, sample in script.offer.items():
        if not file.offer.get(key):
            yield document.problem(["offer", key], "is missing", f"what customers get, such as {sample!r}")
    offers = [(["offer"], file.offer)]
    offers += [(["variants", name, "offer"], one.offer) for name, one in file.terms.experiment.variants.items()]
    for path, offer in offers:
        for key, value in offer.items():
            if key not in script.offer:
                fix = f"one of {', '.join(script.offer)}"
                yield document.problem([*path, key], "is not a field of the script's offer", fix)
            if said := content.problem(value):
                yield document.problem([*path, key], said, "words without promises or superlatives")


def _variants(file: CampaignFile, script: Script) -> Iterator[Problem]:
    """A variant differs from the first by its offer, or by wording of its own on every channel."""
    for name, variant in file.terms.experiment.variants.items():
        if name == DEFAULT_VARIANT or variant.offer:
            continue
        for channel in file.channels:
            if not rendering.has_variant(script, channel, name):
                fix = f"{script.name}/{channel}/…@{name}.j2 in the published script, an `offer:` of its own, or the name {DEFAULT_VARIANT}"
                yield file.document.problem(["variants", name], f"has no wording for {channel}", fix)


def _follow_ups(db: Session, file: CampaignFile) -> Iterator[Problem]:
    """A follow-up has a published script of its own, worded for its channel, with every field of its offer."""
    for one in file.terms.follow_ups:
        path = ["follow_ups", one.name]
        version = publication.published(db, one.script)
        if version is None:
            known = "、".join(publication.published_names(db)) or "none"
            yield file.document.problem([*path, "script"], f"no published script {one.script!r}", f"one of {known}")
            continue
        own = wording.script_of(db, version.id)
        if one.channel not in own.channels:
            fix = f"one of {', '.join(own.channels)}"
            yield file.document.problem([*path, "channel"], f"{own.name} has no wording for {one.channel}", fix)
        for key, sample in own.offer.items():
            if not (one.offer.get(key) or file.offer.get(key)):
                fix = f"what customers get, such as {sample!r}"
                yield file.document.problem([*path, "offer", key], "is missing", fix)
        for key, value in one.offer.items():
            if key not in own.offer:
                fix = f"one of {', '.join(own.offer) or 'none'}"
                yield file.document.problem([*path, "offer", key], f"is not a field of {own.name}'s offer", fix)
            if said := content.problem(value):
                yield file.document.problem([*path, "offer", key], said, "words without promises or superlatives")


def _caps(file: CampaignFile, house: House) -> Iterator[Problem]:
    own, most = file.terms.caps.contacts_per_7_days, house.policy.caps.contacts_per_7_days
    if own is not None and own > most:
        fix = f"at most {most} (config/policy.yml)"
        yield file.document.problem(["caps", "contacts_per_7_days"], f"{own} is more than the policy permits", fix)


def _dates(file: CampaignFile, now: datetime) -> Iterator[Problem]:
    today = local(now).date()
    if file.end < today:
        yield file.document.problem(["end"], f"{file.end} is in the past", "a day from today on")
    elif file.start < today - STARTED_ELSEWHERE:
        yield file.document.problem(["start"], f"{file.start} is in the past", f"a day from today, {today}, on")
