"""One conversation whose turns are taken in this process, part by part, by the product's own verbs and the real bot."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import httpx
from sqlalchemy import delete
from sqlmodel import col

from benchmarks.product import Product
from outreach.cli.stage import Stage
from outreach.conversations import turn
from outreach.dialogue import rasa
from outreach.model import Conversation, Message, Side
from outreach.rules.channel import Channel
from outreach.rules.delivery import MessageState

PART = re.compile(r"(\w+);dur=([\d.]+)")
"""As bot/channels/took.py tells it."""


class Talk:
    """A customer on a store that no worker looks at."""

    def __init__(self, ours: Product, stage: Stage, number: int) -> None:
        self._stage, self._phone = stage, f"+86138{76_000_000 + number}"
        made = stage.contact(phone=self._phone)
        if made.conversation is None:
            raise RuntimeError(f"not permitted: {made.reason}")
        self._id = made.conversation
        settings = ours.runtime.settings
        self._bot = httpx.Client(
            base_url=settings.bot_url, headers={"Authorization": f"Bearer {settings.secret}"}, trust_env=False
        )

    def turn(self, words: str) -> dict[str, float]:
        """Take one turn; the milliseconds of each part."""
        stage, took = self._stage, dict[str, float]()
        stage.stores(words, self._phone)
        with _timed(took, "recall"):
            asked = turn.recall(stage.sessions, stage.clock, stage.house, self._id, Channel.SMS)
        if asked is None:
            raise RuntimeError("nothing waits for an answer")
        with _timed(took, "bot"):
            answer = self._bot.post("/webhooks/core/message", json=rasa.payload(asked)).raise_for_status()
        told = {part: float(milliseconds) for part, milliseconds in PART.findall(answer.headers["Server-Timing"])}
        took |= {"NLU": told["nlu"], "rules": told["rules"], "action server": told["action"]}
        took["the bot's door"] = took.pop("bot") - sum(told.values())
        proposed = rasa.read(answer.json())
        with _timed(took, "settle"), stage.sessions.begin() as db:
            turn.settle(db, stage.house, stage.clock.now(), asked, proposed)
        return took

    def grow(self, turns: int) -> None:
        """Make the conversation as long as if so many turns had been taken yesterday."""
        with self._stage.sessions.begin() as db:
            at = self._stage.clock.now() - timedelta(days=1)
            for number in range(turns):
                row = {"conversation_id": self._id, "text": "有年费吗", "at": at, "turn": number, "answered_at": at}
                db.add(Message(side=Side.CUSTOMER, **row))
                db.add(Message(side=Side.BANK, state=MessageState.DELIVERED, lines=["fee"], **row))

    def begin_again(self, turns: int) -> None:
        """Stand where the conversation stood after so many turns; what was said today is unsaid."""
        with self._stage.sessions.begin() as db:
            today = col(Message.at) > self._stage.clock.now() - timedelta(hours=1)
            said = (Message.conversation_id == self._id, col(Message.starts_contact).is_(False), today)
            db.execute(delete(Message).where(*said))
            conversation = db.get_one(Conversation, self._id)
            conversation.turn = turns
            db.add(conversation)


@contextmanager
def _timed(took: dict[str, float], part: str) -> Iterator[None]:
    begun = time.perf_counter()
    yield
    took[part] = (time.perf_counter() - begun) * 1000
