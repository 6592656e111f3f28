"""What a script is once it has been read: steps, replies and limits, as values that travel as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import MISSING, asdict, dataclass, field, fields, replace
from functools import cached_property
from typing import Any, Self

BACK = "back"
"""The target that puts the pending question again instead of naming a step."""

OPEN = "open"
"""The kind of question that asks for a reason, so that a reason is an answer to it and no objection."""

OPT_OUT, COMPLAINT, HUMAN = "end_opted_out", "end_complained", "end_handed_over"
"""Shared steps that no script can change: what a stop, a complaint and the wish for a person lead to."""

REFUSED, NOT_UNDERSTOOD, TOO_LONG = "end_refused", "end_not_understood", "end_too_long"
"""Shared steps that the limits lead to."""

ALWAYS_NEEDED = (OPT_OUT, COMPLAINT, HUMAN, REFUSED, NOT_UNDERSTOOD, TOO_LONG)


@dataclass(frozen=True)
class Step:
    """One station of a script: it says a line, asks for something, does something, or ends with an outcome."""

    name: str
    say: str | None = None
    again: tuple[str, ...] = ()
    """The lines that put the question once more, in turn, so that nobody hears the same twice; else `say`."""
    anew: tuple[str, ...] = ()
    """The lines with which it is reached once more, in turn; else `again`."""
    asks: str | None = None
    """The kind of question, which says what a short answer to it means; its meanings are already among `expects`."""
    aside: bool = False
    """Whether it asks in passing: the question that was pending stays pending."""
    collect: str | None = None
    assume: str | None = None
    """What a part of the day without a date means here: `offered_day`, the day the line offered."""
    missing: Mapping[str, str] = field(default_factory=dict)
    """Where to ask for the rest of a half-named time: {"part": STEP, "date": STEP}."""
    expects: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    replies: Mapping[str, str] = field(default_factory=dict)
    do: str | None = None
    results: Mapping[str, str] = field(default_factory=dict)
    outcome: str | None = None
    then: str | None = None
    private: bool = False
    """Whether nothing personal may be said before this step's question is answered."""
    barge_in: bool = True
    """Whether a caller may talk into this step's line; the opening's disclosure is never talked into."""

    @property
    def waits(self) -> bool:
        """Whether the conversation stops here for the customer's reply."""
        return not (self.do or self.outcome or self.then)

    @property
    def questions(self) -> tuple[str, ...]:
        """The lines that put this step's question once more."""
        return tuple(self.again) or ((self.say,) if self.say else ())

    @property
    def lines(self) -> tuple[str, ...]:
        """Every line it can say, each once."""
        return tuple(dict.fromkeys(line for line in (self.say, *self.again, *self.anew) if line))

    def targets(self) -> Iterator[str]:
        """Every step this one can lead to by itself."""
        yield from self.replies.values()
        yield from self.results.values()
        yield from self.missing.values()
        yield from (meaning["go"] for meaning in self.expects.values() if "go" in meaning)
        if self.then:
            yield self.then


@dataclass(frozen=True)
class Reply:
    """What happens on a reading that no step of the script maps."""

    go: str | None = None
    say: str | None = None
    """A line, after which the pending question is put again."""
    again: tuple[str, ...] = ()
    """Lines in its place once it was said, in turn; else the same."""
    repeat: bool = False
    clarify: bool = False
    keep: str | None = None
    count: str | None = None
    """The counter this reply uses up; when its limit is reached, `otherwise` decides."""
    otherwise: str | None = None
    task: str | None = None
    event: str | None = None
    reopen: bool = False
    silent: bool = False
    """Deliberately no answer, as to a phone's automatic reply."""

    @property
    def lines(self) -> tuple[str, ...]:
        """Every line it can say, each once."""
        return tuple(dict.fromkeys(line for line in (self.say, *self.again) if line))

    def targets(self) -> Iterator[str]:
        """Every step this reply can lead to."""
        yield from (name for name in (self.go, self.otherwise) if name)


@dataclass(frozen=True)
class Flow:
    """A script's flow, whole or cut down to what one turn needs."""

    openings: Mapping[str, str]
    """Channel to the step it opens with: a call asks who is on the line first."""
    steps: Mapping[str, Step]
    anywhere: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[str, str] = field(default_factory=dict)
    """Question intent to the line that answers it in place."""
    replies: Mapping[str, Reply] = field(default_factory=dict)
    after_end: Mapping[str, Mapping[str, Reply]] = field(default_factory=dict)
    """By outcome, then by intent, what a reply after the end means; `any` serves every outcome."""
    limits: Mapping[str, int] = field(default_factory=dict)
    reopen: str | None = None
    """Where a change of mind re-enters the script."""

    def excerpt(self, step: str | None, pending: str | None = None) -> Flow:
        """The part that one turn from `step` can need: the step and whatever is reached without another reply."""
        open_names = [*ALWAYS_NEEDED, *(name for name in (step, pending) if name is not None and name in self.steps)]
        open_names += self.anywhere.values()
        open_names += [name for reply in self.replies.values() for name in reply.targets()]
        open_names += [
            name for replies in self.after_end.values() for reply in replies.values() for name in reply.targets()
        ]
        open_names += [self.reopen] if self.reopen else []
        kept: dict[str, Step] = {}
        while open_names:
            name = open_names.pop()
            if name in kept or name == BACK:
                continue
            station = self.steps[name]
            # Only the step where the reply was heard reads it; the others are led to.
            kept[name] = station if name == step else replace(station, expects={})
            # A waiting step passed on the way may be skipped when its answer is already known.
            passes = name == step or not station.waits or station.collect
            open_names += list(kept[name].targets()) if passes else []
        return Flow(
            self.openings, kept, self.anywhere, self.answers, self.replies, self.after_end, self.limits, self.reopen
        )

    def excerpt_json(self, step: str, pending: str | None) -> Mapping[str, Any]:
        """The excerpt as JSON, worked out once for each place in a script; not to be changed."""
        if (step, pending) not in self._excerpts:
            self._excerpts[step, pending] = self.excerpt(step, pending).to_json()
        return self._excerpts[step, pending]

    @cached_property
    def _excerpts(self) -> dict[tuple[str, str | None], Mapping[str, Any]]:
        return {}

    def to_json(self) -> dict[str, Any]:
        """As JSON without what is as by default, which most of it is."""
        return {
            **asdict(self),
            "steps": {name: _lean(step) for name, step in self.steps.items()},
            "replies": {intent: _lean(reply) for intent, reply in self.replies.items()},
            "after_end": {
                outcome: {intent: _lean(reply) for intent, reply in replies.items()}
                for outcome, replies in self.after_end.items()
            },
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Read back what `to_json` wrote."""
        return cls(
            **{
                **data,
                "steps": {name: Step(**step) for name, step in data["steps"].items()},
                "replies": {intent: Reply(**reply) for intent, reply in data["replies"].items()},
                "after_end": {
                    outcome: {intent: Reply(**reply) for intent, reply in replies.items()}
                    for outcome, replies in data["after_end"].items()
                },
            },
        )


def _lean(value: Step | Reply) -> dict[str, Any]:
    plain = {one.name: {} if one.default is MISSING else one.default for one in fields(value)}
    return {key: item for key, item in asdict(value).items() if item != plain[key]}


@dataclass(frozen=True)
class Script:
    """A script as published: its flow, its wording and what it says about itself."""

    name: str
    title: str
    owner: str
    channels: tuple[str, ...]
    goal: tuple[str, ...]
    facts: tuple[str, ...]
    offer: Mapping[str, str]
    """The fields staff fill on the campaign, each with its sample."""
    product: str
    """`marketing` or `wealth`: a wealth script must carry its risk sentence."""
    flow: Flow
    wording: Mapping[str, str]
    """Path inside `scripts_templates` to the text of the wording file, the script's own and the shared ones."""
    source: Mapping[str, str]
    """Path to text of the flow files, so that a snapshot holds the whole script."""
    version: str
    """Hash of the content (SHA-256, first 12 hex digits)."""
    budget: int | None = None
    """Segments a text may have, where the script says less than the policy."""

    @cached_property
    def wording_by_path(self) -> tuple[tuple[str, str], ...]:
        """The wording files in the order of their paths, as one value."""
        return tuple(sorted(self.wording.items()))
