"""What the processes log: lines for people at a terminal, one JSON object a line wherever else it goes."""

from __future__ import annotations

import json
import logging
import os
import sys
from datetime import UTC, datetime
from typing import Any, TextIO

import structlog
from structlog.typing import Processor

JSON, TEXT = "json", "text"
VARIABLE = "OUTREACH_LOG"
"""Says which of the two, where it is not to be told from the terminal: `up` says it to the processes it starts."""


def kind(stream: TextIO) -> str:
    """How to log to a stream."""
    asked = os.environ.get(VARIABLE)
    return asked if asked in {JSON, TEXT} else TEXT if stream.isatty() else JSON


def of_a_command() -> None:
    """A command prints an answer; it logs only what it has to warn of."""
    structlog.configure(
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
    )


def of_a_process() -> None:
    """A process logs what it did. Libraries' own warnings go the same way; no traceback shows what variables held."""
    as_json = kind(sys.stderr) == JSON
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=as_json),
    ]
    last: list[Processor]
    if as_json:
        last = [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)]
    else:
        last = [structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]
    structlog.configure(
        processors=[*shared, *last],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
    )
    if as_json:
        libraries = logging.StreamHandler(sys.stderr)
        remove = structlog.stdlib.ProcessorFormatter.remove_processors_meta
        name = structlog.stdlib.add_logger_name
        libraries.setFormatter(
            structlog.stdlib.ProcessorFormatter(foreign_pre_chain=[*shared, name], processors=[remove, *last])
        )
        logging.basicConfig(handlers=[libraries], level=logging.WARNING)


class JsonLines:
    """The printer of a supervisor: what a process logs as JSON goes on with its name, what others say becomes JSON."""

    def __init__(self, output: TextIO) -> None:
        self._output = output
        self.width = 0

    def write(self, message: Any) -> None:
        """Print what a process said."""
        data = message.data
        text = data.decode("utf-8", "replace") if isinstance(data, bytes) else data
        for line in text.splitlines():
            self.say(message.name, **_read(line))

    def say(self, process: str | None, **said: Any) -> None:
        """Print one object."""
        now = datetime.now(UTC).isoformat().replace("+00:00", "Z")
        whole = {"timestamp": now, "process": process or "up", **said}
        print(json.dumps(whole, ensure_ascii=False), file=self._output, flush=True)


def _read(line: str) -> dict[str, Any]:
    try:
        said = json.loads(line)
    except ValueError:
        said = None
    return said if isinstance(said, dict) else {"event": "said", "line": line}
