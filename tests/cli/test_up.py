"""What has to be true before the processes start."""

from __future__ import annotations

import socket

import pytest

from outreach.cli import up
from outreach.cli.output import Stop
from outreach.settings import Settings
from tests.running import free_ports


def settings(web: int, bot: int) -> Settings:
    console, actions, carrier = free_ports(3)
    return Settings(
        port=web, console_port=console, bot_url=f"http://127.0.0.1:{bot}",
        actions_url=f"http://127.0.0.1:{actions}/webhook", twilio_api_base=f"http://127.0.0.1:{carrier}",
    )  # fmt: skip


def test_a_port_on_which_another_program_listens_is_named_before_anything_starts():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        with pytest.raises(Stop, match=f"port {taken}.*OUTREACH_BOT_URL"):
            up.refuse_taken_ports(settings(*free_ports(1), taken), with_carrier=True)


def test_free_ports_are_fine():
    up.refuse_taken_ports(settings(*free_ports(2)), with_carrier=True)
