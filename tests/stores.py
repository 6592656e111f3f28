"""Databases for tests: each is given out empty and on the newest schema, and used again once it is clean.

Making a database costs a thousand times what emptying one does; with thousands of tests that is most of their time.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import psycopg

from outreach.model import connect, migrate
from outreach.model.database import plain_url

KEPT = ("alembic_version", "schema_floor")
"""What the migrations wrote."""
SHAPE = """
SELECT md5(string_agg(part, E'\\n' ORDER BY part)) FROM (
    SELECT attrelid::regclass || ' ' || attname || ' ' || atttypid::text || attnotnull::text || atthasdef::text FROM pg_attribute
    JOIN pg_class ON pg_class.oid = attrelid WHERE relnamespace = 'public'::regnamespace AND attnum > 0
    UNION ALL SELECT tgrelid::regclass || ' ' || tgname || tgenabled::text FROM pg_trigger
    UNION ALL SELECT conrelid::regclass || ' ' || pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid > 0
    UNION ALL SELECT proname || md5(prosrc) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    UNION ALL SELECT setconfig::text FROM pg_db_role_setting
    UNION ALL SELECT alembic_version::text FROM alembic_version UNION ALL SELECT schema_floor::text FROM schema_floor
) AS parts (part)
"""
"""Whatever a test may have changed that emptying tables does not undo."""
EMPTY = """
DO $$ DECLARE tables text; BEGIN
    SET LOCAL session_replication_role = replica;  -- no order among tables, and the audit lets go of its entries
    FOR tables IN SELECT oid::regclass FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
        AND NOT relname = ANY (ARRAY[{kept}])
    LOOP EXECUTE 'DELETE FROM ' || tables; END LOOP;
END $$
"""


class Stores:
    """The databases of a run, on one server. Who asks by `TEST_DATABASE_URL` for another server is a superuser there."""

    def __init__(self, server: str) -> None:
        self._server = server
        self._template = f"template_{uuid4().hex[:8]}"
        self._free: list[str] = []
        self._admin(f'CREATE DATABASE "{self._template}"')
        sessions = connect(self._named(self._template))
        migrate.upgrade(sessions.engine)
        sessions.engine.dispose()
        with psycopg.connect(self._named(self._template)) as connection:
            self._shape = connection.execute(SHAPE).fetchone()

    @contextmanager
    def one(self) -> Iterator[str]:
        """The address of an empty store; whoever is still connected at the end is thrown out."""
        name = self._free.pop() if self._free else self._made()
        yield self._named(name)
        if self._cleaned(name):
            self._free.append(name)
        else:
            self._admin(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def _made(self) -> str:
        name = f"test_{uuid4().hex[:12]}"
        self._admin(f'CREATE DATABASE "{name}" TEMPLATE "{self._template}"')
        return name

    def _cleaned(self, name: str) -> bool:
        """Empty a store; False when something else than its rows was changed, or nothing answers there."""
        try:
            with psycopg.connect(self._named(name), autocommit=True) as connection:
                connection.execute(
                    "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()",
                    (name,),
                )
                connection.execute(EMPTY.format(kept=", ".join(f"'{table}'" for table in KEPT)))
                return connection.execute(SHAPE).fetchone() == self._shape
        except psycopg.Error:
            return False

    def _named(self, name: str) -> str:
        return plain_url(self._server).replace("/outreach", f"/{name}", 1)

    def _admin(self, statement: str) -> None:
        with psycopg.connect(plain_url(self._server), autocommit=True) as connection:
            connection.execute(statement)
