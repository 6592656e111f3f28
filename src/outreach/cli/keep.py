"""Keep one process running: started again when it dies, stopped whole when told to.

`up` puts it in front of every process, because its supervisor ends everything when one process ends.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from types import FrameType

GRACE_SECONDS = 20
AGAIN_SECONDS = (1, 2, 5, 10)
LONG_ENOUGH_SECONDS = 60
"""A process that ran this long starts over at the shortest pause."""


class Kept:
    """A process and the wish that it should run."""

    def __init__(self, command: list[str]) -> None:
        self._command = command
        self._child: subprocess.Popen[bytes] | None = None
        self._stopping = False

    def run(self) -> int:
        """Run until told to stop; the exit code of the last run."""
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, self._stop)
        deaths = 0
        while True:
            started = time.monotonic()
            # A group of its own: a stop goes to the server alone, which ends its own children in order.
            self._child = subprocess.Popen(self._command, start_new_session=True)  # noqa: S603 - what up gave us
            code = self._wait()
            if self._stopping:
                return 0
            deaths = 0 if time.monotonic() - started > LONG_ENOUGH_SECONDS else deaths + 1
            pause = AGAIN_SECONDS[min(deaths, len(AGAIN_SECONDS) - 1)]
            print(f"ended with {code}; started again in {pause} s", flush=True)  # noqa: T201 - the supervisor's log
            time.sleep(pause)
            if self._stopping:
                return 0

    def _wait(self) -> int:
        child = self._child
        if child is None:
            return 0
        while True:
            try:
                return child.wait(timeout=0.5)
            except subprocess.TimeoutExpired:
                if self._stopping and time.monotonic() > self._deadline:
                    os.killpg(child.pid, signal.SIGKILL)

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self._stopping = True
        self._deadline = time.monotonic() + GRACE_SECONDS
        if self._child is not None and self._child.poll() is None:
            self._child.terminate()


if __name__ == "__main__":
    sys.exit(Kept(sys.argv[1:]).run())
