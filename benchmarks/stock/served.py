"""Stock Rasa as it is served: its own server and an action server, one process each."""

from __future__ import annotations

import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from benchmarks.figures import Turn
from benchmarks.sentences import SENTENCES
from benchmarks.stock import project
from outreach.cli.processes import BOT_PYTHON
from outreach.places import ROOT
from tests.running import free_ports

START_SECONDS = 900


@contextmanager
def serving(database_url: str) -> Iterator[Turn]:
    """One turn of stock Rasa over its REST channel: its tracker store makes it durable."""
    port, actions_port = free_ports(2)
    folder = project.prepare(database_url, actions_port)
    commands = (
        ([sys.executable, "-m", "rasa_sdk", "--actions", "benchmarks.stock.actions", "--port", str(actions_port)], ROOT),
        (
            [BOT_PYTHON, "-m", "rasa", "run", "-i", "127.0.0.1", "-p", str(port), "--model", "models/stock.tar.gz",
             "--endpoints", "endpoints.yml", "--credentials", "credentials.yml"],
            folder,
        ),
    )  # fmt: skip
    environment = {**project.ENVIRONMENT, "SANIC_HOST": "127.0.0.1", "PYTHONPATH": str(ROOT)}
    processes = [
        subprocess.Popen(command, cwd=cwd, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for command, cwd in commands
    ]
    client = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60, trust_env=False)
    taken: Counter[int] = Counter()

    def turn(number: int) -> None:
        # A conversation of eight turns, then a new customer, as ours are; no two clients share one.
        talk, said = divmod(taken[number], len(SENTENCES))
        taken[number] += 1
        asked = {"sender": f"customer{number}-{talk}", "message": SENTENCES[said]}
        answer = client.post("/webhooks/rest/webhook", json=asked)
        answer.raise_for_status()
        if not answer.json():
            raise RuntimeError("stock Rasa gave no answer")

    try:
        _await(client, processes)
        yield turn
    finally:
        client.close()
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(timeout=30)


def _await(client: httpx.Client, processes: list[subprocess.Popen[bytes]]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if any(process.poll() is not None for process in processes):
            raise RuntimeError("stock Rasa did not start")
        try:
            if client.post("/webhooks/rest/webhook", json={"sender": "x", "message": "你好"}).json():
                return
        except (httpx.HTTPError, ValueError):
            pass
        time.sleep(1)
    raise RuntimeError("stock Rasa was not ready in time")
