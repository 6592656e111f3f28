"""What jionlp makes of a phrase that is known to name a date or a length of time.

It is given such phrases only, never a whole message: it takes seconds over long ones and reads amounts as times. It is
imported late, because that takes a second, and one thread at a time may use it, because its parser keeps its work
in itself.
"""

from __future__ import annotations

import contextlib
import io
import warnings
from datetime import datetime
from functools import cache
from threading import Lock
from typing import Any

_ONE_AT_A_TIME = Lock()


def begins(phrase: str, base: datetime) -> datetime | None:
    """The first moment of what a phrase names, seen from a base time; None where jionlp cannot tell."""
    seen_from = {name: getattr(base, name) for name in ("year", "month", "day", "hour", "minute", "second")}
    try:
        with _ONE_AT_A_TIME:
            found = _parser()(phrase, time_base=seen_from)
        return datetime.fromisoformat(found["time"][0])
    except Exception:  # noqa: BLE001 - it raises whatever it likes on odd input; that it cannot tell is an answer
        return None


@cache
def _parser() -> Any:
    # Its banner would end up in what a command prints, and its warnings are not ours to repair.
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        import jionlp

        return jionlp.parse_time
