"""The tracker store keeps nothing, and Rasa takes it for one of its own."""

import asyncio

from bot.forgetful import ForgetfulTrackerStore
from rasa.core.tracker_store import TrackerStore, check_if_tracker_store_async
from rasa.shared.core.domain import Domain
from rasa.utils.endpoints import EndpointConfig

CONFIGURED = EndpointConfig(type="bot.forgetful.ForgetfulTrackerStore")


def test_rasa_makes_it_from_its_endpoints():
    store = TrackerStore.create(CONFIGURED, domain=Domain.empty())
    assert isinstance(store, ForgetfulTrackerStore)
    assert check_if_tracker_store_async(store)


def test_what_is_saved_is_forgotten():
    async def turn():
        store = ForgetfulTrackerStore(Domain.empty())
        await store.save(await store.get_or_create_tracker("conversation:1"))
        assert await store.retrieve("conversation:1") is None
        assert list(await store.keys()) == []

    asyncio.run(turn())
