"""Whoever ends us, and however: what was begun is stopped."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

WAITS = """
import signal, time
from outreach.cli import ending
{before}
ending.{way}()
try:
    print("ready", flush=True)
    time.sleep(60)
except KeyboardInterrupt:
    print("stopped", flush=True)
"""


def ended(way: str, number: signal.Signals) -> tuple[str, int]:
    script = WAITS.format(way=way, before="")
    running = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert running.stdout.readline() == "ready\n"
    running.send_signal(number)
    said, _ = running.communicate(timeout=60)
    return said, running.returncode


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_the_demo_stops_what_it_began_however_it_is_ended(number):
    assert ended("as_interrupt", number) == ("stopped\n", 0)


def test_a_closed_terminal_ends_up_as_sigterm_does():
    assert ended("with_the_terminal", signal.SIGHUP) == ("", -signal.SIGTERM)


def test_nohup_is_respected():
    running = WAITS.format(way="with_the_terminal", before="signal.signal(signal.SIGHUP, signal.SIG_IGN)")
    script = running.replace("time.sleep(60)", "import os; os.kill(os.getpid(), signal.SIGHUP); print('goes on')")
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ran.stdout == "ready\ngoes on\n"
