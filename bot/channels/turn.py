"""One turn as the core sends it, read from JSON and checked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

CONVERSATION = re.compile(r"[0-9a-fA-F-]{36}:\d{1,9}")
"""Our own id and the turn: fresh for every request, and never a telephone number."""

CHANNELS = frozenset({"sms", "voice"})
EVENTS = frozenset({"digit", "silence", "hang_up", "machine", "empty"})
DIGIT = re.compile(r"[0-9*#]")

NLU_CHARACTERS = 500
"""What the model reads of a message; the store keeps all of it."""

# Rasa takes words that begin with a slash as a command (/restart, /opt_out{…}). A customer's never are.
COMMAND_PREFIX = re.compile(r"\A[\s/／]+")


class BadTurn(ValueError):
    """The body is not a turn; says what is wrong without quoting the customer."""


@dataclass(frozen=True)
class Turn:
    """One thing the customer did, with what the store knows."""

    conversation: str
    channel: str
    text: str | None
    event: Mapping[str, Any] | None
    metadata: Mapping[str, Any]
    """What the pipeline and the action server read, unchanged."""


def read(body: Any) -> Turn:
    """Read a turn; raises BadTurn.

    {"conversation": "<uuid>:7", "text": "下午吧", "event": null, "channel": "sms", "now": "2026-11-24T09:30:00+08:00",
     "zone": "Asia/Shanghai", "state": {…}, "facts": {…}, "flow": {…}}
    """
    _require(isinstance(body, dict), "the body is not a JSON object")
    conversation, channel = body.get("conversation"), body.get("channel")
    _require(
        isinstance(conversation, str) and CONVERSATION.fullmatch(conversation) is not None,
        "conversation is not <uuid>:<turn>",
    )
    _require(isinstance(channel, str) and channel in CHANNELS, "channel is neither sms nor voice")
    _require(_is_instant(body.get("now")), "now is not an ISO instant with a zone offset")
    _require(isinstance(body.get("zone"), str) and body["zone"] != "", "zone is not a name")
    for name in ("state", "facts", "flow"):
        _require(isinstance(body.get(name), dict), f"{name} is not an object")
    text, event = body.get("text"), body.get("event")
    _require((text is None) != (event is None), "exactly one of text and event is given")
    _require(text is None or isinstance(text, str), "text is not a string")
    _require(event is None or _is_event(event), "event is not one of " + ", ".join(sorted(EVENTS)))
    metadata = {name: body.get(name) for name in ("state", "facts", "flow", "now", "zone", "channel", "event")}
    words = plain(text) if text is not None else None
    if words == "":
        return Turn(conversation, channel, None, {"name": "empty", "digit": None}, metadata)
    return Turn(conversation, channel, words, event, metadata)


def plain(text: str) -> str:
    """The customer's words as the model may read them: no leading blanks or slashes, no more than it needs."""
    return COMMAND_PREFIX.sub("", text)[:NLU_CHARACTERS].rstrip()


def _is_instant(value: Any) -> bool:
    try:
        # Python 3.10 does not read the Z that others write.
        return datetime.fromisoformat(value.replace("Z", "+00:00")).tzinfo is not None
    except (AttributeError, ValueError):
        return False


def _is_event(value: Any) -> bool:
    if not isinstance(value, dict) or value.get("name") not in EVENTS:
        return False
    digit = value.get("digit")
    if value["name"] == "digit":
        return isinstance(digit, str) and DIGIT.fullmatch(digit) is not None
    return digit is None


def _require(holds: bool, otherwise: str) -> None:
    if not holds:
        raise BadTurn(otherwise)
