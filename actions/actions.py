"""Four actions, one for each family of rules. Each reads the turn from the message, computes, and answers as JSON."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from datetime import datetime
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from outreach.scripts import flow
from outreach.scripts.script import Flow
from outreach.scripts.state import Heard, State

EVENT = re.compile(r"^event_(\w+)$")


class ScriptAction(Action, ABC):  # type: ignore[misc]  # rasa-sdk publishes no types
    """Answers one turn from the script's excerpt that travelled with it."""

    override: str | None = None
    """The intent that the rule has decided, whatever the step expects."""

    @abstractmethod
    def name(self) -> str:
        """The name in the domain; rasa-sdk registers only what has one."""

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:  # noqa: ARG002
        """Compute the answer; no database, no network."""
        turn = tracker.latest_message["metadata"]
        answer = flow.respond(
            Flow.from_json(turn["flow"]),
            State.from_json(turn["state"]),
            self._heard(tracker.latest_message, turn),
            datetime.fromisoformat(turn["now"]),
            turn["zone"],
            turn["facts"],
        )
        dispatcher.utter_message(json_message=answer.to_json())
        return []

    def _heard(self, message: dict[str, Any], turn: dict[str, Any]) -> Heard:
        intent = self.override or str(message["intent"]["name"])
        event = EVENT.match(intent)
        if event:
            return Heard(intent=event.group(1), digit=(turn.get("event") or {}).get("digit"))
        return Heard(intent=intent, text=str(message.get("text") or ""))


class ActionContinue(ScriptAction):
    """Everything that a script may decide."""

    def name(self) -> str:
        """The name in the domain."""
        return "action_continue"


class ActionOptOut(ScriptAction):
    """The customer wants no further contact."""

    override = "opt_out"

    def name(self) -> str:
        """The name in the domain."""
        return "action_opt_out"


class ActionComplaint(ScriptAction):
    """The customer complains."""

    override = "complaint"

    def name(self) -> str:
        """The name in the domain."""
        return "action_complaint"


class ActionAskHuman(ScriptAction):
    """The customer wants a person."""

    override = "ask_human"

    def name(self) -> str:
        """The name in the domain."""
        return "action_ask_human"
