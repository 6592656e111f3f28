"""Whether the words of a script stay as short as they have to be with what a campaign offers in them.

A script is checked with its sample offer when it is published; what customers are offered in earnest may be longer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from outreach.campaigns.campaign_file import CampaignFile
from outreach.campaigns.follow_up import FollowUp
from outreach.conversations import facts
from outreach.conversations.house import House
from outreach.documents import Problem
from outreach.rules.channel import Channel
from outreach.said import said
from outreach.scripts import reach, rendering, samples, wording_checks
from outreach.scripts.rendering import DEFAULT_VARIANT, CannotRender
from outreach.scripts.script import Script
from outreach.scripts.wording_checks import TooLong

type Path = Sequence[str | int]


def problems(file: CampaignFile, script: Script, house: House) -> Iterator[Problem]:
    """Each offer of the file with which some line is too long, for customers with long names, too."""
    experiment = file.terms.experiment
    offers: list[tuple[Path, str]] = [(["offer"], DEFAULT_VARIANT)]
    offers += [(["variants", name, "offer"], name) for name, one in experiment.variants.items() if one.offer]
    for path, variant in offers:
        yield from _problem(file, path, script, file.channels, experiment.offer(variant, file.offer), variant, house)


def of_follow_up(file: CampaignFile, one: FollowUp, script: Script, house: House) -> Iterator[Problem]:
    """The same for what a follow-up offers."""
    path = ["follow_ups", one.name, *(["offer"] if one.offer else [])]
    yield from _problem(file, path, script, [one.channel], {**file.offer, **one.offer}, DEFAULT_VARIANT, house)


def _problem(
    file: CampaignFile, path: Path, script: Script, channels: Sequence[Channel], offer: Mapping[str, str], variant: str,
    house: House,
) -> Iterator[Problem]:  # fmt: skip
    """One problem for each channel, of the longest line: which others are too long is the same offer's fault."""
    known = {**samples.LONGEST, **facts.of_bank(house), "offer": {key: offer.get(key, "") for key in script.offer}}
    for channel in (one for one in channels if one in script.channels):  # another has been refused
        if worst := max(
            _too_long(script, channel, known, variant, house), key=lambda one: one.characters, default=None
        ):
            line = "+".join(worst.lines)
            wrong = said("makes %(line)s too long: %(why)s", line=line, why=worst.problem)
            yield file.document.problem(path, wrong, worst.fix)


def _too_long(
    script: Script, channel: Channel, known: rendering.Facts, variant: str, house: House
) -> Iterator[TooLong]:
    worded = {line: _worded(script, channel, line, known, variant) for line in reach.lines(script.flow, channel)}
    if channel is Channel.VOICE:
        return wording_checks.too_long_turns(script, worded)
    most = house.policy.text.most_segments
    return wording_checks.too_long_texts(script, worded, house.bank.signature, min(script.budget or most, most))


def _worded(script: Script, channel: Channel, line: str, known: rendering.Facts, variant: str) -> str:
    try:
        return rendering.render(script, channel, line, known, variant)
    except CannotRender:
        return ""  # said elsewhere, or the script has no words for the channel
