"""What a worker can be asked to do, by name. Shallow: each calls one verb with the ports it uses."""

from __future__ import annotations

from uuid import UUID

import procrastinate

from outreach import queue
from outreach.campaigns import callbacks, expiry, following, plan, recordings, settle_calls, unknown_sends, watching
from outreach.campaigns import open as opening
from outreach.conversations import lost_texts, text_answers
from outreach.runtime import Runtime


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

    @app.task(name=queue.SETTLE, queue=queue.SETTLE)
    def settle_sends() -> None:
        with runtime.sessions.alone(queue.SETTLE) as alone:
            if alone:
                _settle(runtime)


def _settle(runtime: Runtime) -> None:
    sessions, carrier, clock = runtime.sessions, runtime.carrier, runtime.clock
    unknown_sends.ask_carrier(sessions, carrier, clock, runtime.house, runtime.sealer)
    settle_calls.ask_carrier(sessions, carrier, clock, runtime.house)
    recordings.collect(sessions, carrier, clock, runtime.sealer)
    lost_texts.fetch(sessions, carrier, clock, runtime.house, runtime.sealer, runtime.settings.sender)
    expiry.expire(sessions, clock)
    callbacks.plan(sessions, clock)
    following.follow(sessions, clock)
    watching.watch(sessions, clock)
