"""The terms of a campaign: what its file says beyond whom and when. Read from the file, and again from the store."""

from __future__ import annotations

from dataclasses import dataclass, field

from ruamel.yaml.comments import CommentedMap

from outreach.campaigns import aims, caps, experiment, follow_up, hours, product_risk, retry, stop_conditions
from outreach.campaigns.aims import Aims
from outreach.campaigns.caps import Caps
from outreach.campaigns.experiment import Experiment
from outreach.campaigns.follow_up import FollowUp
from outreach.campaigns.hours import Hours
from outreach.campaigns.retry import Tries
from outreach.campaigns.stop_conditions import Conditions
from outreach.documents import Document, Refused
from outreach.model import Campaign
from outreach.scripts.form import Form

KEYS = (
    *hours.KEYS,
    *caps.KEYS,
    *experiment.KEYS,
    *aims.KEYS,
    *retry.KEYS,
    *follow_up.KEYS,
    *stop_conditions.KEYS,
    *product_risk.KEYS,
)


@dataclass(frozen=True)
class Terms:
    """What a campaign does with its customers."""

    hours: Hours = field(default_factory=dict)
    caps: Caps = field(default_factory=Caps)
    experiment: Experiment = field(default_factory=Experiment)
    aims: Aims = field(default_factory=Aims)
    tries: Tries = field(default_factory=Tries)
    follow_ups: tuple[FollowUp, ...] = ()
    stop: Conditions = field(default_factory=Conditions)
    product_risk: int | None = None
    """R1 to R5 as 1 to 5; none where no investment product is offered."""

    def follow_up(self, step: str) -> FollowUp | None:
        """The follow-up whose attempts have this step."""
        return next((one for one in self.follow_ups if one.step == step), None)


def read(form: Form) -> Terms:
    """The terms in a campaign file; what is wrong becomes a problem with its line."""
    channels = form.document.root.get("channels")
    return Terms(
        hours=hours.read(form),
        caps=caps.read(form),
        experiment=experiment.read(form),
        aims=aims.read(form),
        tries=retry.read(form, channels if isinstance(channels, list) else []),
        follow_ups=follow_up.read(form),
        stop=stop_conditions.read(form),
        product_risk=product_risk.read(form),
    )


def of(campaign: Campaign) -> Terms:
    """The terms of a stored campaign."""
    form = Form(Document(f"campaign {campaign.name}", CommentedMap(campaign.definition)))
    terms = read(form)
    if form.problems:
        raise Refused(form.problems)
    return terms
