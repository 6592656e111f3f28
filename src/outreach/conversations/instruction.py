"""What a keyword means on the channel it came on."""

from __future__ import annotations

import re
from collections.abc import Mapping

from outreach.rules.channel import Channel
from outreach.rules.keywords import Keyword

OTHER_WAY: Mapping[Channel, re.Pattern[str]] = {
    Channel.SMS: re.compile("电话"),
    Channel.VOICE: re.compile("短信|信息|微信|发给我|发过来"),
}
"""A stop of the channel in use that says how else to reach the customer; without it, it is a stop of everything."""


def reading(keyword: Keyword, words: str, channel: Channel) -> str:
    """The name under which the flow knows a keyword that was heard on a channel."""
    if keyword.kind != "opt_out" or keyword.channel is None:
        return str(keyword.kind)
    if keyword.channel is channel and not OTHER_WAY[channel].search(words):
        return str(keyword.kind)
    return f"stop_{keyword.channel}"
