"""Run the parts named on the command line, or all: `python -m evaluation [reading] [talk] [alternatives] [candidate]`."""

from __future__ import annotations

import sys

from evaluation import alternatives, candidate, reading
from evaluation.talk import report as talk

PARTS = {"reading": reading.main, "talk": talk.main, "alternatives": alternatives.main, "candidate": candidate.main}
ALONE = {"product": reading.product}
"""What a part prints already, for those who want less."""


def main() -> None:
    wanted = sys.argv[1:] or list(PARTS)
    known = PARTS | ALONE
    if unknown := [name for name in wanted if name not in known]:
        sys.exit(f"no part {', '.join(unknown)}; there are: {', '.join(known)}")
    for name in wanted:
        known[name]()


if __name__ == "__main__":
    main()
