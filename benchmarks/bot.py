"""The bot as a process: seconds until it answers, and its memory as turns go by."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from benchmarks.turns import asking
from outreach.cli.processes import BOT_PYTHON
from outreach.dialogue.rasa import RasaDialogue
from outreach.places import ROOT
from tests.running import free_ports

MOST_SECONDS, MOST_MB = 20, 750
COUNTED = (100, 1_000, 10_000)
START_SECONDS = 300
SECRET = "bench"


def main() -> None:
    """Print one line of each."""
    subprocess.run([BOT_PYTHON, "-m", "bot.train"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    with _serving() as (process, dialogue, seconds):
        print(f"bot: answers {seconds:.1f} s after it was started (at most {MOST_SECONDS})", flush=True)
        ask, asked, sizes = asking(dialogue), 0, []
        for count in COUNTED:
            while asked < count:
                ask(0)
                asked += 1
            sizes.append(f"{_resident_mb(process.pid):.0f} MB after {count:,}")
        print(f"bot: {', '.join(sizes)} turns (at most {MOST_MB}, and flat)", flush=True)


@contextmanager
def _serving() -> Iterator[tuple[subprocess.Popen[bytes], RasaDialogue, float]]:
    """Our bot and its action server, and how long the bot took to start."""
    port, actions_port = free_ports(2)
    environment = {
        **os.environ,
        "OUTREACH_SECRET": SECRET,
        "OUTREACH_ACTIONS_URL": f"http://127.0.0.1:{actions_port}/webhook",
        "OUTREACH_BOT_URL": f"http://127.0.0.1:{port}",
    }
    actions = subprocess.Popen([sys.executable, "-m", "outreach", "actions"], cwd=ROOT, env=environment)
    _await(f"http://127.0.0.1:{actions_port}/health", actions)
    begun = time.perf_counter()
    bot = subprocess.Popen([BOT_PYTHON, "-m", "bot.serve", "--port", str(port)], cwd=ROOT, env=environment)
    dialogue = RasaDialogue(f"http://127.0.0.1:{port}", SECRET)
    try:
        _await(f"http://127.0.0.1:{port}/webhooks/core/health", bot)
        yield bot, dialogue, time.perf_counter() - begun
    finally:
        dialogue.close()
        for process in (bot, actions):
            process.terminate()
        for process in (bot, actions):
            process.wait(timeout=30)


def _await(address: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"{process.args} ended")
        try:
            if httpx.get(address, timeout=5, trust_env=False).is_success:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.05)
    raise RuntimeError(f"{process.args} was not ready in time")


def _resident_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int(status.split("VmRSS:")[1].split()[0]) / 1024
