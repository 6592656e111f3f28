"""Play one talk: the product's own turn on a scratch store, the real bot, a carrier that remembers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from evaluation.talk.customer import Customer, Kind, Words
from outreach.cli.stage import Stage
from outreach.cli.stage_call import CallOnStage
from outreach.clock import ZONE
from outreach.model import Branch, Conversation, Message, Side
from outreach.times import weekdays

FIRST_DAY = datetime(2026, 11, 23, tzinfo=ZoneInfo(ZONE))
"""A Monday."""
HOURS = (9, 10, 11, 14, 15, 16, 17)
PAUSE = timedelta(minutes=7)
"""Between a text of ours and the answer: a customer who writes more than ten times an hour is taken for a machine."""
GIVEN_UP = timedelta(hours=80)
NAMES = (("王芳", "f"), ("欧阳思雨", "f"), ("陈建国", "m"), ("赵磊", "m"), ("刘小燕", "f"))
PRODUCTS = {"branch": "城南支行", "manager": "张经理"}
OTHER_BRANCHES = (("城北支行", None), ("高新支行", "高新区"), ("软件园支行", "高新区"))


@dataclass(frozen=True)
class Exchange:
    """What a customer said, what it was meant and read as, and what the bank said to it."""

    topic: str
    """What the customer wanted with it; empty for the opening."""
    said: str
    stored: str
    reading: str | None
    step: str | None
    answer: str
    lines: tuple[str, ...]
    is_open: bool
    """Whether the conversation goes on after it."""


@dataclass
class Talk:
    """One whole talk."""

    seed: int
    script: str
    channel: str
    kind: Kind
    about: Mapping[str, Any]
    outcome: str | None = None
    exchanges: list[Exchange] = field(default_factory=list)

    def written(self) -> str:
        """The talk as one reads it."""
        lines = [f"# {self.script} {self.channel} {self.kind.name} seed {self.seed}"]
        for one in self.exchanges:
            lines += (
                [f"customer > {one.said}    [{one.topic}] read as {one.reading} at {one.step}"] if one.topic else []
            )
            lines += [f"bank     > {one.answer}"]
        return "\n".join([*lines, f"ends     > {self.outcome}"])


def play(stage: Stage, script: str, channel: str, kind: Kind, words: Words, seed: int, number: int) -> Talk:
    """One talk with one customer; `number` makes the telephone number, which nobody else has."""
    dice = Random(f"{script} {channel} {seed}")
    name, gender = dice.choice(NAMES)
    about = {**PRODUCTS, "name": name, "gender": gender, "card_tail": f"{dice.randrange(1000, 9999)}"}
    talk = Talk(seed, script, channel, kind, about)
    customer = Customer(kind, channel, words, dice)
    stage.starts_at(FIRST_DAY + timedelta(days=dice.randrange(4), hours=dice.choice(HOURS), minutes=dice.randrange(55)))
    phone = f"+86139{number:08d}"
    made = stage.contact(script, phone, about, channel=channel)
    if made.conversation is None:
        raise RuntimeError(f"the simulated customer may not be contacted: {made.reason}")
    (_write if channel == "sms" else _speak)(stage, talk, customer, made.conversation, phone)
    with stage.sessions.reading() as db:
        talk.outcome = db.get_one(Conversation, made.conversation).outcome
    return talk


def branches(stage: Stage) -> None:
    """Branches beside the customers' own, two of them in one part of town."""
    with stage.sessions.begin() as db:
        for name, area in OTHER_BRANCHES:
            db.add(Branch(name=name, area=area, hours=weekdays().to_json()))


def _write(stage: Stage, talk: Talk, customer: Customer, conversation: UUID, phone: str) -> None:
    exchange = _last(stage, talk, conversation, "", "")
    while True:
        said = customer.hears(exchange.answer) if exchange.is_open else customer.closes()
        if said is None:
            stage.deliver()
            return
        if not said:  # who does not answer is let go
            stage.later(GIVEN_UP)
            return
        stage.starts_at(stage.clock.now() + PAUSE)
        waiting = stage.stores(said, phone)
        if waiting is not None:
            stage.answers(waiting)
        exchange = _last(stage, talk, conversation, customer.said[-1], said)


def _speak(stage: Stage, talk: Talk, customer: Customer, conversation: UUID, _phone: str) -> None:
    call = CallOnStage(stage, conversation)
    call.picks_up()
    exchange = _last(stage, talk, conversation, "", "")
    while not call.over:
        said = customer.hears(exchange.answer)
        if said is None:
            break
        call.says(said)
        exchange = _last(stage, talk, conversation, customer.said[-1], said)
    if not call.over:
        call.ends()


def _last(stage: Stage, talk: Talk, conversation: UUID, topic: str, said: str) -> Exchange:
    """What the store holds of the exchange that just took place."""
    with stage.sessions.reading() as db:
        of_it = select(Message).where(Message.conversation_id == conversation).order_by(col(Message.position))
        messages = db.exec(of_it).all()
        is_open = db.get_one(Conversation, conversation).outcome is None
    heard = [number for number, one in enumerate(messages) if one.side is Side.CUSTOMER]
    answers = messages[heard[-1] + 1 :] if heard else messages
    mine = messages[heard[-1]] if heard else None
    exchange = Exchange(
        topic=topic,
        said=said,
        stored=mine.text if mine else "",
        reading=mine.heard.get("reading") if mine else None,
        step=mine.heard.get("step") if mine else None,
        answer="".join(one.text for one in answers if one.side is Side.BANK),
        lines=tuple(line for one in answers for line in one.lines),
        is_open=is_open,
    )
    talk.exchanges.append(exchange)
    return exchange
