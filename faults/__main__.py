"""Run the faults named on the command line, or all, and print what was promised beside what was reached.

python -m faults [kills] [throttled] [split] [stop] [opt_outs] [webhooks] [windows] [machine] [upgrade] [again]

FAULTS_FULL=1 makes it as long as the promises name; faults/sizes.py says what can be set alone.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable

from faults import again, sending, sizes, split, upgrade, webhooks, windows
from faults.place import Place, place
from outreach.places import ROOT


def machine(_: Place) -> list[str]:
    """P2 to P5 over every order of plan, claim, send, crash, report, stop, pause and time."""
    environment = {**os.environ, "FAULTS_EXAMPLES": str(sizes.EXAMPLES), "FAULTS_STEPS": "40"}
    command = [sys.executable, "-m", "pytest", "-q", "tests/faults/test_state_machine.py"]
    ran = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    held = (
        "held" if ran.returncode == 0 else "BROKEN: " + " ".join(re.findall(r"^E +(.*)", ran.stdout, re.MULTILINE)[:2])
    )
    return [f"P2 to P5 in any order of events: {held}, {sizes.EXAMPLES} runs of up to 40 steps"]


KNOWN: dict[str, Callable[[Place], list[str]]] = {
    "kills": sending.kills,
    "throttled": sending.no_line,
    "split": split.splits,
    "stop": sending.stop,
    "opt_outs": sending.opt_outs,
    "webhooks": webhooks.kills,
    "windows": windows.edges,
    "machine": machine,
    "upgrade": upgrade.upgrade,
    "again": again.two_weeks,
}


def main() -> None:
    began = time.monotonic()
    with place() as here:
        for name in sys.argv[1:] or KNOWN:
            here.empty()
            try:
                lines = KNOWN[name](here)
            except Exception as error:  # noqa: BLE001 - the others are still worth knowing
                lines = [f"{name} BROKE OFF: {type(error).__name__}: {error}"]
            for line in lines:
                print(line, flush=True)
    print("P6  and P7: make bench (inbound, due; turns for calls)")
    print(f"{(time.monotonic() - began) / 60:.1f} minutes on {os.cpu_count()} cores")


if __name__ == "__main__":
    main()
