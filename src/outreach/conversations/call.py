"""A call's turns: what is said when it is answered, when the customer spoke, and while the bot is still thinking.

answered   the opening                              number 0
heard      store the words, decide or ask the bot   number n, once; a repeat hears the same document
waited     what followed the filler
"""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from datetime import timedelta
from uuid import UUID

import structlog
from sqlmodel import Session, col, select

from outreach.carrier import twiml
from outreach.carrier.call_port import HeardCall
from outreach.carrier.speech import HangUp, Speech, Wait
from outreach.carrier.twiml import Addresses
from outreach.clock import Clock, machine_now
from outreach.conversations import call_turn, call_words, instruction, speech, turn
from outreach.conversations.call_turn import Turn
from outreach.conversations.house import House
from outreach.conversations.scene import Scene, close, finish_task, raise_task
from outreach.dialogue.port import Dialogue, NoAnswer
from outreach.model import (
    Attempt,
    Call,
    CallTurn,
    Conversation,
    ConversationState,
    Customer,
    Message,
    Sessions,
    TaskKind,
)
from outreach.rules.channel import Channel
from outreach.rules.delivery import MessageState, advance

log = structlog.get_logger()

FILLER_SECONDS = 4.0
"""Machine time a customer waits in silence; then a filler holds the line."""
GIVE_UP_SECONDS = 8.0
"""Machine time after which a person takes over: nobody waits longer, and the carrier would hang up at 15."""
AGAIN_SECONDS = 0.25
LOOK_SECONDS = 0.02
TURNS_AT_ONCE = 64


class Calls:
    """Takes the turns of calls; `carrier` is the name of who carries them, `address` gives ours for a call by its id."""

    def __init__(
        self,
        sessions: Sessions,
        dialogue: Dialogue,
        clock: Clock,
        house: House,
        carrier: str,
        address: Callable[[UUID], str],
        *,
        filler_seconds: float = FILLER_SECONDS,
        give_up_seconds: float = GIVE_UP_SECONDS,
    ) -> None:
        self._sessions, self._dialogue, self._clock, self._house = sessions, dialogue, clock, house
        self._carrier, self._address = carrier, address
        self._filler_seconds, self._give_up_seconds = filler_seconds, give_up_seconds
        self._pool = ThreadPoolExecutor(TURNS_AT_ONCE, thread_name_prefix="turn")

    def answered(self, call_id: UUID, ref: str) -> str:
        """What is said when the call is answered; LookupError when the call is not ours."""
        with self._sessions.begin() as db:
            call = call_turn.call_of(db, call_id, ref)
            begun = call_turn.begin(db, call, 0)
            if begun is None:
                return call_turn.repeated(db, call_id, 0)
            conversation = turn.locked(db, call.conversation_id)  # first of all rows, as everywhere: no deadlock
            opening = db.get_one(Message, call_id)
            opening.state = advance(opening.state or MessageState.SENT, MessageState.DELIVERED)
            opening.delivered_at = opening.delivered_at or self._clock.now()
            call.answered_at = call.answered_at or self._clock.now()
            db.add_all([opening, call])
            customer = db.get_one(Customer, conversation.customer_id)
            if conversation.state is ConversationState.CLOSED:
                return self._say(db, begun, Speech())
            if turn.stopped(db, customer, Channel.VOICE):
                attempt = db.get_one(Attempt, conversation.attempt_id)
                close(db, conversation, attempt, "not_permitted", "opted_out", self._clock.now())
                return self._say(db, begun, Speech())
            return self._say(db, begun, speech.opening(db, conversation, opening.text))

    def heard(self, call_id: UUID, number: int, heard: HeardCall) -> str:
        """What is said to what was heard, ready in time whatever the bot does; LookupError when it is not ours."""
        with self._sessions.begin() as db:
            call = call_turn.call_of(db, call_id, heard.ref)
            begun = call_turn.begin(db, call, number)
            if begun is not None and (decided := self._decide(db, begun, heard)) is not None:
                return decided
        if begun is None:
            return self._await(call_id, number)
        under_way = self._pool.submit(self._ask_bot, begun)
        try:
            under_way.result(timeout=max(0.0, self._filler_seconds - begun.waited()))
        except NotYet:
            return self._hold(begun)
        with self._sessions.begin() as db:
            return call_turn.repeated(db, call_id, number)

    def waited(self, call_id: UUID, number: int, ref: str) -> str:
        """What is said after the filler: the answer once it is there, by the end of patience a kind end."""
        with self._sessions.reading() as db:
            call = call_turn.call_of(db, call_id, ref)
            row = db.get(CallTurn, (call_id, number))
            if row is None:
                raise LookupError(f"call {call_id} has no turn {number}")
            begun = Turn(call_id, call.conversation_id, number, row.asked_at)
        while True:
            with self._sessions.reading() as db:
                row = db.get_one(CallTurn, (call_id, number))
            if row.later_document:
                return row.later_document
            if begun.waited() >= self._give_up_seconds:
                return self._give_up(begun)
            time.sleep(LOOK_SECONDS)

    def failed(self, call_id: UUID, ref: str) -> str:
        """What is said after an answer of ours did not arrive: the same once more, or a kind end."""
        with self._sessions.begin() as db:
            call = call_turn.call_of(db, call_id, ref)
            newest = select(CallTurn).where(CallTurn.call_id == call_id).order_by(col(CallTurn.number).desc())
            row = db.exec(newest.limit(1)).first()
        if row is None:
            raise LookupError(f"call {call_id} was never answered")
        if row.later_document or row.document:
            return str(row.later_document or row.document)
        return self._give_up(Turn(call_id, call.conversation_id, row.number, row.asked_at))

    def whispered(self, call_id: UUID) -> str:
        """What the person who takes the call over hears first."""
        with self._sessions.reading() as db:
            conversation = db.get_one(Conversation, db.get_one(Call, call_id).conversation_id)
            said = speech.whisper(db, conversation, self._house, self._clock.now())
        return twiml.whispered(said, self._house.bank.calling.voice)

    def dialled(self, call_id: UUID, ref: str, result: str) -> str:
        """What is said after a transfer: nothing when somebody took the call, else that they will call back."""
        now = self._clock.now()
        with self._sessions.begin() as db:
            call = call_turn.call_of(db, call_id, ref)
            conversation = turn.locked(db, call.conversation_id)
            repeated = call.transfer_result is not None
            call.transfer_result = result
            db.add(call)
            if result == "completed":
                finish_task(db, conversation.id, TaskKind.HANDOVER, "转接", now)
                said = Speech()
            elif repeated:
                said = Speech()
            else:
                said = speech.line(db, conversation, self._house, "transfer_failed", now, HangUp())
        return twiml.spoken(said, self._house.bank.calling.voice)

    def close(self) -> None:
        """Let turns under way end."""
        self._pool.shutdown()

    def _decide(self, db: Session, begun: Turn, heard: HeardCall) -> str | None:
        """Store what was heard, and answer what needs no bot; None where the bot is to be asked."""
        conversation = turn.locked(db, begun.conversation_id)
        if conversation.state is ConversationState.CLOSED:
            return self._say(db, begun, Speech())
        now = self._clock.now()
        message = call_words.store(db, begun, conversation, heard, self._carrier, now)
        reading = call_words.reading(db, begun, message.text, now)
        if message.text and reading != instruction.MACHINE:
            conversation.last_heard_at = now
            db.add(conversation)
        if reading is None:
            return None
        scene = turn.settle_without_bot(db, self._house, now, conversation.id, message, reading)
        return self._say(db, begun, speech.after(scene))

    def _ask_bot(self, begun: Turn) -> None:
        """Ask until the bot answers, somebody else settled the turn, or patience is at its end."""
        while begun.waited() < self._give_up_seconds:
            asked = turn.recall(self._sessions, self._clock, self._house, begun.conversation_id, Channel.VOICE)
            if asked is None:  # the call ended meanwhile, which settles what was said on it
                with self._sessions.begin() as db:
                    self._say(db, begun, Speech())
                return
            try:
                proposed = self._dialogue.propose(asked)
                with self._sessions.begin() as db:
                    scene = turn.settle(db, self._house, self._clock.now(), asked, proposed)
                    if scene is not None:
                        self._say(db, begun, speech.after(scene))
                        return
            except (NoAnswer, *turn.NONSENSE) as failure:
                log.warning("bot_gave_no_answer", call=str(begun.call_id), reason=type(failure).__name__)
                time.sleep(AGAIN_SECONDS)

    def _hold(self, begun: Turn) -> str:
        """Hold the line with a filler, unless the answer came this very moment."""
        with self._sessions.begin() as db:
            conversation = turn.locked(db, begun.conversation_id)  # before the turn, as where its answer is settled
            row = call_turn.locked(db, begun)
            if row.document:
                return row.document
            filler = speech.line(db, conversation, self._house, "hold_on", self._clock.now(), Wait())
            return self._say(db, begun, filler)

    def _give_up(self, begun: Turn) -> str:
        """End kindly and leave the rest to a person, unless the answer came this very moment."""
        log.warning("call_given_up", call=str(begun.call_id), turn=begun.number)
        with self._sessions.begin() as db:
            conversation = turn.locked(db, begun.conversation_id)
            row = call_turn.locked(db, begun)
            if row.later_document:
                return row.later_document
            if conversation.state is ConversationState.CLOSED:
                return self._say(db, begun, Speech())
            now = self._clock.now()
            scene = Scene(
                db,
                self._house,
                now,
                conversation,
                db.get_one(Customer, conversation.customer_id),
                db.get_one(Attempt, conversation.attempt_id),
                "",
                Channel.VOICE,
            )
            raise_task(
                scene, TaskKind.CALLBACK, note="通话中系统没有及时回答，请人工回电", due=now + timedelta(hours=2)
            )
            conversation.turn += 1  # what the bot may still answer comes too late
            close(db, conversation, scene.attempt, "handed_over", None, now)
            said = speech.line(db, conversation, self._house, "callback_soon", now, HangUp())
            return self._say(db, begun, said)

    def _await(self, call_id: UUID, number: int) -> str:
        """The document of a turn that another request is answering."""
        while True:
            with self._sessions.reading() as db:
                row = db.get_one(CallTurn, (call_id, number))
            if row.document:
                return row.document
            if (machine_now() - row.asked_at).total_seconds() > self._give_up_seconds:
                raise LookupError(f"turn {number} of call {call_id} was never answered")
            time.sleep(LOOK_SECONDS)

    def _say(self, db: Session, begun: Turn, said: Speech) -> str:
        """Keep what is said as the turn's document, or as what follows its filler."""
        addresses = Addresses(self._address(begun.call_id), begun.number + 1)
        return call_turn.keep(db, begun, said, self._house.bank.calling.voice, addresses, self._clock.now())
