"""What is done after a contact has ended, started by one outcome and cancelled by another.

    follow_ups:
      thanks:     {after: [visit_booked, agreed], in: 1d, at: "10:00", within: 2d, channel: sms, script: follow_up_thanks}
      first_call: {after: [considering], in: 3d, within: 7d, channel: voice, script: follow_up_call}
      invitation: {after: {first_call: [considering, agreed]}, in: 5d, within: 14d, channel: sms, script: follow_up_invitation,
                   cancelled_by: [visit_booked]}

`after` names outcomes of the first contact, or of other follow-ups by their name. Each is a row with a time as soon as it
is known, can be seen before it happens, and happens at most once for a customer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from graphlib import CycleError, TopologicalSorter
from typing import Any
from zoneinfo import ZoneInfo

from outreach.campaigns import durations, retry
from outreach.rules.channel import Channel
from outreach.said import said
from outreach.scripts.form import Form, Path
from outreach.scripts.names import outcomes

KEYS = ("follow_ups",)
FOLLOW_UP_KEYS = ("after", "in", "at", "within", "channel", "script", "cancelled_by", "offer")
OPENING = "opening"
MOST = 20
"""Follow-ups of one campaign; a customer would hear of more than that for months."""
STEP = "follow_up:"
"""Before its name in the step of its attempt."""
NEVER_AFTER = frozenset({"not_permitted"})
ALWAYS_CANCELLED_BY_GRADE = "E"
"""After a stop, a complaint or a wrong number nothing follows, whatever the file says."""


@dataclass(frozen=True)
class FollowUp:
    """One contact that follows another."""

    name: str
    after: Mapping[str, frozenset[str]]
    """The contact, and those of its outcomes that start this one."""
    wait: timedelta
    channel: Channel
    script: str
    at: time | None = None
    within: timedelta | None = None
    """After so long it is not begun any more."""
    cancelled_by: frozenset[str] = frozenset()
    offer: Mapping[str, str] = field(default_factory=dict)

    @property
    def step(self) -> str:
        """The step of its attempts."""
        return f"{STEP}{self.name}"

    def starts(self, step: str, outcome: str) -> bool:
        """Whether the end of a contact starts it."""
        return outcome in self.after.get(step.removeprefix(STEP), ()) and not stops(outcome)

    def cancelled(self, outcome: str) -> bool:
        """Whether an outcome makes it pointless."""
        return outcome in self.cancelled_by or stops(outcome)

    def due(self, ended: datetime, zone: str) -> tuple[datetime, datetime | None]:
        """When it is due after a contact that ended then, and from when on it is too late."""
        last = ended + self.within if self.within else None
        due = (ended + self.wait).astimezone(ZoneInfo(zone))
        if self.at is not None:
            due = datetime.combine(due.date(), self.at, due.tzinfo)
            due = due if due >= ended else due + timedelta(days=1)
        return due, last


def stops(outcome: str) -> bool:
    """Whether nothing may follow an outcome."""
    return outcomes()[outcome].grade == ALWAYS_CANCELLED_BY_GRADE


def read(form: Form) -> tuple[FollowUp, ...]:
    """The follow-ups of a campaign file; what is wrong becomes a problem with its line."""
    entries = form.mapping(["follow_ups"], form.document.root.get("follow_ups"))
    names = [str(name) for name in entries]
    read_all = tuple(_follow_up(form, ["follow_ups", name], str(name), entry, names) for name, entry in entries.items())
    if len(read_all) > MOST:
        form.refuse(["follow_ups"], said("are %(count)s", count=len(read_all)), said("at most %(count)s", count=MOST))
    try:
        TopologicalSorter({one.name: sorted(one.after) for one in read_all}).prepare()
    except CycleError as error:
        circle = list(reversed(error.args[1]))
        goes_round = said("goes round: %(known)s", known=" → ".join(circle))
        form.refuse(["follow_ups", circle[0], "after"], goes_round, said("an order that ends"))
    return read_all


def _follow_up(form: Form, path: Path, name: str, value: Any, names: list[str]) -> FollowUp:
    entry = form.keys(path, value, FOLLOW_UP_KEYS)
    for key in ("after", "in", "channel", "script"):
        if key not in entry:
            form.refuse(path, said("does not say `%(key)s`", key=key), f"`{key}:`")
    if not name.isidentifier() or name == OPENING:
        form.refuse(
            path, said("%(name)s is not a name of a follow-up", name=repr(name)), said("letters and _, such as thanks")
        )
    channel = entry.get("channel", Channel.SMS)
    if channel not in list(Channel):
        form.refuse([*path, "channel"], said("is %(value)s", value=repr(channel)), said("sms or voice"))
        channel = Channel.SMS
    wait = durations.read(form, [*path, "in"], entry.get("in", "1d"))
    within = durations.read(form, [*path, "within"], entry["within"]) if "within" in entry else None
    if within is not None and within <= wait:
        form.refuse(
            [*path, "within"],
            said("is %(value)s", value=durations.in_words(within)),
            said("longer than `in`, %(span)s", span=durations.in_words(wait)),
        )
    cancelled_by = form.texts([*path, "cancelled_by"], entry.get("cancelled_by", []))
    _known(form, [*path, "cancelled_by"], cancelled_by)
    offer = form.mapping([*path, "offer"], entry.get("offer"))
    return FollowUp(
        name=name,
        after=_after(form, [*path, "after"], entry.get("after", []), [other for other in names if other != name]),
        wait=wait,
        channel=Channel(channel),
        script=form.text([*path, "script"], entry.get("script", "…")),
        at=retry.clock_time(form, [*path, "at"], entry["at"]) if "at" in entry else None,
        within=within,
        cancelled_by=frozenset(cancelled_by),
        offer={str(key): form.text([*path, "offer", key], text) for key, text in offer.items()},
    )


def _after(form: Form, path: Path, value: Any, others: list[str]) -> dict[str, frozenset[str]]:
    listed = value if isinstance(value, Mapping) else {OPENING: value}
    after = {}
    for contact, named in listed.items():
        where = [*path, contact] if isinstance(value, Mapping) else path
        if contact not in {OPENING, *others}:
            form.refuse(
                where,
                said("%(contact)s is no other contact of the campaign", contact=contact),
                said("%(opening)s or a follow-up's name", opening=OPENING),
            )
        started_by = form.texts(where, named)
        _known(form, where, started_by)
        for number, outcome in enumerate(started_by):
            if outcome in outcomes() and (outcome in NEVER_AFTER or stops(outcome)):
                form.refuse(
                    [*where, number],
                    said("nothing may follow %(outcome)s", outcome=outcome),
                    said("an outcome after which people may be reached"),
                )
        after[str(contact)] = frozenset(started_by)
    return after


def _known(form: Form, path: Path, named: tuple[str, ...]) -> None:
    for number, outcome in enumerate(named):
        if outcome and outcome not in outcomes():
            form.refuse(
                [*path, number],
                said("%(outcome)s is not an outcome", outcome=outcome),
                said("a name from config/outcomes.yml"),
            )
