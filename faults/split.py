"""A network that splits between a worker and the database, again and again: what it held, another takes over, once."""

from __future__ import annotations

import os
import signal
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from unittest import mock

from sqlalchemy.engine import make_url

from benchmarks.filled import fill
from faults.place import Place, forked, kill, moments, states, to_the_end, worker
from faults.sizes import SPLIT_TEXTS, SPLITS
from outreach.campaigns import claim

LEASE_SECONDS = 5
"""Instead of a minute, so that a split outlasts it."""
SPLIT_SECONDS = 8
SOCKET = ".s.PGSQL.5432"
LONGEST_SECONDS = 300


def splits(here: Place) -> list[str]:
    """F19: one worker behind a wire that goes dead with everything it holds, one beside it that takes over."""
    sessions = here.sessions()
    fill(sessions, here.sealer(), SPLIT_TEXTS)
    here.carrier.faults({"match": {"op": "create"}, "do": "delay", "seconds": 0.3})
    real = Path(make_url(here.url).query["host"])  # type: ignore[arg-type]
    wire = here.folder / "wire"
    wire.mkdir()
    behind = replace(here, url=here.url.replace(str(real), str(wire)))
    moment, split = moments(0.3, 1.5), 0
    with mock.patch.object(claim, "LEASE_SECONDS", LEASE_SECONDS):
        pids = [forked(_wire(real / SOCKET, wire / SOCKET))]
        while not (wire / SOCKET).exists():
            time.sleep(0.05)
        pids += [forked(worker(behind)), forked(worker(here))]
        while split < SPLITS and any(states(sessions).get(state) for state in ("queued", "claimed")):
            time.sleep(next(moment))
            os.kill(pids[0], signal.SIGSTOP)
            time.sleep(SPLIT_SECONDS)
            os.kill(pids[0], signal.SIGCONT)
            split += 1
        for pid in reversed(pids):
            kill(pid)
    left = to_the_end(here, sessions, LONGEST_SECONDS)
    sessions.engine.dispose()
    return [
        f"F19 {here.carrier.counters()['accepted_twice']} texts sent twice of {SPLIT_TEXTS:,}, {left} undecided (promised 0), after "
        f"{split} splits of {SPLIT_SECONDS} s between a worker and the database, each longer than its lease"
    ]


def _wire(real: Path, ours: Path) -> Callable[[], None]:
    """What carries bytes between them; stopped, it swallows none and passes none on, as a dead network does."""

    def carry(source: socket.socket, target: socket.socket) -> None:
        try:
            while data := source.recv(65536):
                target.sendall(data)
        except OSError:
            pass
        finally:
            target.close()

    def work() -> None:
        listening = socket.socket(socket.AF_UNIX)
        listening.bind(str(ours))
        listening.listen(64)
        while True:
            near, _ = listening.accept()
            far = socket.socket(socket.AF_UNIX)
            far.connect(str(real))
            for ends in ((near, far), (far, near)):
                threading.Thread(target=carry, args=ends, daemon=True).start()

    return work
