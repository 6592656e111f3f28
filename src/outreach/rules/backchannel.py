"""Words with which one listens: 喂, 嗯, 啊. Said into our words they are no answer. Pure."""

from __future__ import annotations

import re

from outreach.rules.words import comparable

CHARACTERS_PER_SECOND = 4.5
"""How fast a telephone voice speaks Mandarin: 4 to 5 characters a second."""
HEARD_THROUGH = 0.8
"""Somebody who speaks before this share of our words was heard talks into them."""

_LISTENING = re.compile(r"(喂|嗯|啊|哦|噢|呃|额|诶|哎|欸|你好|您好|哈喽|HELLO)+")


def is_backchannel(words: str) -> bool:
    """Whether words say no more than that somebody is there."""
    return _LISTENING.fullmatch(re.sub(r"[\W_]+", "", comparable(words))) is not None


def talks_into(characters: int, seconds: float) -> bool:
    """Whether somebody who was heard so many seconds after we began cannot have heard us out."""
    return seconds < HEARD_THROUGH * characters / CHARACTERS_PER_SECOND
