"""The real processes, started once per session on ports of their own."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from outreach.model import embedded
from outreach.places import ROOT

START_SECONDS = 400
"""The first start trains the model."""
STOP_SECONDS = 40
LOG = ROOT / "build" / "up.log"
"""What the processes said, for whoever wonders why a test failed."""


@dataclass(frozen=True)
class Running:
    """`outreach up`, and how to reach it."""

    environment: dict[str, str]
    folder: Path
    process: subprocess.Popen[bytes]

    @property
    def web(self) -> str:
        return f"http://127.0.0.1:{self.environment['OUTREACH_PORT']}"

    @property
    def carrier(self) -> str:
        return self.environment["TWILIO_API_BASE"]

    def database_url(self) -> str:
        """The store's address."""
        return embedded.start(self.folder)

    def outreach(self, *words: str, code: int = 0, patience: float = 120) -> str:
        """Run a command and give what it printed."""
        ran = subprocess.run(
            [sys.executable, "-m", "outreach", *words],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            timeout=patience,
            check=False,
        )
        assert ran.returncode == code, ran.stdout.decode() + ran.stderr.decode()
        return ran.stdout.decode()

    def read(self, *words: str, code: int = 0) -> Any:
        """Run a command with --json."""
        return json.loads(self.outreach(*words, "--json", code=code))

    def types(self, phone: str, words: str) -> None:
        """Type an answer on a handset by hand."""
        answer = httpx.post(f"{self.carrier}/control/handsets/{phone}/messages", json={"body": words}, timeout=10)
        answer.raise_for_status()

    def silence(self, phone: str) -> None:
        """Take a handset in hand, so that nobody answers by itself."""
        httpx.put(f"{self.carrier}/control/handsets/{phone}/hand", json={"taken": True}, timeout=10).raise_for_status()

    def until(self, conversation: str, true: Callable[[dict[str, Any]], bool], seconds: float = 30) -> dict[str, Any]:
        """The conversation as soon as something is true of it."""
        deadline = time.monotonic() + seconds
        while True:
            said = self.read("conversations", "show", conversation)
            if true(said):
                return said
            assert time.monotonic() < deadline, said
            time.sleep(0.3)


@pytest.fixture(scope="session")
def running() -> Iterator[Running]:
    with started() as built:
        yield built


@contextmanager
def started() -> Iterator[Running]:
    """`outreach up` in a folder of its own, stopped whole at the end."""
    folder = Path(tempfile.mkdtemp(prefix="outreach-up-"))
    ports = free_ports(5)
    environment = {
        **{key: value for key, value in os.environ.items() if not key.startswith(("OUTREACH_", "TWILIO_"))},
        "COLUMNS": "160",  # tables are as wide as a person's window
        "OUTREACH_DATA_DIR": str(folder),
        "OUTREACH_PORT": str(ports[0]),
        "OUTREACH_CONSOLE_PORT": str(ports[1]),
        "OUTREACH_BOT_URL": f"http://127.0.0.1:{ports[2]}",
        "OUTREACH_ACTIONS_URL": f"http://127.0.0.1:{ports[3]}/webhook",
        "TWILIO_API_BASE": f"http://127.0.0.1:{ports[4]}",
        "OUTREACH_CLOCK_START": "2026-11-24T09:30:00+08:00",
        "OUTREACH_CALLS_PER_SECOND": "25",
        "OUTREACH_CALLS_AT_ONCE": "50",
    }
    log = (folder / "up.log").open("wb")
    process = subprocess.Popen(
        [sys.executable, "-m", "outreach", "up"],
        cwd=ROOT,
        env=environment,
        stdout=log,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    built = Running(environment, folder, process)
    try:
        _await(built)
        yield built
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=STOP_SECONDS)
        log.close()
        LOG.parent.mkdir(exist_ok=True)
        shutil.copy(folder / "up.log", LOG)
        shutil.rmtree(folder, ignore_errors=True)


def _await(built: Running) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        assert built.process.poll() is None, (built.folder / "up.log").read_text(errors="replace")[-3000:]
        try:
            if httpx.get(f"{built.web}/health", timeout=5).is_success:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.5)
    raise AssertionError((built.folder / "up.log").read_text(errors="replace")[-3000:])


def free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports
