"""Run the benchmarks named on the command line, or all: `python -m benchmarks [import] [planning] [turns] [bot] [calls] [console]`."""

from __future__ import annotations

import logging
import sys

import structlog

from benchmarks import bot, calls, console, customer_import, dispatch, due, inbound, planning, turns, workers

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


def main() -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))  # only the figures
    for name in sys.argv[1:] or KNOWN:
        KNOWN[name]()


if __name__ == "__main__":
    main()
