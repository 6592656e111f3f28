"""The campaign a file describes: refused, line by line, where it names what does not exist or must not be said."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlmodel import Session

from outreach.campaigns import audience, hours, never_happens, offer_length, product_risk, publication
from outreach.campaigns.campaign_file import CampaignFile
from outreach.clock import local
from outreach.conversations import wording
from outreach.conversations.house import House
from outreach.documents import Problem, Refused
from outreach.model import Campaign, CampaignState, ScriptVersion
from outreach.rules import content
from outreach.said import said
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
        known = "、".join(publication.published_names(db)) or said("none")
        raise Refused(
            [
                document.problem(
                    ["script"],
                    said("no published script %(script)s", script=repr(file.script)),
                    said("one of %(known)s", known=known),
                )
            ]
        )
    script = wording.script_of(db, version.id)
    problems = [
        *audience.problems(db, file),
        *_channels(file, script),
        *_offer(file, script),
        *offer_length.problems(file, script, house),
        *_variants(file, script),
        *_follow_ups(db, file, house),
        *product_risk.problems(document, file.terms.product_risk, script),
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
            fix = said("among %(known)s", known=", ".join(script.channels))
            yield file.document.problem(
                ["channels"], said("%(name)s has no wording for %(channel)s", name=script.name, channel=channel), fix
            )


def _offer(file: CampaignFile, script: Script) -> Iterator[Problem]:
    document = file.document
    for key, sample in script.offer.items():
        if not file.offer.get(key):
            yield document.problem(
                ["offer", key], said("is missing"), said("what customers get, such as %(sample)s", sample=repr(sample))
            )
    offers = [(["offer"], file.offer)]
    offers += [(["variants", name, "offer"], one.offer) for name, one in file.terms.experiment.variants.items()]
    for path, offer in offers:
        for key, value in offer.items():
            if key not in script.offer:
                fix = said("one of %(known)s", known=", ".join(script.offer))
                yield document.problem([*path, key], said("is not a field of the script's offer"), fix)
            if wrong := content.problem(value):
                yield document.problem([*path, key], wrong, said("words without promises or superlatives"))


def _variants(file: CampaignFile, script: Script) -> Iterator[Problem]:
    """A variant differs from the first by its offer, or by wording of its own on every channel."""
    for name, variant in file.terms.experiment.variants.items():
        if name == DEFAULT_VARIANT or variant.offer:
            continue
        for channel in file.channels:
            if not rendering.has_variant(script, channel, name):
                fix = said(
                    "%(name)s/%(channel)s/…@%(variant)s.j2 in the published script, an `offer:` of its own, or the name %(default_variant)s",
                    name=script.name,
                    channel=channel,
                    variant=name,
                    default_variant=DEFAULT_VARIANT,
                )
                yield file.document.problem(
                    ["variants", name], said("has no wording for %(channel)s", channel=channel), fix
                )


def _follow_ups(db: Session, file: CampaignFile, house: House) -> Iterator[Problem]:
    """A follow-up has a published script of its own, worded for its channel, with every field of its offer."""
    for one in file.terms.follow_ups:
        path = ["follow_ups", one.name]
        version = publication.published(db, one.script)
        if version is None:
            known = "、".join(publication.published_names(db)) or said("none")
            yield file.document.problem(
                [*path, "script"],
                said("no published script %(script)s", script=repr(one.script)),
                said("one of %(known)s", known=known),
            )
            continue
        own = wording.script_of(db, version.id)
        yield from product_risk.problems(file.document, file.terms.product_risk, own)
        if one.channel not in own.channels:
            fix = said("one of %(known)s", known=", ".join(own.channels))
            yield file.document.problem(
                [*path, "channel"],
                said("%(name)s has no wording for %(channel)s", name=own.name, channel=one.channel),
                fix,
            )
        for key, sample in own.offer.items():
            if not (one.offer.get(key) or file.offer.get(key)):
                fix = said("what customers get, such as %(sample)s", sample=repr(sample))
                yield file.document.problem([*path, "offer", key], said("is missing"), fix)
        for key, value in one.offer.items():
            if key not in own.offer:
                fix = said("one of %(known)s", known=", ".join(own.offer) or said("none"))
                yield file.document.problem(
                    [*path, "offer", key], said("is not a field of %(name)s's offer", name=own.name), fix
                )
            if wrong := content.problem(value):
                yield file.document.problem(
                    [*path, "offer", key], wrong, said("words without promises or superlatives")
                )
        yield from offer_length.of_follow_up(file, one, own, house)


def _caps(file: CampaignFile, house: House) -> Iterator[Problem]:
    own, most = file.terms.caps.contacts_per_7_days, house.policy.caps.contacts_per_7_days
    if own is not None and own > most:
        fix = said("at most %(most)s (config/policy.yml)", most=most)
        yield file.document.problem(
            ["caps", "contacts_per_7_days"], said("%(own)s is more than the policy permits", own=own), fix
        )


def _dates(file: CampaignFile, now: datetime) -> Iterator[Problem]:
    today = local(now).date()
    if file.end < today:
        yield file.document.problem(["end"], said("%(end)s is in the past", end=file.end), said("a day from today on"))
    elif file.start < today - STARTED_ELSEWHERE:
        yield file.document.problem(
            ["start"],
            said("%(start)s is in the past", start=file.start),
            said("a day from today, %(today)s, on", today=today),
        )
