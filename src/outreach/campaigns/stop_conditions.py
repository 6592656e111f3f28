"""When a campaign ends or pauses by itself.

    stop: {target: 200, budget: 3000, failure_rate: 20%, opt_out_rate: 2%, of: 100}

At its target (customers who said yes, as the script's goal counts them) or with its budget (in the currency of
config/bank.yml) spent it ends: whoever is still planned is closed with that reason. When too many contacts fail or too
many customers opt out, of at least so many, it pauses until a person has looked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from outreach.campaigns import experiment
from outreach.rules.verdict import Reason
from outreach.said import said
from outreach.scripts.form import Form

KEYS = ("stop",)
STOP_KEYS = ("target", "budget", "failure_rate", "opt_out_rate", "of")
ENOUGH = 50
"""Contacts before a rate says anything, where the file does not say."""


@dataclass(frozen=True)
class Conditions:
    """What ends or pauses a campaign; none where the file says nothing."""

    target: int | None = None
    budget: float | None = None
    failure_rate: float | None = None
    opt_out_rate: float | None = None
    of: int = ENOUGH

    def any(self) -> bool:
        """Whether there is anything to look at."""
        return any(one is not None for one in (self.target, self.budget, self.failure_rate, self.opt_out_rate))


@dataclass(frozen=True)
class Counts:
    """What a campaign has come to."""

    succeeded: int = 0
    spent: float = 0.0
    ended: int = 0
    """Contacts that have come to an end since the count began, whatever the end."""
    failed: int = 0
    opted_out: int = 0


@dataclass(frozen=True)
class Met:
    """A condition that is met: what to do, and why in words."""

    ends: Reason | None
    """The reason with which the rest is closed; none where it only pauses."""
    why: str


def met(conditions: Conditions, counts: Counts) -> Met | None:
    """The first condition that is met."""
    if conditions.target is not None and counts.succeeded >= conditions.target:
        return Met(
            Reason.TARGET_REACHED,
            said("target reached: %(come)s of %(target)s", come=counts.succeeded, target=conditions.target),
        )
    if conditions.budget is not None and counts.spent >= conditions.budget:
        return Met(
            Reason.BUDGET_SPENT,
            said(
                "budget spent: %(spent)s of %(budget)s", spent=f"{counts.spent:.2f}", budget=f"{conditions.budget:.2f}"
            ),
        )
    if counts.ended < conditions.of:
        return None
    for what, count, limit in (
        (said("failure rate"), counts.failed, conditions.failure_rate),
        (said("opt-out rate"), counts.opted_out, conditions.opt_out_rate),
    ):
        if limit is not None and count / counts.ended > limit:
            reached = {"what": what, "rate": f"{count / counts.ended:.1%}", "of": counts.ended, "limit": f"{limit:.1%}"}
            return Met(None, said("%(what)s %(rate)s of %(of)s is above %(limit)s", **reached))
    return None


def used_up(budget: float, spent: float) -> Met:
    """That what is left of a budget does not pay for another contact."""
    return Met(
        Reason.BUDGET_SPENT,
        said(
            "budget spent: %(spent)s of %(budget)s, and the rest does not pay for another contact",
            spent=f"{spent:.2f}",
            budget=f"{budget:.2f}",
        ),
    )


def read(form: Form) -> Conditions:
    """The stop conditions of a campaign file; what is wrong becomes a problem with its line."""
    entry = form.keys(["stop"], form.document.root.get("stop"), STOP_KEYS)
    read_keys: dict[str, Any] = {
        key: form.number(["stop", key], entry[key]) for key in ("target", "of") if key in entry
    }
    if "budget" in entry:
        read_keys["budget"] = _amount(form, entry["budget"])
    for key in ("failure_rate", "opt_out_rate"):
        if key in entry:
            read_keys[key] = experiment.share(form, ["stop", key], entry[key])
    return Conditions(**read_keys)


def _amount(form: Form, value: Any) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool) and value > 0:
        return float(value)
    form.refuse(["stop", "budget"], said("is %(value)s", value=repr(value)), said("an amount above 0, such as 3000"))
    return 0.0
