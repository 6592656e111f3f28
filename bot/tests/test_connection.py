"""Connections to the action server are kept, and a stale one loses nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import aiohttp
import pytest
from bot.turns.connection import KeptEndpoint
from rasa.utils.endpoints import ClientResponseError

ANSWER = b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 14\r\n\r\n{"answer": %d} '
BROKEN = b"HTTP/1.1 500 Broken\r\nContent-Length: 0\r\n\r\n"


class Server:
    """Counts connections; `answers` says how many requests each is good for before it is closed without a word."""

    def __init__(self, answers: int, says: bytes = ANSWER) -> None:
        self._answers, self._says = answers, says
        self.connections = 0
        self.requests = 0
        self._writers: list[asyncio.StreamWriter] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self._writers.append(writer)
        number = self.connections
        answered = 0
        while await self._read(reader):
            self.requests += 1
            if answered == self._answers:
                break
            writer.write(self._says % number if b"%d" in self._says else self._says)
            await writer.drain()
            answered += 1
        writer.close()

    async def close(self) -> None:
        """End every connection, and let both sides notice."""
        for writer in self._writers:
            writer.close()
        await asyncio.sleep(0.05)

    async def _read(self, reader: asyncio.StreamReader) -> bool:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
        except (asyncio.IncompleteReadError, ConnectionError):
            return False
        length = next(
            int(line.split(b":")[1]) for line in head.splitlines() if line.lower().startswith(b"content-length")
        )
        await reader.readexactly(length)
        return True


def ask(server: Server, talk: Callable[[KeptEndpoint], Awaitable[None]]) -> None:
    async def run() -> None:
        listening = await asyncio.start_server(server.serve, "127.0.0.1", 0)
        port = listening.sockets[0].getsockname()[1]
        endpoint = KeptEndpoint(f"http://127.0.0.1:{port}/webhook")
        try:
            await talk(endpoint)
        finally:
            await endpoint.close()
            listening.close()
            await listening.wait_closed()
            await server.close()

    asyncio.run(run())


def test_one_connection_serves_many_turns():
    server = Server(answers=100)

    async def talk(endpoint: KeptEndpoint) -> None:
        for _ in range(5):
            assert await endpoint.request(json={}) == {"answer": 1}

    ask(server, talk)
    assert server.connections == 1


def test_a_connection_that_was_closed_meanwhile_loses_no_turn():
    server = Server(answers=1)

    async def talk(endpoint: KeptEndpoint) -> None:
        # The second finds the kept connection closed under its hands, and is asked again on one of its own.
        answers = [await endpoint.request(json={}) for _ in range(3)]
        assert [answer["answer"] for answer in answers] == [1, 2, 3]

    ask(server, talk)


def test_turns_at_once_do_not_wait_for_each_other():
    server = Server(answers=100)

    async def talk(endpoint: KeptEndpoint) -> None:
        answers = await asyncio.gather(*(endpoint.request(json={}) for _ in range(4)))
        assert sorted(answer["answer"] for answer in answers) == [1, 2, 3, 4]

    ask(server, talk)


def test_a_server_that_always_hangs_up_is_an_error():
    async def talk(endpoint: KeptEndpoint) -> None:
        with pytest.raises(aiohttp.ServerDisconnectedError):
            await endpoint.request(json={})

    server = Server(answers=0)
    ask(server, talk)
    assert server.requests == 2


def test_a_broken_server_is_asked_once():
    async def talk(endpoint: KeptEndpoint) -> None:
        with pytest.raises(ClientResponseError):
            await endpoint.request(json={})

    server = Server(answers=100, says=BROKEN)
    ask(server, talk)
    assert server.requests == 1


def test_nobody_listening_is_an_error():
    async def run() -> None:
        endpoint = KeptEndpoint("http://127.0.0.1:9/webhook")
        with pytest.raises(aiohttp.ClientConnectorError):
            await endpoint.request(json={})
        await endpoint.close()

    asyncio.run(run())
