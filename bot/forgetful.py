"""A tracker store that remembers nothing, because every turn brings its own state."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker


class ForgetfulTrackerStore(TrackerStore):
    """Lets every turn start on an empty tracker and drops it afterwards."""

    def __init__(
        self,
        domain: Domain | None = None,
        event_broker: EventBroker | None = None,
        host: str | None = None,  # noqa: ARG002 - Rasa passes the url of endpoints.yml under this name
        **kwargs: Any,
    ) -> None:
        super().__init__(domain, event_broker, **kwargs)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Drop it. Rasa holds the turn's tracker itself until the turn is answered."""

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:  # noqa: ARG002
        """Nothing is ever known."""
        return None

    async def keys(self) -> Iterable[str]:
        """No conversation is ever known."""
        return ()
