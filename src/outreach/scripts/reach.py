"""What of a script a conversation on one channel can come to: its steps and its lines."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from outreach.scripts import flow, names
from outreach.scripts.script import BACK, Flow, Reply


def reachable(flow_: Flow, channel: str) -> list[str]:
    """Every step that a conversation on the channel can pass, the nearest to the opening first, then what else can come up."""
    begins = [
        flow_.openings[channel],
        *flow_.anywhere.values(),
        *([flow_.reopen] if flow_.reopen else []),
        *flow.KEYWORDS.values(),
        *(name for reply in _replies(flow_, channel) for name in reply.targets()),
    ]
    reached: dict[str, None] = {}
    for begin in begins:
        waiting = deque([begin])
        while waiting:
            name = waiting.popleft()
            if name not in reached and name != BACK:
                reached[name] = None
                waiting += _onward(flow_, name, channel)
    return list(reached)


def _onward(flow_: Flow, name: str, channel: str) -> list[str]:
    step = flow_.steps[name]
    elsewhere = {step.results.get(result) for result in names.RESULTS_OF_CALLS} if channel != "voice" else set()
    return [target for target in step.targets() if target not in elsewhere]


def lines(flow_: Flow, channel: str) -> list[str]:
    """Every line that a conversation on the channel can say."""
    said: dict[str, None] = {}
    for name in sorted(reachable(flow_, channel)):
        step = flow_.steps[name]
        said |= dict.fromkeys(step.lines)
    said |= dict.fromkeys(line for reply in _replies(flow_, channel) for line in reply.lines)
    said |= dict.fromkeys(flow_.answers.values())
    return [*said, *names.OWN_LINES[channel]]


def _replies(flow_: Flow, channel: str) -> Iterator[Reply]:
    """What happens on a reading that no step maps, but for what this channel cannot report."""
    for table in (flow_.replies, *flow_.after_end.values()):
        for reading, reply in table.items():
            if reading not in names.EVENTS or reading in names.EVENTS_OF[channel]:
                yield reply
