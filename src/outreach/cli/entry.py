"""`outreach`: every command under its noun, and bad input as a sentence instead of a traceback."""

from __future__ import annotations

import logging
import sys

import structlog
import typer
from sqlalchemy.exc import OperationalError

from outreach.calendar import HolidaysWrong
from outreach.campaigns.launching import NotLaunched
from outreach.campaigns.steering import CannotSteer
from outreach.cli import (
    audit,
    backup,
    branches,
    campaign,
    clock,
    contact,
    conversations,
    customers,
    database,
    demo,
    doctor,
    facts,
    keys,
    managers,
    nlu,
    processes,
    retention,
    scripts,
    segments,
    staff,
    stops,
    suppressions,
    targets,
    up,
    work,
)
from outreach.cli.output import Stop, complain
from outreach.documents import Refused
from outreach.model.backup import NotCopied
from outreach.model.embedded import NoDatabase
from outreach.model.keyring import WrongKey
from outreach.model.readiness import NotReady
from outreach.rules import PolicyError
from outreach.settings import BadSettings

app = typer.Typer(
    name="outreach",
    help="Conversational outreach for retail banks: texts that hold a scripted, natural conversation in Chinese.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.command("up")(up.up)
app.command("demo")(demo.demo)
app.command("contact")(contact.contact)
app.command("stop")(stops.stop)
app.command("start")(stops.start)
app.command("tasks")(work.tasks)
app.command("visits")(work.visits)
app.command("doctor")(doctor.doctor)
app.command("backup")(backup.backup)
app.command("restore")(backup.restore)
for name, command in processes.COMMANDS.items():
    app.command(name)(command)
app.add_typer(customers.app, name="customers")
app.add_typer(facts.app, name="facts")
app.add_typer(managers.app, name="managers")
app.add_typer(targets.app, name="targets")
app.add_typer(branches.app, name="branches")
app.add_typer(segments.app, name="segments")
app.add_typer(scripts.app, name="scripts")
app.add_typer(campaign.app, name="campaign")
app.add_typer(conversations.app, name="conversations")
app.add_typer(suppressions.app, name="suppressions")
app.add_typer(nlu.app, name="nlu")
app.add_typer(database.app, name="database")
app.add_typer(clock.app, name="clock")
app.add_typer(staff.app, name="staff")
app.add_typer(audit.app, name="audit")
app.add_typer(keys.app, name="keys")
app.add_typer(retention.app, name="retention")

EXPECTED = (
    Refused,
    BadSettings,
    PolicyError,
    HolidaysWrong,
    NoDatabase,
    NotLaunched,
    CannotSteer,
    NotCopied,
    NotReady,
    WrongKey,
)
"""What bad input raises: the sentence is the message."""


def _serves() -> bool:
    """Whether this is a process that keeps a log, rather than a command that prints an answer."""
    return len(sys.argv) > 1 and sys.argv[1] in processes.COMMANDS


def main() -> None:
    """Run a command; exit 2 for bad input, with what to do next."""
    structlog.configure(
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO if _serves() else logging.WARNING),
    )
    try:
        app()
    except EXPECTED as error:
        complain(str(error))
        sys.exit(2)
    except Stop as stop:
        complain(str(stop))
        sys.exit(stop.code)
    except OperationalError as error:
        complain(f"the database does not answer: {str(error.orig).strip().splitlines()[0]}")
        complain("start it with: outreach database start, or set DATABASE_URL")
        sys.exit(2)
