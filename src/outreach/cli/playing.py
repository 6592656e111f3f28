"""Play the customer in the terminal: type texts, or take a call with its silences and keys."""

from __future__ import annotations

import re
from uuid import UUID

import typer

from outreach.cli.output import Stop, console
from outreach.cli.stage import Stage
from outreach.cli.stage_call import CallOnStage

KEY = re.compile(r"按?([0-9*#])")
HANG_UP = "挂断"

Inputs = list[tuple[str, str]]
"""What was done, as transcripts write it: [("customer", "方便"), ("key", "9")]."""


def texts(stage: Stage, script: str) -> Inputs:
    """Answer texts until an empty line."""
    conversation = _contacted(stage, script, "sms")
    _show("银行", stage.sent())
    inputs: Inputs = []
    while said := typer.prompt("客户", default="", show_default=False).strip():
        before = len(stage.sent())
        stage.hears(said)
        inputs.append(("customer", said))
        _show("银行", stage.sent()[before:])
    _show_end(stage, conversation)
    return inputs


def call(stage: Stage, script: str) -> Inputs:
    """Take a call and talk until it is over."""
    conversation = _contacted(stage, script, "voice")
    talk = CallOnStage(stage, conversation)
    _show("银行", talk.picks_up())
    inputs: Inputs = []
    while not talk.over:
        said = typer.prompt("客户", default="", show_default=False).strip()
        if said == HANG_UP:
            inputs.append(("call", "hangs_up"))
            talk.ends()
        elif key := KEY.fullmatch(said):
            inputs.append(("key", key[1]))
            _show("银行", talk.says(digits=key[1]))
        else:
            inputs.append(("customer", said) if said else ("silent", ""))
            _show("银行", talk.says(said))
    _show("短信", stage.sent())
    _show_end(stage, conversation)
    return inputs


def _contacted(stage: Stage, script: str, channel: str) -> UUID:
    made = stage.contact(script, channel=channel)
    if made.conversation is None:
        raise Stop(f"not permitted: {made.reason}")
    return made.conversation


def _show(who: str, lines: list[str]) -> None:
    for line in lines:
        console.print(f"{who} {line}")


def _show_end(stage: Stage, conversation: UUID) -> None:
    ended = stage.shows(conversation)
    console.print(f"{ended['state']} {ended['outcome'] or ''}")
