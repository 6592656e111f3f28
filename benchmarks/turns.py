"""A turn of ours against stock Rasa doing the same job durably, in one run.

port    one turn asked of the bot and its action server, as the core asks it
text    a whole text turn of ours, from the signed webhook to the committed reply, against stock's durable turn
sending the same while the replies are sent to the local carrier, which reports on each, all on this machine
parts   where the time of a text turn goes
length  the second turn of a conversation and the fortieth
"""

from __future__ import annotations

import statistics
from collections import defaultdict
from contextlib import ExitStack
from datetime import datetime
from itertools import cycle
from uuid import uuid4

from benchmarks.figures import Tally, Turn, compare, take
from benchmarks.product import Product, Texts, product
from benchmarks.sentences import QUESTIONS, SENTENCES
from benchmarks.stock import served
from benchmarks.talk import Talk
from outreach.cli import scratch
from outreach.cli.stage import Stage
from outreach.dialogue.port import Asked, Dialogue
from outreach.model import connect
from outreach.scripts import catalog
from outreach.scripts.state import State

PORT_WANTED = (5.0, 1 / 3)
TEXT_WANTED = (2.0, 1.0)
CLIENTS = 8
CUSTOMERS = 600
EARLY, LATE = 2, 40
SAMPLES, TALKS = 60, 6


def main() -> None:
    """Print them all."""
    with ExitStack() as stack:
        ours = stack.enter_context(product())
        url = stack.enter_context(scratch.database(ours.runtime.database_url))
        stock = stack.enter_context(served.serving(url))
        for clients in (1, CLIENTS):
            compare("port", asking(ours.runtime.dialogue), stock, clients, PORT_WANTED)
        texts = Texts(ours, CUSTOMERS)
        for clients in (1, CLIENTS):
            with ours.replies_held():
                compare("text", texts.turn, stock, clients, TEXT_WANTED)
            compare("sending", texts.turn, stock, clients, TEXT_WANTED)
        alone = stack.enter_context(scratch.database(ours.runtime.database_url))  # which no worker looks at
        built = ours.runtime
        stage = Stage(connect(alone), built.clock.now(), built.house, built.sealer, built.dialogue)
        stack.callback(stage.close)
        _print_parts(ours, texts, stage)
        _print_length(ours, stage)


def asking(dialogue: Dialogue) -> Turn:
    """One turn asked of our bot and action server."""
    script = catalog.load("card_activation")
    state, excerpt = State("explain", "explain").to_json(), script.flow.excerpt("explain").to_json()
    now = datetime.fromisoformat("2026-11-24T09:30:00+08:00")
    words = cycle(SENTENCES)

    def ask(_client: int) -> None:
        dialogue.propose(Asked(uuid4(), 1, "sms", now, "Asia/Shanghai", state, {}, excerpt, text=next(words)))

    return ask


def _print_parts(ours: Product, texts: Texts, stage: Stage) -> None:
    """Each part on its own, with nothing else going on; what remains of the whole is the way to the worker."""
    texts.webhooks.clear()
    whole = Tally()
    with ours.replies_held():
        take(texts.turn, 1, whole)
    parts = {"webhook": statistics.median(texts.webhooks) * 1000}
    walked: defaultdict[str, list[float]] = defaultdict(list)
    for number in range(TALKS):
        talk = Talk(ours, stage, number)
        for words in QUESTIONS:
            for part, milliseconds in talk.turn(words).items():
                walked[part].append(milliseconds)
    parts |= {part: statistics.median(times) for part, times in walked.items()}
    parts["handing over"] = whole.at(50) - sum(parts.values())
    shown = ", ".join(f"{part} {milliseconds:.1f}" for part, milliseconds in parts.items())
    print(f"text ×1, its parts in ms (medians): {shown}; whole {whole.at(50):.1f}", flush=True)


def _print_length(ours: Product, stage: Stage) -> None:
    """Turns early and late, in turns; what grows with a conversation is its rows."""
    early, late = [Talk(ours, stage, TALKS + number) for number in range(2)]
    taken: dict[int, list[float]] = {EARLY: [], LATE: []}
    late.grow(LATE - EARLY)
    for _ in range(SAMPLES):
        for number, talk in ((EARLY, early), (LATE, late)):
            talk.begin_again(number - 1)
            taken[number].append(sum(talk.turn(QUESTIONS[0]).values()))
    second, fortieth = (statistics.median(taken[number]) for number in (EARLY, LATE))
    print(
        f"length: turn {EARLY} {second:.1f} ms, turn {LATE} {fortieth:.1f} ms (medians of {SAMPLES}), "
        f"×{fortieth / second:.2f} (at most 1.10)",
        flush=True,
    )
