"""What needs no model to be understood: a keyword, a key that means the same at every step, a machine that answers."""

from __future__ import annotations

import re
from collections.abc import Mapping

from outreach.rules import keywords, machines
from outreach.rules.channel import Channel
from outreach.rules.keywords import Keyword

OTHER_WAY: Mapping[Channel, re.Pattern[str]] = {
    Channel.SMS: re.compile("电话"),
    Channel.VOICE: re.compile("短信|信息|微信|发给我|发过来"),
}
"""A stop of the channel in use that says how else to reach the customer; without it, it is a stop of everything."""
STOP_KEY, PERSON_KEY = "9", "0"
"""What these keys mean on a call at every step, whatever it offers."""
MACHINE = "machine"


def without_model(words: str, channel: Channel) -> str | None:
    """The name under which the flow knows what was said or pressed; None where the bot has to read it."""
    if channel is Channel.VOICE and machines.recognise(words):
        return MACHINE
    if channel is Channel.VOICE and words in {STOP_KEY, PERSON_KEY}:
        return "opt_out" if words == STOP_KEY else "ask_human"
    keyword = keywords.decide(words)
    return reading(keyword, words, channel) if keyword else None


def reading(keyword: Keyword, words: str, channel: Channel) -> str:
    """The name under which the flow knows a keyword that was heard on a channel."""
    if keyword.kind != "opt_out" or keyword.channel is None:
        return str(keyword.kind)
    if keyword.channel is channel and not OTHER_WAY[channel].search(words):
        return str(keyword.kind)
    return f"stop_{keyword.channel}"
