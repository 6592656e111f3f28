"""Connections to the action server that are kept from one turn to the next."""

from __future__ import annotations

from typing import Any

import aiohttp
from rasa.utils.endpoints import EndpointConfig


class KeptEndpoint(EndpointConfig):
    """An endpoint whose connections are kept.

    Rasa opens one for every request, since a kept one may be closed by the other side just as it is used
    (https://github.com/RasaHQ/rasa/pull/12965). When that happens we ask again as Rasa does: an action changes nothing,
    so being asked twice does no harm.
    """

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self._anew = EndpointConfig(url)
        self._kept: aiohttp.ClientSession | None = None

    async def request(self, *args: Any, **kwargs: Any) -> Any:
        """Ask, and read the JSON that is answered."""
        try:
            return await super().request(*args, **kwargs)
        except aiohttp.ClientConnectorError:
            raise  # nobody listens there
        except (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError):
            return await self._anew.request(*args, **kwargs)

    def session(self) -> Any:
        """The kept session, for a `with` that leaves it open."""
        if self._kept is None:
            self._kept = super().session()
        return _LeftOpen(self._kept)

    async def close(self) -> None:
        """Let the connections go."""
        if self._kept is not None:
            await self._kept.close()


class _LeftOpen:
    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    async def __aenter__(self) -> aiohttp.ClientSession:
        return self._session

    async def __aexit__(self, *_: object) -> None:
        """Leave it open."""
