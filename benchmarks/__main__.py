"""Run the benchmarks named on the command line, or all: `python -m benchmarks [import] [planning] [turns] [console]`."""

from __future__ import annotations

import sys

from benchmarks import console, customer_import, planning, turns

KNOWN = {"import": customer_import.main, "planning": planning.main, "turns": turns.main, "console": console.main}


def main() -> None:
    for name in sys.argv[1:] or KNOWN:
        KNOWN[name]()


if __name__ == "__main__":
    main()
