"""Plan, claim, send, crash, report, opt out, pause and move time in any order: what was promised holds after each step.

P2 nobody is called or texted twice · P3 nobody is contacted once their stop is committed · P4 nothing begins outside the
window · P5 everything comes to an end. The store is real, the carrier remembers, workers are claims held by hand.
`FAULTS_EXAMPLES` sets how many runs are tried; `make faults` tries many.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import text, update
from sqlmodel import col, select

from outreach.campaigns import answers, settle, settle_calls, unknown_sends
from outreach.campaigns import open as opening
from outreach.campaigns.answers import Answered
from outreach.campaigns.claim import Claimed, claim, mark_sending
from outreach.carrier.call_port import CallReport, CallStatus
from outreach.carrier.port import (
    Accepted,
    FailureKind,
    NotSent,
    Refused,
    SendError,
    StatusReport,
    Throttled,
    TooLate,
    Unknown,
)
from outreach.cli.stage import OUR_NUMBER, Stage
from outreach.conversations import instruction  # noqa: F401 - what a stop runs through
from outreach.dialogue.rehearsal import Rehearsal
from outreach.model import (
    Attempt,
    Campaign,
    CampaignState,
    Customer,
    Message,
    Scope,
    Sessions,
    Side,
    Stop,
    Suppression,
    suppressions,
)
from outreach.model.suppression import Source
from outreach.rules import quiet_hours
from outreach.rules.channel import Channel
from outreach.rules.delivery import AttemptState, MessageState
from tests.campaigns.engine import FILE, FIRST, Engine
from tests.conftest import TUESDAY

EXAMPLES = int(os.environ.get("FAULTS_EXAMPLES", "12"))
STEPS = int(os.environ.get("FAULTS_STEPS", "40"))
CUSTOMERS = 5
WHICH = st.integers(0, 11)
"""Which of what is in hand a step takes, counted round. It is drawn whatever is in hand: how long a list is depends on the
store and on the machine's clock, and Hypothesis wants the same draws whenever it repeats a run."""
TERMINAL = {AttemptState.CLOSED}
TABLES = (
    "call_turn", "recording", "call", "correction", "staff_task", "visit", "callback", "message", "conversation", "attempt",
    "campaign", "suppression", "stop", "sender_pace",
)  # fmt: skip


class Machine(RuleBasedStateMachine):
    """Two workers' hands, a carrier, five customers."""

    sessions: Sessions
    house: object
    sealer: object
    stage: Stage

    @initialize(calls=st.booleans())
    def begin(self, calls: bool) -> None:
        with self.sessions.begin() as db:
            db.execute(text(f"TRUNCATE {', '.join(TABLES)} CASCADE"))
        self.folder = tempfile.TemporaryDirectory()
        self.stage = Stage(self.sessions, TUESDAY, self.house, self.sealer, Rehearsal(lambda _words: "affirm"))
        self.engine = Engine(self.stage, Path(self.folder.name))
        self.engine.load(CUSTOMERS)
        self.engine.launch(text=FILE.replace("[sms]", "[voice]") if calls else FILE)
        self.claimed: list[Claimed] = []
        self.sending: list[Claimed] = []
        self.answered: list[Answered] = []
        self.posts: Counter[UUID] = Counter()
        self.taken: Counter[UUID] = Counter()
        self.stopped: set[UUID] = set()
        self.violations: list[str] = []
        self.paused = False

    # -- work ---------------------------------------------------------------------------------------------------------

    @rule()
    def open_what_is_due(self) -> None:
        with self.sessions.begin() as db:
            db.execute(update(Campaign).values(paced_until=None))
        opening.open_due(self.sessions, self.stage.clock, self.stage.house)

    @rule(channel=st.sampled_from(Channel), many=st.integers(1, 4))
    def claim_some(self, channel: Channel, many: int) -> None:
        stage = self.stage
        self.claimed += claim(self.sessions, stage.clock, stage.house, stage.sealer, OUR_NUMBER, channel, many).claimed

    @rule(which=WHICH)
    def commit_sending(self, which: int) -> None:
        marked = mark_sending(self.sessions, self._taken_from(self.claimed, which))
        for text_ in marked:
            self._judge(text_)
        self.sending += marked

    @rule(which=WHICH, fate=st.sampled_from(["taken", "lost answer", "broken off", "no line", "429", "refused"]))
    def request(self, which: int, fate: str) -> None:
        for one in self._taken_from(self.sending, which):
            self.answered.append(Answered(one, self._ask(one, fate)))

    @rule(which=WHICH)
    def record_an_answer(self, which: int) -> None:
        if one := self._taken_from(self.answered, which):
            answers.record(self.sessions, self.stage.clock, self.stage.house, self.stage.carrier.name, one)

    # -- what goes wrong ----------------------------------------------------------------------------------------------

    @rule()
    def a_worker_is_killed(self) -> None:
        """Whatever it held is forgotten: claims, requests that never left, answers that nobody wrote down."""
        self.claimed, self.sending, self.answered = [], [], []

    @rule()
    def a_worker_stands_still_and_wakes(self) -> None:
        """Its leases run out and others take over; what it still holds it still believes to be its own."""
        self._leases_run_out()
        self.sending = [replace(one, begin_by=time.monotonic() - 1) for one in self.sending]
        self._ask_carrier()

    @rule(
        kinds=st.lists(
            st.sampled_from([MessageState.ACCEPTED, MessageState.SENT, MessageState.DELIVERED, MessageState.FAILED]),
            max_size=4,
        ),
        which=WHICH,
    )
    def the_carrier_reports(self, kinds, which: int) -> None:
        known = [*self.stage.carrier.taken.items(), *self.stage.carrier.calls.items()]
        for ref, request in self._taken_from(known, which):
            for state in kinds:  # late, repeated, out of order
                self._report(ref, request.id, state)

    @rule()
    def the_carrier_is_asked(self) -> None:
        self._ask_carrier()

    # -- what people do -----------------------------------------------------------------------------------------------

    @rule(which=st.integers(0, CUSTOMERS - 1), how=st.sampled_from(["text", "staff"]))
    def a_customer_says_stop(self, which: int, how: str) -> None:
        number = f"+86{FIRST + which}"
        if how == "text":
            self.stage.stores("退订", number)
        else:
            with self.sessions.begin() as db:
                suppressions.add(
                    db, self.stage.sealer.find(number), None, Source.STAFF, "要求停止", self.stage.clock.now()
                )
        with self.sessions.reading() as db:
            self.stopped |= set(
                db.exec(select(Customer.id).where(Customer.phone_hash == self.stage.sealer.find(number)))
            )

    @rule()
    def staff_pause_or_resume(self) -> None:
        with self.sessions.begin() as db:
            state, other = CampaignState.ACTIVE, CampaignState.PAUSED
            if not self.paused:
                state, other = other, state
            changed = db.execute(update(Campaign).where(col(Campaign.state) == other).values(state=state))
            self.paused = not self.paused if changed.rowcount else self.paused

    @rule()
    def staff_stop_everything_or_go_on(self) -> None:
        with self.sessions.begin() as db:
            standing = db.exec(select(Stop).where(col(Stop.lifted_at).is_(None))).first()
            if standing:
                standing.lifted_at, standing.lifted_by = TUESDAY, "A"
                db.add(standing)
            else:
                db.add(Stop(scope=Scope.ALL, by="A", at=TUESDAY))

    @rule(hours=st.sampled_from([1, 3, 11, 13, 24, 80]))
    def time_passes(self, hours: int) -> None:
        # An hour is longer than any lease.
        self._leases_run_out()
        self.sending = [replace(one, begin_by=time.monotonic() - 1) for one in self.sending]
        self.stage.later(timedelta(hours=hours))

    # -- what was promised --------------------------------------------------------------------------------------------

    @invariant()
    def nobody_is_contacted_twice(self) -> None:
        """P2: the carrier took each text and each call once; a call was asked for once."""
        if not hasattr(self, "taken"):
            return
        assert not [id_ for id_, times in self.taken.items() if times > 1]
        assert not [call.id for call in self.stage.carrier.calls.values() if self.posts[call.id] > 1]

    @invariant()
    def nobody_is_contacted_after_a_stop_or_at_night(self) -> None:
        """P3 and P4, judged when `sending` was committed."""
        assert not getattr(self, "violations", [])

    def teardown(self) -> None:
        """P5: with the carrier and the workers back, every attempt ends within a bounded number of rounds."""
        if not hasattr(self, "stage"):
            return
        try:
            self._end()
        finally:
            self.stage.sender.close()
            self.folder.cleanup()

    def _end(self) -> None:
        self.claimed, self.sending, self.answered = [], [], []
        with self.sessions.begin() as db:
            db.execute(
                update(Campaign).where(col(Campaign.state) == CampaignState.PAUSED).values(state=CampaignState.ACTIVE)
            )
            db.execute(update(Stop).where(col(Stop.lifted_at).is_(None)).values(lifted_at=TUESDAY, lifted_by="A"))
        # A round is a day and an hour, so a night of eleven hours and a half is behind us after twelve; what a stop held back
        # begins then, and its silence lasts three more.
        for _ in range(18):
            self._leases_run_out()
            self._ask_carrier()
            self.open_what_is_due()
            self.stage.sender.send_queued()
            for ref, request in [*self.stage.carrier.taken.items(), *self.stage.carrier.calls.items()]:
                self._report(ref, request.id, MessageState.DELIVERED)
            self.stage.later(timedelta(hours=25))
            if not (unfinished := self._unfinished()):
                break
        assert not unfinished, unfinished
        self.nobody_is_contacted_twice()

    def _unfinished(self) -> list[str]:
        with self.sessions.reading() as db:
            open_ = db.exec(select(Attempt).where(col(Attempt.state).not_in(TERMINAL))).all()
            held = db.exec(
                select(Message).where(
                    Message.side == Side.BANK,
                    col(Message.state).in_(
                        [MessageState.QUEUED, MessageState.CLAIMED, MessageState.SENDING, MessageState.UNKNOWN]
                    ),
                )
            ).all()
        return [f"attempt {one.state} {one.verdict}" for one in open_] + [
            f"message {one.state} {one.verdict}" for one in held
        ]

    # -- hands --------------------------------------------------------------------------------------------------------

    @staticmethod
    def _taken_from[T](held: list[T], which: int) -> list[T]:
        """One out of what is held, or none where nothing is."""
        return [held.pop(which % len(held))] if held else []

    def _judge(self, one: Claimed) -> None:
        with self.sessions.reading() as db:
            message = db.get_one(Message, one.id)
            customer = db.get_one(Customer, message.customer_id)
            stops = db.exec(
                select(Suppression).where(
                    Suppression.phone_hash == customer.phone_hash, col(Suppression.lifted_at).is_(None)
                )
            ).all()
        if customer.id in self.stopped and stops and not message.confirmation:
            self.violations.append(f"P3: {one.id}")
        if message.starts_contact:
            closed = quiet_hours.closed_by(
                self.stage.clock.now(),
                one.channel,
                tuple(customer.zones),
                self.stage.house.policy,
                self.stage.house.calendar,
            )
            if closed is not None:
                self.violations.append(f"P4: {one.id} {closed}")

    def _ask(self, one: Claimed, fate: str) -> Accepted | SendError:
        failures: dict[str, tuple[SendError, bool]] = {
            "lost answer": (Unknown("read timeout"), True),
            "broken off": (Unknown("reset"), False),
            "no line": (NotSent("refused"), False),
            "429": (Throttled("429"), False),
            "refused": (Refused("refused", FailureKind.TRANSIENT, "undelivered", "30003"), False),
        }
        if fate in failures:
            error, taken = failures[fate]
            self.stage.carrier.fail_next(error, taken=taken)
        try:
            answer = self.stage.sender._request(one)
        except TooLate as late:
            self.stage.carrier._planned.clear()
            return late
        except SendError as error:
            self.posts[one.id] += error.sent != "no"
            self.taken[one.id] += fate == "lost answer"
            return error
        self.posts[one.id] += 1
        self.taken[one.id] += 1
        return answer

    def _report(self, ref: str, id_: UUID, state: MessageState) -> None:
        stage = self.stage
        if ref in stage.carrier.taken:
            stage.carrier.report(ref, state)
            said = StatusReport(ref=ref, state=state, error_code=None, kind=None)
            settle.report(self.sessions, stage.clock, stage.house, stage.carrier.name, id_, said)
            return
        status = {
            MessageState.ACCEPTED: CallStatus.WAITING, MessageState.SENT: CallStatus.RINGING,
            MessageState.DELIVERED: CallStatus.COMPLETED, MessageState.FAILED: CallStatus.NO_ANSWER,
        }[state]  # fmt: skip
        stage.carrier.report_call(ref, status)
        settle_calls.report(
            self.sessions, stage.clock, stage.house, stage.carrier.name, id_, CallReport(ref=ref, status=status)
        )

    def _leases_run_out(self) -> None:
        with self.sessions.begin() as db:
            db.execute(
                update(Message)
                .where(col(Message.lease_until).is_not(None))
                .values(lease_until=TUESDAY - timedelta(days=900))
            )

    def _ask_carrier(self) -> None:
        stage = self.stage
        unknown_sends.ask_carrier(self.sessions, stage.carrier, stage.clock, stage.house, stage.sealer)
        settle_calls.ask_carrier(self.sessions, stage.carrier, stage.clock, stage.house)


def test_what_was_promised_holds_in_whatever_order_things_happen(sessions, our_house, sealer):
    calling = replace(our_house.bank.calling, calls_per_second=1000, calls_at_once=1000)
    Machine.sessions, Machine.sealer = sessions, sealer
    Machine.house = replace(our_house, bank=replace(our_house.bank, calling=calling))
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=EXAMPLES, stateful_step_count=STEPS, deadline=None, suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
