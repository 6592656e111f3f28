"""Run the benchmarks named on the command line, or all; `KNOWN` names them: `python -m benchmarks dispatch workers due`."""

from __future__ import annotations

import sys
from contextlib import redirect_stderr

from benchmarks import bot, calls, console, customer_import, dispatch, due, inbound, planning, turns, workers
from outreach.cli import logs
from outreach.places import ROOT

KNOWN = {
    "import": customer_import.main,
    "planning": planning.main,
    "turns": turns.main,
    "bot": bot.main,
    "calls": calls.main,
    "dispatch": dispatch.main,
    "due": due.main,
    "inbound": inbound.main,
    "workers": workers.main,
    "console": console.main,
}


LOG = ROOT / "build" / "bench.log"


def main() -> None:
    """Print figures only; what is measured logs as it does in use, to a file."""
    LOG.parent.mkdir(exist_ok=True)
    with LOG.open("w", encoding="utf-8") as log, redirect_stderr(log):
        logs.of_a_process()
        _run()


def _run() -> None:
    for name in sys.argv[1:] or KNOWN:
        KNOWN[name]()


if __name__ == "__main__":
    main()
