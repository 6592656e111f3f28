"""Transcript tests: a talk in a text file that compliance can read, played again and compared line by line.

script   card_activation      channel  sms
customer {"name": "王芳", "gender": "f", "card_tail": "6612", "branch": "城南支行", "manager": "张经理"}
now      2026-11-24 09:30

bank     > 【XX银行】王女士您好……
customer > 方便
heard    > affirm
later    > 73h
ends     > visit_booked 2026-11-25 afternoon 城南支行

A call is picked up at once, unless its first line is how it ends. Beside what the customer says there are

key      > 9
silent   >
call     > hangs_up | busy | no_answer | failed 404 | machine_start

and `text` is what is texted after the call; what the customer says from then on is a text, too.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from outreach.carrier.call_port import CallStatus
from outreach.cli.stage import SAMPLE_CUSTOMER, Stage
from outreach.cli.stage_call import CallOnStage
from outreach.clock import ZONE
from outreach.documents import Problem, Refused
from outreach.places import ROOT
from outreach.rules.channel import Channel

FOLDER = ROOT / "tests" / "conversations" / "transcripts"
HEADER = re.compile(r"^(script|channel|customer|offer|now)\s+(.+)$")
LINE = re.compile(r"^(\w+)\s*> ?(.*)$")
LATER = re.compile(r"^(\d+)(h|d|m)$")
UNITS = {"h": "hours", "d": "days", "m": "minutes"}
UNANSWERED = frozenset({"busy", "no_answer", "failed", "cancelled"})
INPUTS = frozenset({"customer", "later", "key", "silent", "call"})
"""What a transcript gives; every other line is what must come of it."""


@dataclass(frozen=True)
class Talk:
    """What a transcript file says happens, and what the customer does."""

    path: Path
    comment: str
    script: str
    channel: str
    customer: Mapping[str, Any]
    offer: Mapping[str, str]
    now: datetime
    inputs: Sequence[tuple[str, str]] = field(default_factory=tuple)


def files(script: str | None = None) -> list[Path]:
    """The transcripts of one script, or of all."""
    return sorted(FOLDER.glob(f"{script or '*'}/*.txt"))


def read(path: Path) -> Talk:
    """Read a transcript's header and inputs; raises Refused with the line that cannot be read."""
    heads: dict[str, str] = {}
    comments, inputs = [], []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if line.startswith("#"):
            comments.append(line)
        elif match := LINE.match(line):
            if match[1] in INPUTS:
                inputs.append((match[1], match[2]))
        elif line.startswith("script"):
            script, _, channel = line.removeprefix("script").partition("channel")
            heads |= {"script": script.strip(), "channel": channel.strip() or "sms"}
        elif match := HEADER.match(line):
            heads[match[1]] = match[2].strip()
        elif line.strip():
            fix = "a header (script, customer, offer, now) or `who > words`"
            raise Refused([Problem(str(path), number, "line", f"cannot be read: {line!r}", fix)])
    now = datetime.fromisoformat(heads["now"]).replace(tzinfo=ZoneInfo(ZONE))
    return Talk(
        path=path,
        comment="\n".join(comments),
        script=heads["script"],
        channel=heads["channel"],
        customer=json.loads(heads["customer"]) if "customer" in heads else SAMPLE_CUSTOMER,
        offer=json.loads(heads.get("offer", "{}")),
        now=now,
        inputs=tuple(inputs),
    )


def play(talk: Talk, stage: Stage, phone: str) -> str:
    """Play a talk and give the transcript as it comes out."""
    sent_before = len(stage.sent())
    made = stage.contact(talk.script, phone, talk.customer, talk.offer, talk.channel)
    lines = head(talk)
    if made.conversation is None:
        return "\n".join([*lines, f"ends     > not_permitted {made.reason}", ""])
    if talk.channel == Channel.VOICE:
        lines += _call(talk, stage, made.conversation)
        return "\n".join([*lines, *_end(stage.shows(made.conversation)), ""])
    lines += [f"bank     > {text}" for text in stage.sent()[sent_before:]]
    for kind, words in talk.inputs:
        sent_before = len(stage.sent())
        lines.append(f"{kind:<8} > {words}")
        if kind == "later":
            stage.later(_ahead(words))
            continue
        stage.hears(words, phone)
        lines.append(f"heard    > {_last_heard(stage, made.conversation)}")
        lines += [f"bank     > {text}" for text in stage.sent()[sent_before:]]
    return "\n".join([*lines, *_end(stage.shows(made.conversation)), ""])


def _call(talk: Talk, stage: Stage, conversation: UUID) -> list[str]:
    """A call, and what is texted after it."""
    call = CallOnStage(stage, conversation)
    unanswered = bool(talk.inputs) and talk.inputs[0][0] == "call" and talk.inputs[0][1].split()[0] in UNANSWERED
    lines = [] if unanswered else [f"bank     > {said}" for said in call.picks_up()]
    for kind, words in talk.inputs:
        sent_before = len(stage.sent())
        lines.append(f"{kind:<8} > {words}".rstrip())
        said: list[str] = []
        if kind == "call":
            said = happen(call, words)
        elif kind == "later":
            stage.later(_ahead(words))
        elif call.over:  # what a customer says after a call is a text
            stage.hears(words)
            lines.append(f"heard    > {_last_heard(stage, conversation)}")
        else:
            said = call.says(words) if kind == "customer" else call.says(digits=words)
            lines.append(f"heard    > {_last_heard(stage, conversation)}")
        lines += [f"bank     > {words}" for words in said]
        lines += [f"text     > {words}" for words in stage.sent()[sent_before:]]
    return lines


def _last_heard(stage: Stage, conversation: UUID) -> str | None:
    """What the customer's last words were read as."""
    heard = [one for one in stage.shows(conversation)["messages"] if one["from"] == "customer"]
    return heard[-1]["intent"] if heard else None


def happen(call: CallOnStage, what: str) -> list[str]:
    """Let something happen to a call: hangs_up, busy, no_answer, failed with a SIP code, or what the detection finds."""
    word, _, code = what.partition(" ")
    if word in UNANSWERED:
        call.ends(CallStatus(word), code or None)
        return []
    if word == "hangs_up":
        call.ends()
        return []
    return call.detects(word)


def head(talk: Talk) -> list[str]:
    """The lines above the talk."""
    lines = [talk.comment] if talk.comment else []
    lines.append(f"script   {talk.script}      channel  {talk.channel}")
    lines.append(f"customer {json.dumps(dict(talk.customer), ensure_ascii=False)}")
    if talk.offer:
        lines.append(f"offer    {json.dumps(dict(talk.offer), ensure_ascii=False)}")
    return [*lines, f"now      {talk.now:%Y-%m-%d %H:%M}", ""]


def _end(said: Mapping[str, Any]) -> list[str]:
    visit, callback = said["visit"], said["callback"]
    when = f" {visit['date']} {visit['part']} {visit['hour'] or ''} {visit['branch']}" if visit else ""
    when += f" {visit['party_size']} people" if visit and visit["party_size"] else ""
    when += f" {callback['date']} {callback['from'] or ''}" if callback else ""
    reason = f" {said['reason']}" if said["reason"] else ""
    stopped = " contact stopped" if said["contact_stopped"] else ""
    ended = f"ends     > {said['outcome'] or said['state']}{reason}{when}{stopped}"
    tasks = [f"task     > {task['kind']}" for task in said["tasks"]]
    return [re.sub(r" +", " ", ended).replace("ends >", "ends     >").rstrip(), *tasks]


def _ahead(words: str) -> timedelta:
    match = LATER.match(words.strip())
    if match is None:
        raise ValueError(f"later > {words}: write 30m, 73h or 4d")
    return timedelta(**{UNITS[match[2]]: int(match[1])})
