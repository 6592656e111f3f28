"""Play hundreds of talks for each script and channel, count what each promise was worth, and show where it broke."""

from __future__ import annotations

import logging
import os
from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime
from random import Random

import structlog
from rich.console import Console
from rich.table import Table

from evaluation.talk import playing
from evaluation.talk.customer import Kind, kinds, words
from evaluation.talk.playing import Talk
from evaluation.talk.promises import PROMISES
from outreach.cli import scratch
from outreach.places import ROOT

SCRIPTS = ("card_activation", "dormant_reactivation", "dual_card_binding")
"""The scripts with a dialogue of their own; the follow-ups only take up what these began."""
TALKS = int(os.environ.get("TALKS", "300"))
"""For each script and channel."""
FIRST = int(os.environ.get("FIRST", "0"))
"""The first seed: customers whom nobody has met yet are found further on."""
AT_ONCE = 3
EXAMPLES = 3
BROKEN = ROOT / "build" / "evaluation" / "talks.txt"
NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)

console = Console(width=150, highlight=False)
Broken = tuple[str, str, Talk]


def main() -> None:
    """Print the table; talks that broke a promise are written out whole."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    wanted = [
        (name, channel, seed)
        for name in SCRIPTS
        for channel in ("sms", "voice")
        for seed in range(FIRST, FIRST + TALKS)
    ]
    talks = list(_played(wanted))
    broken = [(promise, said, talk) for talk in talks for promise, check in PROMISES.items() for said in check(talk)]
    _print_promises(talks, broken)
    _print_kinds(talks, broken)
    BROKEN.parent.mkdir(parents=True, exist_ok=True)
    BROKEN.write_text("\n\n".join(f"! {promise}: {said}\n{talk.written()}" for promise, said, talk in broken), "utf-8")
    console.print(
        f"{len(broken)} broken promises in {len(talks)} talks; each is written out in {BROKEN.relative_to(ROOT)}"
    )


def drawn(script: str, channel: str, seed: int) -> Kind:
    """Which kind of customer a seed meets."""
    possible = [one for one in kinds() if one.scripts is None or script in one.scripts]
    return Random(f"kind {script} {channel} {seed}").choices(possible, [one.weight for one in possible])[0]


def _played(wanted: list[tuple[str, str, int]]) -> Iterator[Talk]:
    with scratch.bot() as dialogue, ExitStack() as stages, ThreadPoolExecutor(AT_ONCE) as pool:
        idle = [stages.enter_context(scratch.stage(NOW, dialogue)) for _ in range(AT_ONCE)]
        for stage in idle:
            playing.branches(stage)

        def one(numbered: tuple[int, tuple[str, str, int]]) -> Talk:
            number, (script, channel, seed) = numbered
            stage = idle.pop()  # each store is one clock's: talks do not wait for each other's days
            try:
                return playing.play(stage, script, channel, drawn(script, channel, seed), words(), seed, number)
            finally:
                idle.append(stage)

        yield from pool.map(one, enumerate(wanted))


def _print_promises(talks: list[Talk], broken: list[Broken]) -> None:
    table = Table(title="talks that kept each promise, by script and channel", title_justify="left")
    groups = sorted({(talk.script, talk.channel) for talk in talks})
    for heading in ("promise", *(f"{script}\n{channel}" for script, channel in groups)):
        table.add_column(heading, justify="left" if heading == "promise" else "right")
    table.add_row("talks", *(str(sum((one.script, one.channel) == group for one in talks)) for group in groups))
    for promise in PROMISES:
        row = []
        for group in groups:
            those = [one for one in talks if (one.script, one.channel) == group]
            bad = {id(talk) for name, _, talk in broken if name == promise and (talk.script, talk.channel) == group}
            row.append(f"{1 - len(bad) / len(those):.1%}" + (f" ({len(bad)})" if bad else ""))
        table.add_row(promise, *row)
    console.print(table)


def _print_kinds(talks: list[Talk], broken: list[Broken]) -> None:
    table = Table(title="kinds of customers: how their talks end", title_justify="left")
    for heading in ("kind", "talks", "as meant", "turns", "outcomes"):
        table.add_column(heading, justify="left" if heading in {"kind", "outcomes"} else "right")
    by_kind: dict[str, list[Talk]] = defaultdict(list)
    for talk in talks:
        by_kind[talk.kind.name].append(talk)
    strayed = {id(talk) for name, _, talk in broken if name == "ends as meant"}
    for name, those in by_kind.items():
        ends = ", ".join(f"{end} {count}" for end, count in Counter(str(one.outcome) for one in those).most_common())
        turns = sum(len(one.exchanges) for one in those) / len(those)
        kept = 1 - sum(id(one) in strayed for one in those) / len(those)
        table.add_row(name, str(len(those)), f"{kept:.1%}", f"{turns:.1f}", ends)
    console.print(table)
