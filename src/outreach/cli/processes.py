"""The processes, each as one command; `up` starts them all."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Annotated
from urllib.parse import urlsplit

import typer

from outreach.cli import store
from outreach.cli.output import Stop
from outreach.places import ROOT
from outreach.settings import LOCAL_CARRIER_PORT

HOST = "127.0.0.1"
INBOUND_RETRIES = "#rc=2&rp=ct,rt,5xx"
"""Asks the carrier to try a webhook again when we answered 5xx or not at all (carrier.md 2)."""
BOT_PYTHON = ROOT / "bot" / ".venv" / "bin" / "python"

Queues = Annotated[str | None, typer.Option(help="Only these queues: answer,send,open,plan,settle,report.")]
Host = Annotated[str, typer.Option(help="Address to listen on.")]


def web(host: Host = HOST) -> None:
    """Serve the two doors: the carrier's webhooks and the bank's pages."""
    from outreach.web import serving  # noqa: PLC0415 - the servers are slow to import

    serving.serve(store.ready(), host)


def worker(queues: Queues = None) -> None:
    """Plan, send, answer and settle, until stopped."""
    from outreach import queue  # noqa: PLC0415
    from outreach.worker import loop  # noqa: PLC0415

    wanted = tuple(queues.split(",")) if queues else queue.QUEUES
    unknown = sorted(set(wanted) - set(queue.QUEUES))
    if unknown:
        raise Stop(f"--queues: {', '.join(unknown)} is not a queue; there are {', '.join(queue.QUEUES)}")
    loop.run(store.ready(), wanted)


def actions() -> None:
    """Serve the Rasa actions: script steps, times, answers. No database, no network."""
    port = urlsplit(store.build().settings.actions_url).port or 5055
    environment = {
        **os.environ,
        "SANIC_HOST": os.environ.get("SANIC_HOST", HOST),
        # It says at every request that it is newer than Rasa; tests/bot and tests/processes show that they agree.
        "PYTHONWARNINGS": "ignore::UserWarning:rasa_sdk.utils",
    }
    command = [sys.executable, "-m", "rasa_sdk", "--actions", "actions.actions", "--port", str(port)]
    _become([*command, "--endpoints", "bot/endpoints.yml"], environment)


def bot() -> None:
    """Serve Rasa: NLU and rules, on one internal channel."""
    if not BOT_PYTHON.exists():
        raise Stop("the bot's environment is missing; make it with: make setup")
    settings = store.build().settings
    subprocess.run([BOT_PYTHON, "-m", "bot.train"], cwd=ROOT, check=True)  # noqa: S603 - our own module
    environment = {**os.environ, "OUTREACH_SECRET": settings.secret or "", "OUTREACH_ACTIONS_URL": settings.actions_url}
    port = str(urlsplit(settings.bot_url).port or 5005)
    _become([str(BOT_PYTHON), "-m", "bot.serve", "--port", port, "--interface", HOST], environment)


def carrier() -> None:
    """Run the local carrier: Twilio's API for texts and calls on this machine, with handsets that answer."""
    runtime = store.build()
    settings = runtime.settings
    port = urlsplit(settings.api_base).port or LOCAL_CARRIER_PORT
    inbound = f"{settings.public_url}/twilio/sms/inbound{INBOUND_RETRIES}"
    environment = {
        **os.environ,
        "TWILIO_ACCOUNT_SID": settings.twilio_account_sid,
        "TWILIO_AUTH_TOKEN": settings.twilio_auth_token or "",
        "OUTREACH_SENDER": settings.sender,
    }
    command = [sys.executable, "-m", "local_carrier", "--host", HOST, "--port", str(port), "--inbound-url", inbound]
    command += ["--calls-per-second", str(runtime.house.bank.calling.calls_per_second)]
    _become(command, environment)


def _become(command: list[str], environment: dict[str, str]) -> None:
    """Replace this process, so that signals reach the server itself."""
    os.chdir(ROOT)
    os.execve(command[0], command, environment)  # noqa: S606 - our own commands, no shell
