"""Two workers' dispatch against one's, each a process with its own connections to one store and one carrier.

The carrier answers after 100 ms here, so that neither it nor the cores are the limit, only what a worker may have under
way at once; the line says how many cores there were.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time

from sqlmodel import func, select

from benchmarks.filled import FIRST, TOKEN, TUESDAY, fill, local_carrier
from outreach.campaigns.send import CONNECTIONS, Sender
from outreach.carrier.twilio import TwilioCarrier
from outreach.cli import scratch, store
from outreach.cli.stage import OUR_NUMBER
from outreach.clock import Anchor, Clock, machine_now
from outreach.model import Message, connect
from outreach.places import ROOT
from outreach.rules.delivery import MessageState
from outreach.settings import DEMO_ACCOUNT

TEXTS_EACH = 600
ANSWERS_AFTER = 0.1
LEAST = 1.7


def main() -> None:
    """Print one line."""
    runtime = store.build()
    with scratch.database(runtime.database_url) as url, local_carrier("--delivery-seconds", "600") as carrier:
        carrier.faults({"match": {"op": "create"}, "do": "delay", "seconds": ANSWERS_AFTER})
        sessions = connect(url)
        rates = {}
        for workers in (1, 2):
            fill(sessions, runtime.sealer, TEXTS_EACH * workers, FIRST + workers * 1_000_000)
            rates[workers] = _together(url, carrier.base, workers)
        with sessions.reading() as db:
            taken = select(func.count()).select_from(Message).where(Message.state == MessageState.ACCEPTED)
            assert db.exec(taken).one() == TEXTS_EACH * 3
        assert carrier.counters()["accepted_twice"] == 0
        sessions.engine.dispose()
    print(
        f"workers     one {rates[1]:,.0f} texts/s, two {rates[2]:,.0f}: {rates[2] / rates[1]:.2f} (at least {LEAST}); "
        f"{os.cpu_count()} cores, the carrier answers after {ANSWERS_AFTER * 1000:.0f} ms, {CONNECTIONS} connections a worker"
    )


def _together(url: str, base: str, workers: int) -> float:
    """Texts per second from the first one's start to the last one's end; importing is not counted."""
    command = [sys.executable, "-m", "benchmarks.workers", url, base]
    running = [
        subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(workers)
    ]
    for one in running:
        assert one.stdout.readline() == "ready\n"
    for one in running:
        one.stdin.write("go\n")
        one.stdin.flush()
    told = [json.loads(one.stdout.readline()) for one in running]
    for one in running:
        one.wait(timeout=60)
    return sum(one["sent"] for one in told) / (max(one["ended"] for one in told) - min(one["began"] for one in told))


def _work(url: str, base: str) -> None:
    """What a child does: send until nothing waits."""
    runtime = store.build()
    sessions = connect(url)
    carrier = TwilioCarrier(DEMO_ACCOUNT, DEMO_ACCOUNT, TOKEN, pool=CONNECTIONS, api_base=base)
    sender = Sender(
        sessions, carrier, Clock.fixed(Anchor(machine_now(), TUESDAY)), runtime.house, runtime.sealer, OUR_NUMBER,
        lambda message: f"http://127.0.0.1:9/{message}", str,
    )  # fmt: skip
    print("ready", flush=True)
    sys.stdin.readline()
    began = time.time()
    sent = sender.send_queued()
    print(json.dumps({"sent": sent, "began": began, "ended": time.time()}), flush=True)
    sender.close()


if __name__ == "__main__":
    import logging

    import structlog

    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    _work(sys.argv[1], sys.argv[2])
