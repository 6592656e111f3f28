"""Run the parts named on the command line, or all: `python -m evaluation [reading] [alternatives] [candidate]`."""

from __future__ import annotations

import sys

from evaluation import alternatives, candidate, reading

PARTS = {"reading": reading.main, "alternatives": alternatives.main, "candidate": candidate.main}


def main() -> None:
    wanted = sys.argv[1:] or list(PARTS)
    if unknown := [name for name in wanted if name not in PARTS]:
        sys.exit(f"no part {', '.join(unknown)}; there are: {', '.join(PARTS)}")
    for name in wanted:
        PARTS[name]()


if __name__ == "__main__":
    main()
