"""Keeps customers' words out of the logs."""

from __future__ import annotations

import logging
from typing import Any


def hush() -> None:
    """Log failures by type and place, without their message or traceback.

    Rasa logs what the action server answered when it failed, and that answer repeats the request: words, names, facts.
    Set on the record factory, so that it holds whichever handlers Rasa or an operator configures.
    """
    make = logging.getLogRecordFactory()
    if getattr(make, "hushes", False):
        return

    def without_words(*args: Any, **kwargs: Any) -> logging.LogRecord:
        record = make(*args, **kwargs)
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            record.msg = f"{record.getMessage()} ({_chain(error)})"
            record.args = ()
            record.exc_info = None
        return record

    without_words.hushes = True  # type: ignore[attr-defined]
    logging.setLogRecordFactory(without_words)


def _chain(error: BaseException) -> str:
    names = []
    cause: BaseException | None = error
    while cause is not None:
        names.append(type(cause).__name__ + _place(cause))
        cause = cause.__cause__ or cause.__context__
    return " from ".join(names)


def _place(error: BaseException) -> str:
    frame = error.__traceback__
    if frame is None:
        return ""
    while frame.tb_next is not None:
        frame = frame.tb_next
    code = frame.tb_frame.f_code
    return f" at {code.co_filename.rsplit('/', 1)[-1]}:{frame.tb_lineno}"
