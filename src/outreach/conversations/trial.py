"""Try a script as a customer: the real bot, effects and wording, on somebody who does not exist; nothing is kept or sent.

A trial is what was done so far and what the bot proposed to it. It is played again from its beginning on rows that a
transaction never commits, so what a turn changes counts for the next one: visits, refusals, counters. The bot is asked
once for each turn, while no transaction is open.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from pydantic import AwareDatetime
from sqlalchemy.exc import DataError, IntegrityError
from sqlmodel import Session, select

from outreach.clock import Anchor, Clock, machine_now
from outreach.conversations import instruction, opening, speech, trial_customer, turn, wording
from outreach.conversations.house import House
from outreach.dialogue.port import Asked, Dialogue, Proposed
from outreach.documents import Refused
from outreach.model import (
    Attempt,
    ConversationState,
    Customer,
    Message,
    Sessions,
    Side,
    StaffTask,
    Visit,
    VisitState,
)
from outreach.rules.channel import Channel
from outreach.rules.delivery import AttemptState, MessageState
from outreach.rules.redaction import redact
from outreach.scripts.script import Script

MOST_TURNS = 40
"""More than a conversation may have; every turn plays those before it again."""
LONGEST_KEPT = 600
"""Characters of what was typed that a trial carries on; the model reads fewer."""


@dataclass(frozen=True)
class Did:
    """One thing the customer did: words, a key, or nothing at all; and how it was answered."""

    words: str
    decided: str | None = None
    """The reading that needed no model."""
    proposed: Proposed | None = None
    """What the bot proposed, where it was asked."""
    left_out: int = 0
    """How many more characters were typed."""


@dataclass(frozen=True)
class Trial:
    """A talk that is only tried."""

    version: UUID
    channel: Channel
    variant: str
    began: AwareDatetime
    """Product time, at which all of it takes place."""
    did: tuple[Did, ...] = ()


@dataclass(frozen=True)
class Shown:
    """What one side said, and how it was read."""

    side: Side
    text: str
    lines: Sequence[str] = ()
    heard: Mapping[str, Any] = field(default_factory=dict)
    left_out: int = 0


@dataclass(frozen=True)
class Played:
    """How a trial stands."""

    shown: Sequence[Shown]
    step: str
    outcome: str | None
    tasks: Sequence[str]
    visit: Visit | None
    branch: str
    over: bool
    """Whether nothing can be said any more: a call has ended, or there were too many turns."""


class CannotTry(ValueError):
    """A trial cannot go on: its script cannot be read, or what the bot proposed makes no sense."""


def answer(sessions: Sessions, dialogue: Dialogue, house: House, trial: Trial, words: str) -> Trial:
    """The trial with one more turn; raises NoAnswer where the bot does not answer, and CannotTry."""
    typed = words.replace("\x00", "").strip()
    said = Did(redact(typed[:LONGEST_KEPT]), left_out=max(len(typed) - LONGEST_KEPT, 0))
    if decided := instruction.without_model(typed, trial.channel):
        return replace(trial, did=(*trial.did, replace(said, decided=decided)))
    with _stage(sessions, house, trial) as stage:
        stage.hears(said.words)
        asked = stage.asks()
    if asked is None:
        raise CannotTry("nothing waits for an answer")
    return replace(trial, did=(*trial.did, replace(said, proposed=dialogue.propose(asked))))


def played(sessions: Sessions, house: House, trial: Trial) -> Played:
    """How the trial stands after everything that was done; raises CannotTry."""
    with _stage(sessions, house, trial) as stage:
        db, conversation = stage.db, stage.conversation
        tasks = select(StaffTask.kind).where(StaffTask.conversation_id == conversation.id)
        booked = select(Visit).where(Visit.conversation_id == conversation.id, Visit.state == VisitState.BOOKED)
        closed = conversation.state is ConversationState.CLOSED
        return Played(
            shown=stage.shown,
            step=str(conversation.flow_state["step"]),
            outcome=conversation.outcome,
            tasks=[str(kind) for kind in db.exec(tasks).all()],
            visit=db.exec(booked).first(),
            branch=stage.branch.name,
            over=(closed and trial.channel is Channel.VOICE) or len(trial.did) >= MOST_TURNS,
        )


class _Stage:
    """The rows of one trial in a transaction that ends without a trace."""

    def __init__(self, db: Session, house: House, trial: Trial) -> None:
        self.db, self.house, self.trial = db, house, trial
        self.script = wording.script_of(db, trial.version)
        self.branch = trial_customer.branch_of(db)
        customer = trial_customer.invented(db, self.branch, trial.began)
        attempt = _attempt(db, customer, self.script, trial)
        known = opening.known_of(db, [customer], house, trial.began)[customer.id]
        self.conversation = opening.begin(db, attempt, customer, self.script, known, house, trial.began)
        attempt.state = AttemptState.OPEN
        self._customer = customer
        first = db.exec(select(Message).where(Message.conversation_id == self.conversation.id)).one()
        first.state = MessageState.DELIVERED
        self.shown = [Shown(Side.BANK, first.text, first.lines)]

    def hears(self, words: str) -> Message:
        """The customer says something."""
        message = Message(
            conversation_id=self.conversation.id,
            customer_id=self._customer.id,
            phone_hash=self._customer.phone_hash,
            side=Side.CUSTOMER,
            channel=self.trial.channel,
            text=words,
            at=self.trial.began,
        )
        self.db.add(message)
        self.db.flush()
        return message

    def asks(self) -> Asked | None:
        """What the bot would be asked about it."""
        clock = Clock.fixed(Anchor(machine_now(), self.trial.began))
        return turn.recall(_Within(self.db), clock, self.house, self.conversation.id, self.trial.channel)

    def repeats(self, did: Did) -> None:
        """Carry out again what was decided or proposed."""
        message = self.hears(did.words)
        began = self.trial.began
        if did.proposed is None:
            decided = did.decided or ""
            scene = turn.settle_without_bot(self.db, self.house, began, self.conversation.id, message, decided)
        else:
            scene = turn.carry_out(self.db, self.house, began, self.conversation, message, did.proposed)
        self.shown.append(Shown(Side.CUSTOMER, did.words, heard=message.heard, left_out=did.left_out))
        if self.trial.channel is Channel.VOICE:
            spoken = "".join(speech.after(scene).pieces)
        else:
            spoken = scene.reply.text if scene.reply else ""
        if spoken:
            self.shown.append(Shown(Side.BANK, spoken, scene.reply.lines if scene.reply else ()))


class _Within(Sessions):
    """The store as one open transaction sees it, for what wants to glance at it from outside."""

    def __init__(self, db: Session) -> None:
        self._db = db

    @contextmanager
    def glance(self) -> Iterator[Session]:
        """That transaction."""
        yield self._db


@contextmanager
def _stage(sessions: Sessions, house: House, trial: Trial) -> Iterator[_Stage]:
    """A trial, played as far as it goes."""
    try:
        with sessions.reading() as db:
            stage = _Stage(db, house, trial)
            for did in trial.did:
                stage.repeats(did)
            yield stage
    except (*turn.NONSENSE, LookupError, DataError, IntegrityError, Refused) as error:
        raise CannotTry(str(error) or type(error).__name__) from error


def _attempt(db: Session, customer: Customer, script: Script, trial: Trial) -> Attempt:
    attempt = Attempt(
        customer_id=customer.id,
        channel=trial.channel,
        variant=trial.variant,
        script_version_id=trial.version,
        offer=dict(script.offer),
        step="trial",
        state=AttemptState.DUE,
        due_at=trial.began,
        created_at=trial.began,
    )
    db.add(attempt)
    db.flush()
    return attempt
