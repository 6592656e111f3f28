"""The option of every command that somebody answers for: who does it, by name."""

from __future__ import annotations

from typing import Annotated

import typer

from outreach import persons
from outreach.persons import NoName


def _read(given: str) -> str:
    try:
        return persons.name(given)
    except NoName as error:
        raise typer.BadParameter(str(error)) from None


BY = typer.Option("--by", parser=_read, metavar="NAME", help="Who does it, by name; kept with it.")
By = Annotated[str, BY]
