"""The terms of a campaign: what its file says beyond whom and when. Read from the file, and again from the store."""

from __future__ import annotations

from dataclasses import dataclass, field

from ruamel.yaml.comments import CommentedMap

from outreach.campaigns import aims, experiment
from outreach.campaigns.aims import Aims
from outreach.campaigns.experiment import Experiment
from outreach.documents import Document, Refused
from outreach.model import Campaign
from outreach.scripts.form import Form

KEYS = (*experiment.KEYS, *aims.KEYS)


@dataclass(frozen=True)
class Terms:
    """What a campaign does with its customers."""

    experiment: Experiment = field(default_factory=Experiment)
    aims: Aims = field(default_factory=Aims)


def read(form: Form) -> Terms:
    """The terms in a campaign file; what is wrong becomes a problem with its line."""
    return Terms(experiment=experiment.read(form), aims=aims.read(form))


def of(campaign: Campaign) -> Terms:
    """The terms of a stored campaign."""
    form = Form(Document(f"campaign {campaign.name}", CommentedMap(campaign.definition)))
    terms = read(form)
    if form.problems:
        raise Refused(form.problems)
    return terms
