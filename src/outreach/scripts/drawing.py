"""What a drawing of a script's flow consists of: stations and the ways between them; and the same as a Mermaid diagram."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from outreach.scripts.script import BACK, Flow, Step

ANYWHERE, SHARED = "anywhere", "shared"
"""Stations that are no steps: any step at all, and those that every script shares, drawn as one."""


@dataclass(frozen=True)
class Drawing:
    """Steps by name, and for each pair that one leads to the other, what leads there."""

    steps: Mapping[str, Step | None]
    """None for a station that is no step."""
    ways: Mapping[tuple[str, str], tuple[str, ...]]


def drawn(flow: Flow) -> Drawing:
    """The flow from the opening on; what every script shares is drawn only where the script leads there."""
    steps: dict[str, Step | None] = {ANYWHERE: None} if flow.anywhere else {}
    ways: dict[tuple[str, str], tuple[str, ...]] = {
        (ANYWHERE, target): tuple(intent for intent, led in flow.anywhere.items() if led == target)
        for target in flow.anywhere.values()
    }
    waiting = [*flow.openings.values(), *flow.anywhere.values(), *([flow.reopen] if flow.reopen else [])]
    while waiting:
        name = waiting.pop(0)
        if name in steps or name == BACK:
            continue
        steps[name] = step = flow.steps[name]
        for target, labels in _led(step).items():
            ways[name, target] = tuple(labels)
            waiting.append(target)
    return Drawing(steps, ways)


def folded(drawing: Drawing, own: frozenset[str]) -> Drawing:
    """The same with the shared steps that ask or do something as one station: how a time and a branch are agreed on."""
    name_of = {
        name: SHARED if step and name not in own and not step.outcome else name for name, step in drawing.steps.items()
    }
    steps = {place: None if place in {SHARED, ANYWHERE} else drawing.steps[place] for place in name_of.values()}
    ways: dict[tuple[str, str], tuple[str, ...]] = {}
    for (source, target), labels in drawing.ways.items():
        way = name_of[source], name_of[target]
        if way != (SHARED, SHARED):
            ways[way] = tuple(dict.fromkeys((*ways.get(way, ()), *labels)))
    return Drawing(steps, ways)


def mermaid(flow: Flow) -> str:
    """The drawing as Mermaid reads it."""
    drawing = drawn(flow)
    lines = ["flowchart TD"]
    for name, step in drawing.steps.items():
        lines += [f"    {_node(step)}"] if step else []
        station = name if step else f"{name}(({name}))"
        lines += [
            f"    {station} -->|{'<br/>'.join(labels)}| {target}"
            for (source, target), labels in drawing.ways.items()
            if source == name
        ]
    return "\n".join(lines)


def _led(step: Step) -> dict[str, list[str]]:
    led: dict[str, list[str]] = defaultdict(list)
    for heard, meaning in step.expects.items():
        if "go" in meaning:
            led[meaning["go"]].append(heard)
    for label, target in [*step.replies.items(), *step.results.items(), *step.missing.items()]:
        led[target].append(label)
    if step.then:
        led[step.then].append("then")
    return {target: labels for target, labels in led.items() if target != BACK}


def _node(step: Step) -> str:
    if step.outcome:
        return f'{step.name}(["{step.name}: {step.outcome}"])'
    if step.do:
        return f'{step.name}[["{step.name}: {step.do}"]]'
    return f'{step.name}["{step.name}"]'
