"""Wake workers: tasks are deferred by name and carry ids only. Losing or doubling one changes nothing."""

from __future__ import annotations

from typing import Any

import procrastinate
import structlog
from procrastinate.exceptions import AlreadyEnqueued

log = structlog.get_logger()

ANSWER = "answer"
SEND = "send"
OPEN = "open"
PLAN = "plan"
SETTLE = "settle"
REPORT = "report"
QUEUES = (ANSWER, SEND, OPEN, PLAN, SETTLE, REPORT)
"""Each task has the queue of its name, so that a machine can be given some of them."""


class Queue:
    """Defers tasks. Never raises: what it should have woken is found by the sweep over the rows."""

    def __init__(self, url: str) -> None:
        self._app = procrastinate.App(connector=procrastinate.SyncPsycopgConnector(conninfo=url))
        self._app.open()

    def defer(self, task: str, key: str = "", **ids: str) -> None:
        """Ask for a task; while one with the same key waits, another is not added."""
        try:
            self._app.configure_task(task, queue=task, queueing_lock=f"{task}:{key}").defer(**ids)
        except AlreadyEnqueued:
            pass
        except Exception as error:  # noqa: BLE001 - the rows are the truth; the sweep wakes what this did not
            log.warning("not_deferred", task=task, error=type(error).__name__)

    def close(self) -> None:
        """Let the connections go."""
        self._app.close()


class NoQueue:
    """A queue for tests and scratch stores: what is deferred is only noted."""

    def __init__(self) -> None:
        self.deferred: list[tuple[str, dict[str, Any]]] = []

    def defer(self, task: str, key: str = "", **ids: str) -> None:  # noqa: ARG002
        """Note the task."""
        self.deferred.append((task, ids))

    def close(self) -> None:
        """Do nothing."""
