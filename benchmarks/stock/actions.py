"""The one action of stock Rasa: it answers a line, as a bank's bot would at each turn."""

from __future__ import annotations

from rasa_sdk import Action


class ActionStock(Action):
    """One custom action per turn."""

    def name(self):
        return "action_stock"

    def run(self, dispatcher, tracker, domain):  # noqa: ARG002
        dispatcher.utter_message(text="您看今天上午还是下午有空过来？")
        return []
