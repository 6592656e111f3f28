"""Phone assistants, voicemails and announcements, recognised by what they say. Pure.

The carrier's own detection is right nine times in ten (carrier.md 6) and does not know the assistants of Chinese
phones, which pick up and talk. What stands here is said by machines and by nobody else; the model adds the rest.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from outreach.rules.words import comparable


class Machine(StrEnum):
    """What answered instead of a person."""

    ASSISTANT = "assistant"  #: a phone's assistant or secretary service, which asks what it may pass on
    VOICEMAIL = "voicemail"  #: a message can be left
    ANNOUNCEMENT = "announcement"  #: the network says that the phone is off, engaged, or not in use


@dataclass(frozen=True)
class Recognised:
    """Which machine, by which of its words."""

    kind: Machine
    matched: str


_PHRASES: tuple[tuple[Machine, str], ...] = (
    (Machine.ANNOUNCEMENT, r"您?[所]?拨[打叫]?的?(用户|号码|电话|客户)"),
    (Machine.ANNOUNCEMENT, r"(电话|手机|用户|机主|对方)?已(经)?关机|已停机|(是|为)空号|号码不存在"),
    (Machine.ANNOUNCEMENT, r"(暂时|现在|当前)?无法接通|暂时无人接听|正在通话中?(请|$)|请您?稍后再拨|不在服务区"),
    (Machine.ANNOUNCEMENT, r"漏话提醒|来电提醒(服务|业务)|(短信|信息)(的)?(方式|形式)通知(机主|对方|用户)"),
    (Machine.ANNOUNCEMENT, r"THE ?(NUMBER|SUBSCRIBER)[ A-Z]*(DIALED|DIALLED|CALLED)|POWER(ED)? ?OFF"),
    (Machine.VOICEMAIL, r"(语音|留言|电子)信箱"),
    (Machine.VOICEMAIL, r"(听到)?(嘀|滴|哔|提示音|BEEP)(的|地)?(一|1)?(声|响)?(以后|之后|后|结束后)"),
    (Machine.VOICEMAIL, r"请(您)?(在)?.{0,8}留言|LEAVE ?A ?MESSAGE"),
    (Machine.ASSISTANT, r"(机主|主人)的?(智能|语音|电话|通信|私人|专属|AI)*(助理|助手|秘书)"),
    (Machine.ASSISTANT, r"(智能|语音|电话|通信|来电|移动|联通|电信|专属|AI)(的)?(小)?(助理|助手|秘书|管家)"),
    (Machine.ASSISTANT, r"小秘书|(代|替|帮)(机主|他|她|主人)(接听|代接|转达|记录|留言)"),
    (Machine.ASSISTANT, r"(机主|主人)(现在|目前|暂时|正在|不方便|可能)"),
    (Machine.ASSISTANT, r"(需要|可以|请问).{0,8}(我|帮您|为您|给您)?(转达|转告|代为转|记录下来)"),
)
_KNOWN = tuple((kind, re.compile(pattern)) for kind, pattern in _PHRASES)

_ABOUT_US = re.compile(r"(你|您|你们|您们|这)(是|不是|就是).{0,6}(助理|助手|秘书|机器|语音)")
"""A person who asks whether we are a machine uses a machine's words."""


def recognise(words: str) -> Recognised | None:
    """The machine whose words these are, or None for anything a person may have said."""
    bare = re.sub(r"[^\w ]+", "", comparable(words))
    joined = bare.replace(" ", "")
    if _ABOUT_US.search(joined):
        return None
    for kind, pattern in _KNOWN:
        if found := pattern.search(joined) or pattern.search(bare):
            return Recognised(kind, found[0])
    return None
