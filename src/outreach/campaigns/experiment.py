"""Which variant a customer gets, and who is never contacted so that the others can be compared with them.

    holdout: 10%
    variants:
      a: {weight: 50}
      b: {weight: 50, offer: {gift: 一把雨伞}}
    experiment: {baseline: 20%, effect: 5%}     # or {size: 400}: customers of each variant before a winner may be named

The same customer of the same campaign always gets the same, on every channel, whoever plans it and how often: a check
before the launch counts what the launch will draw, and the same campaign on another store draws the same.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from outreach.campaigns import comparison, reckoning
from outreach.said import said
from outreach.scripts.form import Form, Path
from outreach.scripts.rendering import DEFAULT_VARIANT

KEYS = ("holdout", "variants", "experiment")
VARIANT_KEYS = ("weight", "offer")
EXPERIMENT_KEYS = ("size", "baseline", "effect")
NAME = re.compile(r"[a-z]\w{0,15}")
WHOLE = 100
MOST_HOLDOUT = 0.5
DEFAULT_SIZE = 200
"""Customers of each variant before a winner may be named, where the file says nothing."""


@dataclass(frozen=True)
class Variant:
    """One wording or offer that is tried."""

    weight: float
    """Its share of the customers, in percent."""
    offer: Mapping[str, str] = field(default_factory=dict)
    """Fields of the offer that differ from the campaign's."""


@dataclass(frozen=True)
class Experiment:
    """What a campaign tries out."""

    holdout: float = 0.0
    """The share, 0 to 1, that is never contacted."""
    variants: Mapping[str, Variant] = field(default_factory=dict)
    size: int = DEFAULT_SIZE

    def held_out(self, campaign: str, customer: str) -> bool:
        """Whether a customer is left alone."""
        return _place("holdout", campaign, customer) < self.holdout

    def variant(self, campaign: str, customer: str) -> str | None:
        """The variant of a customer; none where nothing is tried."""
        if not self.variants:
            return None
        place, passed = _place("variant", campaign, customer) * WHOLE, 0.0
        for name, variant in self.variants.items():
            passed += variant.weight
            if place < passed:
                return name
        return list(self.variants)[-1]

    def offer(self, variant: str | None, offer: Mapping[str, str]) -> dict[str, str]:
        """The offer that customers of a variant are made, given the campaign's."""
        tried = self.variants.get(variant or "")
        return {**offer, **(tried.offer if tried else {})}


def read(form: Form) -> Experiment:
    """The experiment of a campaign file; what is wrong becomes a problem with its line."""
    root = form.document.root
    entries = form.mapping(["variants"], root.get("variants"))
    variants = {str(name): _variant(form, ["variants", name], str(name), entry) for name, entry in entries.items()}
    total = sum(variant.weight for variant in variants.values())
    if variants and abs(total - WHOLE) > 1e-6:  # noqa: PLR2004 - as good as equal
        form.refuse(
            ["variants"],
            said("have weights that add up to %(total)s", total=f"{total:g}"),
            said("weights that add up to %(whole)s", whole=WHOLE),
        )
    if len(variants) == 1:
        form.refuse(["variants"], said("is only one"), said("at least two, or no `variants:`"))
    asked = form.keys(["experiment"], root.get("experiment"), EXPERIMENT_KEYS)
    if asked and not variants:
        form.refuse(["experiment"], said("has no variants to compare"), said("`variants:` with at least two"))
    return Experiment(_holdout(form, root.get("holdout", 0)), variants, _size(form, asked))


def share(form: Form, path: Path, value: Any, most: float = 1.0) -> float:
    """A part of a whole, written 10% or 0.1."""
    number: Any = value
    if isinstance(value, str) and value.strip().endswith("%"):
        written = value.strip()[:-1].strip()
        number = float(written) / 100 if re.fullmatch(r"\d{1,3}(\.\d+)?", written) else value
    if isinstance(number, int | float) and not isinstance(number, bool) and 0 <= number <= most:
        return float(number)
    form.refuse(
        path,
        said("is %(value)s", value=repr(value)),
        said("a share from 0%% to %(most)s, such as 10%%", most=f"{most:.0%}"),
    )
    return 0.0


def _holdout(form: Form, value: Any) -> float:
    return share(form, ["holdout"], value, MOST_HOLDOUT)


def _size(form: Form, asked: Mapping[str, Any]) -> int:
    """The customers each variant needs: as given, or enough to find the smallest effect that is worth knowing."""
    if "size" in asked or not asked:
        return form.number(["experiment", "size"], asked["size"]) if asked else DEFAULT_SIZE
    for key in ("baseline", "effect"):
        if key not in asked:
            form.refuse(
                ["experiment", key], said("is missing"), said("baseline and effect, such as 20%% and 5%%, or size")
            )
    problems = len(form.problems)
    baseline, effect = (share(form, ["experiment", key], asked.get(key, 0)) for key in ("baseline", "effect"))
    if len(form.problems) > problems or not (effect > 0 and baseline + effect < 1):
        form.refuse(
            ["experiment", "effect"],
            said("is %(value)s", value=repr(asked.get("effect"))),
            said("above 0%%, and below 100%% with the baseline"),
        )
        return DEFAULT_SIZE
    reckon = reckoning.shipped()
    return comparison.size(baseline, effect, reckon.confidence, reckon.power)


def _variant(form: Form, path: Path, name: str, value: Any) -> Variant:
    if not NAME.fullmatch(name):
        form.refuse(
            path,
            said("%(name)s is not a name of a variant", name=repr(name)),
            said("a letter, such as %(default_variant)s or b", default_variant=DEFAULT_VARIANT),
        )
    entry = form.keys(path, value, VARIANT_KEYS)
    weight = entry.get("weight")
    if isinstance(weight, bool) or not isinstance(weight, int | float) or not 0 < weight <= WHOLE:
        form.refuse(
            [*path, "weight"],
            said("is %(value)s", value=repr(weight)),
            said("its share of the customers in percent, such as 50"),
        )
        weight = 0
    offer = form.mapping([*path, "offer"], entry.get("offer"))
    return Variant(float(weight), {str(key): form.text([*path, "offer", key], text) for key, text in offer.items()})


def _place(what: str, campaign: str, customer: str) -> float:
    """Where a customer stands between 0 and 1, as if drawn by lot once and for all."""
    drawn = hashlib.sha256(f"{what}:{campaign}:{customer}".encode()).digest()
    return int.from_bytes(drawn[:8]) / 2**64
