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
from rasa.shared.core.events import ActionExecuted
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

    async def handle_message(self, message: UserMessage) -> None:
        """Have the action of a heard message answer into the message's channel; raises when it gives no answer."""
        tracker = DialogueStateTracker(message.sender_id, ())
        tracker.update(ActionExecuted(ACTION_LISTEN_NAME))  # what every rule begins with
        await self._handle_message_with_tracker(message, tracker)
        action = TurnAction(self._choose(tracker), self.action_endpoint)
        events = await action.run(message.output_channel, self.nlg, tracker, self.domain)
        await self._send_bot_messages(events, tracker, message.output_channel)

    def _choose(self, tracker: DialogueStateTracker) -> str:
        """The action that the rules give a message: asked of the policy once for each intent, for they see no more."""
        intent = tracker.latest_message.intent_name
        if intent not in self._chosen:
            best = self._predict_next_with_tracker(tracker).max_confidence_index
            self._chosen[intent] = self.domain.action_names_or_texts[best]
        if self._chosen[intent] not in self.domain.user_actions:
            raise RasaException(f"no rule fits {intent}")
        return self._chosen[intent]
