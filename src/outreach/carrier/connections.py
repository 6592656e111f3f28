"""The connections to the carrier's API: bounded in time, kept, one request per question, nothing logged or repeated."""

from __future__ import annotations

import json
import logging
import ssl
import time
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any, override
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from twilio.http import HttpClient
from twilio.http.response import Response
from urllib3.exceptions import HTTPError, NewConnectionError

CONNECT_SECONDS = 3.05  # just over the three seconds after which TCP repeats a lost packet
READ_SECONDS = 8.0  # the carrier answers within one; a worker must not wait for a dead one
TOTAL_SECONDS = 10.0  # after this no further piece is read; with the one that is being read, below twenty seconds
LONGEST_ANSWER = 24 * 1024 * 1024  # bytes; a page of a thousand texts is about one million, ten minutes of stereo 19


class NotConnected(Exception):
    """The request provably never left."""


class BrokenOff(Exception):
    """The request may have been read, and no whole answer came."""


class TurnedAway(Exception):
    """The carrier answered with an error: the HTTP status, and its own code where it gave one."""

    def __init__(self, status: int, code: str | None) -> None:
        super().__init__(status, code)
        self.status = status
        self.code = code


class Connections(HttpClient):  # type: ignore[misc] # the SDK publishes no types
    """Send the SDK's requests over a pool of kept connections."""

    def __init__(
        self,
        *,
        base: str | None,
        pool: int,
        connect_seconds: float = CONNECT_SECONDS,
        read_seconds: float = READ_SECONDS,
        total_seconds: float = TOTAL_SECONDS,
    ) -> None:
        super().__init__(logging.getLogger(__name__), is_async=False, timeout=read_seconds)
        self._base = _origin(base)
        self._timeouts = (connect_seconds, read_seconds)
        self._total_seconds = total_seconds
        self._session = requests.Session()
        adapter = HTTPAdapter(pool_connections=1, pool_maxsize=pool, max_retries=0)
        self._session.mount("https://", adapter)
        self._session.mount("http://", adapter)

    @override
    def request(
        self,
        method: str,
        uri: str,
        params: dict[str, Any] | None = None,
        data: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,
        allow_redirects: bool = False,
    ) -> Response:
        """Make one request and read the whole answer, or say in one of three errors how far it came."""
        status, body, sent_back = self._ask(
            requests.Request(method, self._here(uri), headers, data=data, params=params, auth=auth)
        )
        return Response(status, body.decode("utf-8"), sent_back)

    def download(self, uri: str, auth: tuple[str, str]) -> bytes:
        """Fetch what is no text, such as sound; fails as a request does."""
        return self._ask(requests.Request("GET", self._here(uri), auth=auth))[1]

    def _ask(self, request: requests.Request) -> tuple[int, bytes, Any]:
        """The status, the whole body and the headers of a positive answer."""
        prepared = self._session.prepare_request(request)
        surroundings = self._session.merge_environment_settings(prepared.url or "", {}, None, None, None)
        deadline = time.monotonic() + self._total_seconds
        # Errors are raised outside the handlers: the libraries' words quote the address, and with it the number.
        failure: Exception
        try:
            status, body, headers = self._exchange(prepared, {**surroundings, "stream": True}, deadline)
            if status >= HTTPStatus.MULTIPLE_CHOICES:
                # Not left to the SDK: its errors quote the number, and believe the status in a body over the real one.
                failure = TurnedAway(status, _code(body.decode("utf-8")))
            else:
                return status, body, headers
        except (requests.ConnectionError, requests.ConnectTimeout) as error:
            failure = _judged(error)
        except (requests.RequestException, HTTPError, OSError, ValueError) as error:
            failure = BrokenOff(type(error).__name__)
        raise failure

    def close(self) -> None:
        """Close the kept connections."""
        self._session.close()

    def _here(self, uri: str) -> str:
        """Point a request, and every further page the carrier names, at the base that was configured."""
        if self._base is None:
            return uri
        parts = urlsplit(uri)
        return f"{self._base}{parts.path}" + (f"?{parts.query}" if parts.query else "")

    def _exchange(
        self, prepared: requests.PreparedRequest, surroundings: dict[str, Any], deadline: float
    ) -> tuple[int, bytes, Any]:
        with self._session.send(prepared, timeout=self._timeouts, allow_redirects=False, **surroundings) as answer:
            return answer.status_code, b"".join(_pieces(answer, deadline)), answer.headers


def _origin(base: str | None) -> str | None:
    """Check the address of the API once, so that no request can fail over it later."""
    if base is None:
        return None
    parts = urlsplit(base)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment or parts.username:
        raise ValueError("the carrier's API base must be an address such as http://127.0.0.1:8010")
    return base.rstrip("/")


def _pieces(answer: requests.Response, deadline: float) -> Iterator[bytes]:
    """Read an answer piece by piece: a carrier that drips bytes would outlast any timeout of a single read."""
    length = 0
    while piece := answer.raw.read1(65536, decode_content=True):
        length += len(piece)
        if time.monotonic() > deadline or length > LONGEST_ANSWER:
            raise TimeoutError
        yield piece


def _code(body: str) -> str | None:
    """Read the carrier's code from the body of an error: {"code": 21610, "message": "…", "status": 400}."""
    try:
        error = json.loads(body)
    except ValueError:
        return None
    code = error.get("code") if isinstance(error, dict) else None
    return str(code) if isinstance(code, int | str) else None


def _judged(error: requests.RequestException) -> NotConnected | BrokenOff:
    """Decide whether a connection error came before anything was written."""
    if isinstance(error, requests.ConnectTimeout | requests.exceptions.ProxyError):
        return NotConnected(type(error).__name__)
    causes = list(_causes(error))
    if any(isinstance(cause, NewConnectionError | ssl.SSLCertVerificationError) for cause in causes):
        return NotConnected(type(causes[-1]).__name__)
    return BrokenOff(type(causes[-1]).__name__)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """List an error and those it wraps; requests and urllib3 keep them in arguments and in `reason`."""
    yield error
    for inner in (*error.args, getattr(error, "reason", None)):
        if isinstance(inner, BaseException):
            yield from _causes(inner)
