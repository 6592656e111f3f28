"""The campaign store's connection: one engine, sessions that begin and end around one thing done."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import psycopg
from sqlalchemy import Engine, create_engine, event, func, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry, NullPool
from sqlmodel import Session

POOL = 10
OVERFLOW = 20
REST_SECONDS = 0.5
"""A database takes longer than this to start again, so what was used since is asked nothing before its next use."""
USED = "used"
STATEMENT_SECONDS = 60
"""Longer than any statement of the product but an import or a plan, which raise it for themselves."""


class Sessions:
    """Makes sessions. `reading()` ends without a trace, `begin()` commits or rolls back as one."""

    def __init__(self, engine: Engine, apart: Engine) -> None:
        self.engine, self._apart = engine, apart

    @contextmanager
    def begin(self) -> Iterator[Session]:
        """A transaction: committed at the end, rolled back on any error."""
        with Session(self.engine, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def alone(self, job: str) -> Iterator[bool]:
        """Whether nobody else, on any machine, does this job now; it stays so until the end, or until this process dies."""
        with self.engine.connect() as connection:
            # By hand, because the lock outlives transactions: no transaction is open while the job is done.
            held = bool(
                connection.execute(
                    text("SELECT pg_try_advisory_lock(hashtextextended(:job, 0))"), {"job": job}
                ).scalar()
            )
            connection.commit()
            try:
                yield held
            finally:
                if held:
                    connection.execute(text("SELECT pg_advisory_unlock(hashtextextended(:job, 0))"), {"job": job})
                    connection.commit()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session for reading only."""
        with Session(self.engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def glance(self) -> Iterator[Session]:
        """A session for a single question: one journey to the store instead of three. What it wrote would stay."""
        with Session(self.engine.execution_options(isolation_level="AUTOCOMMIT"), expire_on_commit=False) as session:
            yield session

    @contextmanager
    def apart(self) -> Iterator[Session]:
        """A session on a connection of its own, made for it: for what is asked while others hold all that are shared."""
        with Session(self._apart, expire_on_commit=False) as session:
            yield session


def database_now(db: Session) -> datetime:
    """The database's own time: what leases and paces go by, since the clocks of workers may differ."""
    now: datetime = db.execute(select(func.clock_timestamp())).scalar_one()
    return now.astimezone(UTC)


def connect(url: str) -> Sessions:
    """Open the store. Nothing is sent until the first statement."""
    engine = _engine(url, pool_size=POOL, max_overflow=OVERFLOW, pool_timeout=5)
    event.listen(engine, "checkin", _note_use)
    event.listen(engine, "checkout", _still_there)
    return Sessions(engine, _engine(url, poolclass=NullPool))


def _engine(url: str, **pool: Any) -> Engine:
    engine = create_engine(
        driver_url(url),
        hide_parameters=True,  # an error quotes the statement, which may end in a log; never what was in it
        connect_args={"connect_timeout": 5, "application_name": "outreach"},
        **pool,
    )
    event.listen(engine, "connect", _in_utc)
    return engine


def driver_url(url: str) -> str:
    """The address with the driver we use, whatever spelling it came in."""
    return make_url(url).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)


def plain_url(url: str) -> str:
    """The address as libpq reads it."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def _note_use(_connection: object, record: ConnectionPoolEntry) -> None:
    record.info[USED] = time.monotonic()


def _still_there(connection: Any, record: ConnectionPoolEntry, _proxy: object) -> None:
    """Ask a connection whether its server still knows it, before it is used after a rest; the pool then makes a new one."""
    if time.monotonic() - record.info.get(USED, time.monotonic()) < REST_SECONDS:
        return
    try:
        connection.execute("")
        connection.rollback()
    except psycopg.Error as error:
        raise DisconnectionError from error


def _in_utc(connection: object, _record: object) -> None:
    connection.execute("SET TIME ZONE 'UTC'")  # type: ignore[attr-defined]
    connection.execute(f"SET statement_timeout = '{STATEMENT_SECONDS}s'")  # type: ignore[attr-defined]
    connection.commit()  # type: ignore[attr-defined]
