"""End as on Ctrl-C when told otherwise, too: by `kill`, or by a terminal that was closed. What was begun is stopped then."""

from __future__ import annotations

import os
import signal
from types import FrameType


def with_the_terminal() -> None:
    """Take a closed terminal for SIGTERM; not where somebody said `nohup`."""
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        signal.signal(signal.SIGHUP, lambda _number, _frame: os.kill(os.getpid(), signal.SIGTERM))


def as_interrupt() -> None:
    """Take SIGTERM, and a closed terminal, for Ctrl-C."""
    signal.signal(signal.SIGTERM, _interrupt)
    with_the_terminal()


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
