"""Run a worker: the queue's loop and the sweep beside it, until told to stop."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Event, Thread

import procrastinate
import structlog
import uvloop

from outreach import queue
from outreach.model.columns import new_id
from outreach.model.database import plain_url
from outreach.runtime import Runtime
from outreach.worker import lists, sweep, tasks

log = structlog.get_logger()

CONCURRENCY = 4
"""Tasks at once; a turn waits for the bot most of its time."""
GRACE_SECONDS = 15
"""What a task may still take after a stop; up allows 20 for the whole process group."""
POLL_SECONDS = 1.0
"""How often the queue is looked at beside its notifications."""


def run(runtime: Runtime, queues: Sequence[str] = queue.QUEUES) -> None:
    """Work until SIGINT or SIGTERM."""
    app = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=plain_url(runtime.database_url)))
    tasks.register(app, runtime)
    stopped, worker = Event(), new_id()
    sweeping = Thread(target=sweep.run, args=(runtime, worker, stopped), name="sweep")
    listing = Thread(target=lists.run, args=(runtime.sessions, runtime.clock, stopped), name="lists")
    sweeping.start()
    listing.start()
    log.info("worker_started", worker=str(worker))
    try:
        uvloop.run(_work(app, str(worker), queues))
    finally:
        stopped.set()
        sweeping.join()
        listing.join()
        runtime.sender.close()
        log.info("worker_stopped", worker=str(worker))


async def _work(app: procrastinate.App, name: str, queues: Sequence[str]) -> None:
    async with app.open_async():
        await app.run_worker_async(
            queues=list(queues),
            name=name,
            concurrency=CONCURRENCY,
            fetch_job_polling_interval=POLL_SECONDS,
            shutdown_graceful_timeout=GRACE_SECONDS,
            delete_jobs=procrastinate.jobs.DeleteJobCondition.ALWAYS,
        )
