"""The one door into Rasa: the core asks for a turn's answer and gets JSON; nothing is sent to a customer from here."""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
import os
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import InputChannel, UserMessage
from rasa.shared.exceptions import RasaException
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse
from sanic.response import json as reply

from bot import quiet
from bot.channels import turn
from bot.channels.answer import Collector, heard, heard_event, proposal
from bot.channels.took import Took
from bot.turns.processor import TurnProcessor

logger = logging.getLogger(__name__)

SECRET = "OUTREACH_SECRET"  # noqa: S105 - the variable's name

TURN_SECONDS = 7.0
"""Rasa would wait 300 s for an action; the core gives up after 8 and must hear of it before."""

Handler = Callable[[UserMessage], Awaitable[Any]]


class CoreChannel(InputChannel):
    """Answers the core's turns at /webhooks/core/message and says at /webhooks/core/health whether it can."""

    def __init__(self, secret: str) -> None:
        self._expected = f"Bearer {secret}".encode()

    @classmethod
    def name(cls) -> str:
        """The part of the address after /webhooks/."""
        return "core"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> CoreChannel:  # noqa: ARG003
        """Take the secret from the environment; without one the server does not start."""
        secret = os.environ.get(SECRET, "")
        if not secret:
            raise RasaException(f"{SECRET} is not set; the bot answers nobody without it")
        return cls(secret)

    def blueprint(self, _on_new_message: Handler) -> Blueprint:
        """The two routes; what they ask is the agent's processor, and not the handler, which would wait for a lock."""
        quiet.hush()
        routes = Blueprint("core")

        @routes.post("/message")
        async def message(request: Request) -> HTTPResponse:
            if not self._knows(request):
                return reply({"error": "unauthorized"}, status=401)
            try:
                asked = turn.read(json.loads(request.body))
            except turn.BadTurn as error:
                return reply({"error": "bad_turn", "message": str(error)}, status=400)
            except ValueError:
                return reply({"error": "bad_turn", "message": "the body is not JSON"}, status=400)
            agent = _loaded(request)
            if agent is None:
                return reply({"error": "no_model"}, status=503)
            took = Took()
            answer = await _answer(agent.processor, asked, took)
            if answer is None:
                return reply({"error": "no_answer"}, status=502)
            return reply(answer, headers={"Server-Timing": str(took)})

        @routes.get("/health")
        async def health(request: Request) -> HTTPResponse:
            agent = _loaded(request)
            if agent is None:
                return reply({"status": "no_model"}, status=503)
            return reply({"status": "ok", "model": agent.model_id, "file": agent.processor.model_filename})

        return routes

    def _knows(self, request: Request) -> bool:
        given = request.headers.get("Authorization", "")
        return hmac.compare_digest(given.encode("utf-8", "replace"), self._expected)


async def _answer(processor: TurnProcessor, asked: turn.Turn, took: Took) -> dict[str, Any] | None:
    """Have the turn heard, decided and answered; None where any of it failed."""
    try:
        answer = await asyncio.wait_for(_turn(processor, asked, took), TURN_SECONDS)
    except Exception as error:  # noqa: BLE001 - whatever happened, the core must hear "no answer", not a stack trace
        logger.error("turn %s has no answer: %s", asked.conversation, type(error).__name__)  # noqa: TRY400
        return None
    if answer is None:
        logger.error("turn %s has no answer: the action gave no whole one", asked.conversation)
    return answer


async def _turn(processor: TurnProcessor, asked: turn.Turn, took: Took) -> dict[str, Any] | None:
    message = UserMessage(
        asked.text,
        Collector(asked.channel),
        asked.conversation,
        input_channel=asked.channel,
        message_id=asked.conversation,
        metadata=dict(asked.metadata),
    )
    if asked.event is not None:
        said = heard_event(asked.event["name"])
        message.parse_data = {
            "text": None,
            "intent": {"name": f"event_{asked.event['name']}", "confidence": 1.0},
            "entities": [],
        }
    else:
        message.parse_data = processor.hear(message)
        said = heard(message.parse_data)
    took.part("nlu")
    action = processor.choose(message)
    took.part("rules")
    await processor.ask(action, message)
    took.part("action")
    answer = proposal(message.output_channel.messages)
    return {**answer, "heard": said} if answer else None


def _loaded(request: Request) -> Agent | None:
    agent = getattr(request.app.ctx, "agent", None)
    return agent if agent is not None and agent.is_ready() else None
