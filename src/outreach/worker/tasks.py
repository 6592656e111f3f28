"""What a worker can be asked to do, by name. Shallow: each calls one verb with the ports it uses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from uuid import UUID

import procrastinate
import structlog

from outreach import queue
from outreach.campaigns import (
    callbacks,
    expiry,
    following,
    kept_reports,
    plan,
    recordings,
    settle_calls,
    unknown_sends,
    watching,
)
from outreach.campaigns import open as opening
from outreach.conversations import lost_texts, text_answers
from outreach.runtime import Runtime

log = structlog.get_logger()


def register(app: procrastinate.App, runtime: Runtime) -> None:
    """Make every task known to the queue."""

    @app.task(name=queue.ANSWER, queue=queue.ANSWER)
    def answer(conversation: str) -> None:
        if text_answers.answer(runtime.sessions, runtime.dialogue, runtime.clock, runtime.house, UUID(conversation)):
            runtime.sender.send_answers()

    @app.task(name=queue.SEND, queue=queue.SEND)
    def send() -> None:
        runtime.sender.send_queued()

    @app.task(name=queue.OPEN, queue=queue.OPEN)
    def open_due() -> None:
        if opening.open_due(runtime.sessions, runtime.clock, runtime.house):
            runtime.sender.send_queued()

    @app.task(name=queue.PLAN, queue=queue.PLAN)
    def plan_campaign(campaign: str) -> None:
        plan.plan(runtime.sessions, runtime.clock, runtime.house, UUID(campaign))
        runtime.queue.defer(queue.OPEN)

    @app.task(name=queue.REPORT, queue=queue.REPORT)
    def count_report(campaign: str, by: str) -> None:
        kept_reports.make(runtime.sessions, runtime.clock, UUID(campaign), by)

    @app.task(name=queue.SETTLE, queue=queue.SETTLE)
    def settle_sends() -> None:
        with runtime.sessions.alone(queue.SETTLE) as alone:
            if alone:
                settle(runtime)


def settle(runtime: Runtime) -> None:
    """All that is settled now and then, one after the other; what fails in one does not keep the others from their work."""
    sessions, carrier, clock = runtime.sessions, runtime.carrier, runtime.clock
    house, sealer = runtime.house, runtime.sealer
    steps: Mapping[str, Callable[[], object]] = {
        "unknown_sends": lambda: unknown_sends.ask_carrier(sessions, carrier, clock, house, sealer),
        "calls": lambda: settle_calls.ask_carrier(sessions, carrier, clock, house),
        "recordings": lambda: recordings.collect(sessions, carrier, clock, sealer),
        "lost_texts": lambda: lost_texts.fetch(sessions, carrier, clock, house, sealer, runtime.settings.sender),
        "expiry": lambda: expiry.expire(sessions, clock),
        "following": lambda: following.follow(sessions, clock),
        # After what follows, before a campaign is finished: else one might be whose customer has just asked for a callback.
        "callbacks": lambda: callbacks.plan(sessions, clock),
        "watching": lambda: watching.watch(sessions, clock),
    }
    for name, step in steps.items():
        try:
            step()
        except Exception as error:  # noqa: BLE001 - whatever it is, the next round meets it again, and the log says so
            log.error("settling_failed", step=name, error=type(error).__name__)  # noqa: TRY400 - a traceback may quote a number
