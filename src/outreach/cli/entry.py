"""`outreach`: every command under its noun, and bad input as a sentence instead of a traceback."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command, get_group

from outreach.cli import logs
from outreach.cli.contents import COMMANDS, PROCESSES
from outreach.cli.output import Stop, complain
from outreach.explained import Explained

ABOUT = "Conversational outreach for retail banks: texts that hold a scripted, natural conversation in Chinese."


def main() -> None:
    """Run a command; exit 2 for bad input, with what to do next."""
    if _serves():
        logs.of_a_process()
    else:
        logs.of_a_command()
    lines = [TyperCommand(name, callback=None, help=entry.says) for name, entry in COMMANDS.items()]
    try:
        Contents(name="outreach", commands=lines, help=ABOUT, no_args_is_help=True)()
    except Explained as error:
        complain(str(error))
        sys.exit(2)
    except Stop as stop:
        complain(str(stop))
        sys.exit(stop.code)
    except OSError as error:
        if error.filename is None or _serves():
            raise
        complain(
            f"{error.filename}: {error.strerror}; name a file in a folder that exists, which you may read and write"
        )
        sys.exit(2)
    except Exception as error:
        said = _of_the_database(error)
        if said is None:
            raise
        complain(f"the database does not answer: {said}")
        complain("start it with: outreach database start, or set DATABASE_URL")
        sys.exit(2)


class Contents(TyperGroup):
    """The table of contents as a command: it lists every entry as it stands there, and imports the one that is called."""

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        """The called command itself, in place of its line in the table."""
        name, line, rest = super().resolve_command(ctx, args)
        return name, loaded(name) if name else line, rest


def loaded(name: str) -> Any:
    """The command of this name, with all that it needs: Typer's, of one function or of several."""
    where, says = COMMANDS[name]
    module, attribute = where.split(":")
    found = getattr(import_module(f"outreach.cli.{module}"), attribute)
    if isinstance(found, typer.Typer):
        group = get_group(found)
        group.name, group.help = name, says
        return group
    alone = typer.Typer(add_completion=False)
    alone.command(name)(found)
    return get_command(alone)


def _of_the_database(error: Exception) -> str | None:
    """What a database that is away had said; None for any other error."""
    from sqlalchemy.exc import OperationalError  # noqa: PLC0415 - it is slow to import, and here something has gone wrong

    return str(error.orig).strip().splitlines()[0] if isinstance(error, OperationalError) else None


def _serves() -> bool:
    """Whether this is a process that keeps a log, rather than a command that prints an answer."""
    return len(sys.argv) > 1 and sys.argv[1] in PROCESSES
