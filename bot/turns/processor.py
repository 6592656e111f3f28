"""What one message comes to: what it means, which action the rules choose, what that action answers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rasa.core.channels.channel import UserMessage
from rasa.core.processor import MessageProcessor
from rasa.engine import loader
from rasa.engine.runner.interface import GraphRunner
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.storage import ModelMetadata
from rasa.model import get_local_model
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.events import ActionExecuted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.exceptions import RasaException
from rasa.utils.common import TempDirectoryPath, get_temp_dir_name

from bot.turns.action import TurnAction
from bot.turns.runner import StraightRunner


class TurnProcessor(MessageProcessor):
    """Rasa's processor for turns that bring their state along.

    A turn is one message and one action, on a tracker of its own that nobody sees again. So there is no session to
    begin or to expire, no slot to fill (the domain has none), no lock to wait for (Rasa's looks once a second), nothing
    to store, and no need to ask the policy a second time whether to listen.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._chosen: dict[str, str] = {}

    @staticmethod
    def _load_model(model_path: str | Path) -> tuple[str, ModelMetadata, GraphRunner]:
        """Rasa's, with our runner."""
        archive = Path(get_local_model(str(model_path)))
        with TempDirectoryPath(get_temp_dir_name()) as folder:
            metadata, runner = loader.load_predict_graph_runner(
                Path(folder), archive, LocalModelStorage, StraightRunner
            )
        return archive.name, metadata, runner

    def hear(self, message: UserMessage) -> dict[str, Any]:
        """What the pipeline reads in a message's words."""
        return self._parse_message_with_graph(message, DialogueStateTracker(message.sender_id, ()))

    def choose(self, message: UserMessage) -> TurnAction:
        """The action that the rules give a heard message: asked of the policy once an intent, for they see no more."""
        intent = message.parse_data["intent"]["name"]
        if intent not in self._chosen:
            best = self._predict_next_with_tracker(self._heard(message)).max_confidence_index
            self._chosen[intent] = self.domain.action_names_or_texts[best]
        if self._chosen[intent] not in self.domain.user_actions:
            raise RasaException(f"no rule fits {intent}")
        return TurnAction(self._chosen[intent], self.action_endpoint)

    async def ask(self, action: TurnAction, message: UserMessage) -> None:
        """Have an action answer a heard message into its channel; raises when it gives no answer."""
        tracker = self._heard(message)
        events = await action.run(message.output_channel, self.nlg, tracker, self.domain)
        await self._send_bot_messages(events, tracker, message.output_channel)

    def _heard(self, message: UserMessage) -> DialogueStateTracker:
        """A conversation that has just heard its one message."""
        tracker = DialogueStateTracker(message.sender_id, ())
        tracker.update(ActionExecuted(ACTION_LISTEN_NAME))  # what every rule begins with
        heard = message.parse_data
        tracker.update(
            UserUttered(
                message.text,
                heard["intent"],
                heard["entities"],
                heard,
                input_channel=message.input_channel,
                message_id=message.message_id,
                metadata=message.metadata,
            ),
            self.domain,
        )
        return tracker
