"""`outreach contact`: reach one customer now."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer

from outreach import queue
from outreach.campaigns.contact import BadContact, Contacted
from outreach.campaigns.contact import contact as reach
from outreach.cli import store
from outreach.cli.output import AsJson, Stop, console, print_json
from outreach.model.liveness import worker_alive
from outreach.rules.channel import Channel

NO_WORKER = 3
REFUSED = 4


def contact(
    phone: Annotated[str, typer.Option(help="The number, as +8613800138000.")],
    script: Annotated[str, typer.Option(help="A published script: outreach scripts versions NAME.")],
    channel: Annotated[Channel, typer.Option(help="sms or voice.")] = Channel.SMS,
    customer: Annotated[str, typer.Option(help='What is known, as JSON: {"name":"王芳","gender":"f", …}.')] = "{}",
    offer: Annotated[str, typer.Option(help="The offer as JSON; the script's sample where left out.")] = "{}",
    as_json: AsJson = False,
) -> None:
    """Contact one customer now, creating the record if needed. Exit 3 without a worker, 4 when a rule refuses."""
    about, offered = _mapping("--customer", customer), _mapping("--offer", offer)
    runtime = store.opened()
    with runtime.sessions.reading() as db:
        at_work = worker_alive(db)
    if not at_work:
        raise Stop("no worker is running, so nothing would be sent; start it with: outreach up", NO_WORKER)
    try:
        with runtime.sessions.begin() as db:
            result = reach(
                db,
                runtime.house,
                runtime.sealer,
                runtime.clock.now(),
                phone=phone,
                script=script,
                channel=channel,
                about=about,
                offer={str(key): str(value) for key, value in offered.items()},
            )
    except BadContact as error:
        raise Stop(str(error)) from None
    if result.conversation is not None:
        runtime.queue.defer(queue.SEND)
    _print(result, as_json)
    if result.conversation is None:
        raise typer.Exit(REFUSED)


def _print(result: Contacted, as_json: bool) -> None:
    if result.conversation is not None:
        said: dict[str, Any] = {"conversation": result.conversation, "attempt": result.attempt}
    else:
        said = {
            "conversation": None,
            "attempt": result.attempt,
            "outcome": "not_permitted",
            "reason": result.reason,
            "until": result.until,
        }
    if as_json:
        print_json(said)
    elif result.conversation is not None:
        console.print(
            f"conversation {result.conversation}; read it with: outreach conversations show {result.conversation}"
        )
    else:
        until = f", not before {result.until.isoformat()}" if result.until else ""
        console.print(f"not permitted: {result.reason}{until}")


def _mapping(option: str, text: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        raise Stop(f"{option} is not JSON: {error.msg} at character {error.pos + 1}") from None
    if not isinstance(value, dict):
        raise Stop(f'{option} is not a JSON object; write {{"name": "王芳"}}')
    return value
