"""Draw a script's flow as a Mermaid diagram."""

from __future__ import annotations

from collections import defaultdict

from outreach.scripts.script import BACK, Flow, Step


def mermaid(flow: Flow) -> str:
    """The flow from the opening on; what every script shares is drawn only where the script leads there."""
    lines = ["flowchart TD"]
    for intent, target in flow.anywhere.items():
        lines.append(f"    anywhere((anywhere)) -->|{intent}| {target}")
    waiting, drawn = [*flow.openings.values(), *flow.anywhere.values(), *([flow.reopen] if flow.reopen else [])], set()
    while waiting:
        name = waiting.pop(0)
        if name in drawn or name == BACK:
            continue
        drawn.add(name)
        step = flow.steps[name]
        lines.append(f"    {_node(step)}")
        for target, labels in _edges(step).items():
            lines.append(f"    {name} -->|{'<br/>'.join(labels)}| {target}")
            waiting.append(target)
    return "\n".join(lines)


def _edges(step: Step) -> dict[str, list[str]]:
    edges: dict[str, list[str]] = defaultdict(list)
    for heard, meaning in step.expects.items():
        if "go" in meaning:
            edges[meaning["go"]].append(heard)
    for label, target in [*step.replies.items(), *step.results.items(), *step.missing.items()]:
        edges[target].append(label)
    if step.then:
        edges[step.then].append("then")
    return {target: labels for target, labels in edges.items() if target != BACK}


def _node(step: Step) -> str:
    if step.outcome:
        return f'{step.name}(["{step.name}: {step.outcome}"])'
    if step.do:
        return f'{step.name}[["{step.name}: {step.do}"]]'
    return f'{step.name}["{step.name}"]'
