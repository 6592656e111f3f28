"""The table of contents: every line leads to a command that says of itself what the table says of it."""

from __future__ import annotations

import subprocess
import sys

import pytest

from outreach.cli.contents import COMMANDS, PROCESSES
from outreach.cli.entry import loaded

SLOW = ("alembic", "fastapi", "jionlp", "numpy", "openpyxl", "procrastinate", "pygal", "scipy", "sqlalchemy", "twilio")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_line_of_the_help_leads_to_a_command_that_says_the_same(name):
    command = loaded(name)
    assert command.name == name
    assert command.help.startswith(COMMANDS[name].says)


def test_every_process_is_a_command():
    assert set(PROCESSES) <= set(COMMANDS)


def _imported_by(*words: str) -> set[str]:
    """What a command has imported by its end."""
    program = (
        "import sys; from outreach.cli import main\n"
        f"sys.argv = ['outreach', *{words!r}]\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print('imported', *sorted({name.partition('.')[0] for name in sys.modules}))"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return set(ran.stdout.rpartition("imported ")[2].split())


def test_the_help_imports_nothing_of_the_product():
    assert _imported_by("--help").isdisjoint({*SLOW, "sqlmodel", "pydantic"})


def test_a_command_imports_what_it_needs_and_not_what_others_need():
    assert _imported_by("campaign", "--help").isdisjoint(
        {"alembic", "fastapi", "jionlp", "openpyxl", "pygal", "twilio"}
    )
