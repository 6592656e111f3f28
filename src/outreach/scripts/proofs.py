"""Every line of a script as customers would read or hear it, with sample facts: what whoever approves it looks at."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from outreach.rules.sms_length import segments
from outreach.scripts import reach, rendering, samples, spoken
from outreach.scripts.catalog import SHARED
from outreach.scripts.script import Script
from outreach.scripts.wording_checks import Bank


@dataclass(frozen=True)
class Proof:
    """One line on one channel, in one variant."""

    channel: str
    line: str
    variant: str
    path: str | None
    """The file that words it; none where there is none."""
    text: str
    segments: int
    """Of a text with its signature; none of what is spoken."""
    problem: str = ""
    """Why it could not be worded."""

    @property
    def shared(self) -> bool:
        """Whether every script has this wording."""
        return self.path is None or self.path.startswith(f"{SHARED}/")


def of(script: Script, bank: Bank) -> list[Proof]:
    """Each line in the order of the steps, and once more for each variant that words it differently."""
    known = samples.facts(script, {"name": bank.name, "hotline": bank.hotline, "signature": bank.signature})
    places = [line for step in script.flow.steps.values() for line in step.lines]
    order = {line: number for number, line in enumerate(dict.fromkeys(places))}
    proofs = []
    for channel in script.channels:
        for line in sorted(reach.lines(script.flow, channel), key=lambda line: order.get(line, len(order))):
            usual = rendering.wording_path(script, channel, line)
            for variant in rendering.variants(script):
                path = rendering.wording_path(script, channel, line, variant)
                if variant == rendering.DEFAULT_VARIANT or path != usual:
                    proofs.append(_proof(script, bank, channel, line, variant, path, known))
    return proofs


def first_words(script: Script, bank: Bank) -> dict[str, str]:
    """What each step says, on the first channel that words it."""
    by_line: dict[str, str] = {}
    for proof in of(script, bank):
        by_line.setdefault(proof.line, proof.text)
    return {name: by_line.get(step.say or "", "") for name, step in script.flow.steps.items()}


def said_at(script: Script) -> Mapping[str, list[str]]:
    """For each line, the steps and the intents it answers."""
    places: dict[str, list[str]] = defaultdict(list)
    for name, step in script.flow.steps.items():
        for line in step.lines:
            places[line].append(name)
    for intent, line in script.flow.answers.items():
        places[line].append(intent)
    for intent, reply in script.flow.replies.items():
        for line in reply.lines:
            places[line].append(intent)
    return places


def _proof(
    script: Script, bank: Bank, channel: str, line: str, variant: str, path: str | None, known: rendering.Facts
) -> Proof:
    try:
        text = rendering.render(script, channel, line, known, variant)
    except rendering.CannotRender as error:
        return Proof(channel, line, variant, path, "", 0, str(error))
    if channel == "voice":
        return Proof(channel, line, variant, path, spoken.for_ear(text), 0)
    return Proof(channel, line, variant, path, text, segments(bank.signature + text))
