"""Opt-out, opt-in and help: decided before the bot hears anything, and with the bot down.

A wrong yes silences the bank and a wrong no breaks the law, so what stands here is certain; the model adds what phrases miss.
"""

import re
from dataclasses import dataclass
from typing import Literal

from outreach.rules.channel import Channel
from outreach.rules.refusals import refused_channel
from outreach.rules.words import comparable, plain

__all__ = ["Keyword", "decide", "plain"]


LONGEST_TEXT = 1600  # characters, as many as the carrier lets one message have


@dataclass(frozen=True)
class Keyword:
    """An instruction found in a customer's words."""

    kind: Literal["opt_out", "opt_in", "help"]
    channel: Channel | None  # the channel that was named; None: all
    matched: str  # the words that decided, normalised


def decide(text: str) -> Keyword | None:
    """Decide whether a text is, without doubt, an instruction to stop, to start again, or to help."""
    words = comparable(text[:LONGEST_TEXT])
    bare = re.sub(r"[\W_]+", "", words)
    once = _said_once(bare)
    for kind, exact in _EXACT.items():
        for said in (bare, once):
            if said in exact or ((found := _POLITE.fullmatch(said)) and found["word"] in exact - _LETTERS):
                return Keyword(kind, None, said)
    if mistaken := _MISTAKEN.fullmatch(bare):
        return Keyword("opt_in", None, mistaken[0])
    if refusal := refused_channel(words):
        return Keyword("opt_out", refusal.channel, refusal.matched)
    return None


def _said_once(bare: str) -> str:
    """Reduce 退订退订退订 to 退订; single letters stay, since TT is a weeping face."""
    found = re.fullmatch(r"(.{2,}?)\1+", bare)
    return found[1] if found else bare


_LETTERS = frozenset({"R", "T", "TD", "N"})  # what 拒收请回复R asks for, and what other gateways taught people

_EXACT: dict[Literal["opt_out", "opt_in", "help"], frozenset[str]] = {
    # US TCPA's words, the carrier's default list, and the Chinese gateways'.
    "opt_out": _LETTERS
    | {"STOP", "STOPALL", "UNSUBSCRIBE", "END", "QUIT", "CANCEL", "REVOKE", "OPTOUT", "OPTMEOUT", "UNSUBSCRIBEME"}
    | {"UNSUB", "UNSUBSCRIBEALL", "STOPIT", "STOPNOW", "退订", "拒收", "取消订阅"},
    "opt_in": frozenset(
        {
            "START",
            "UNSTOP",
            "OPTIN",
            "OPTMEIN",
            "RESUBSCRIBE",
            "恢复接收",
            "恢复订阅",
            "重新订阅",
            "重新接收",
            "继续接收",
        }
        | {"恢复接收短信", "恢复短信", "取消退订", "撤销退订", "取消拒收"}
    ),
    "help": frozenset({"HELP", "HELPME", "INFO", "帮助", "使用帮助", "获取帮助"}),
}

# STOP PLEASE, please stop, 我要恢复接收: politeness around a word, which then has to be in its list.
_POLITE = re.compile(
    r"(?:PLEASE|PLS|PLZ|JUST|OK|I(?:WANT|WISH|WOULDLIKE)TO|请|麻烦|帮我|我要|我想|想要)*+"
    r"(?P<word>.+?)"
    r"(?:PLEASE|PLS|PLZ|NOW|ALREADY|IMMEDIATELY|THANKYOU|THANKS|THX|谢谢|吧|一下)*"
)

# 上次误退订了, 不小心点了退订, 退订错了: says outright that the opt-out was a slip.
_MISTAKEN = re.compile(
    r"(?:我|是|上次|刚才|刚刚|之前|前天|昨天|今天|那个|那条|不好意思|抱歉|对不起|你好|您好)*+"
    r"(?:(?:误|错|手滑|手误|不小心|不当心)(?:就|给|把)?(?:点|发|按|回|回复|操作)?(?:错|成)?了?(?:退订|拒收)|(?:退订|拒收)(?:点|发|按|回|操作)?错)"
    r"(?:了|啦|的|短信|信息)*+(?:请|麻烦|帮我|给我|能|可以|想|要|我|再)*+(?:恢复|重新)?(?:接收|订阅|一下|吧|吗|谢谢)*+"
)
