"""`outreach branches`: where customers come to, and what they call it."""

from __future__ import annotations

from typing import Annotated

import typer
from sqlmodel import Session, col, select

from outreach.cli import store
from outreach.cli.output import AsJson, Stop, console, print_json, print_table
from outreach.model import Branch

app = typer.Typer(no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="The branch's name.")]
Aliases = Annotated[list[str] | None, typer.Option("--alias", help="What customers call it too; once for each.")]
Area = Annotated[
    str | None, typer.Option(help="The part of town, as customers name it: 高新区. Empty to take it away.")
]
Address = Annotated[str | None, typer.Option(help="Street and number, as it is read out.")]


@app.command("list")
def list_branches(as_json: AsJson = False) -> None:
    """List every branch with its nicknames and its part of town."""
    with store.opened().sessions.reading() as db:
        found = db.exec(select(Branch).order_by(col(Branch.name))).all()
    listed = [
        {"name": one.name, "aliases": one.aliases, "area": one.area, "address": one.address, "phone": one.phone}
        for one in found
    ]
    if as_json:
        print_json(listed)
    else:
        rows = [[one["name"], "、".join(one["aliases"]), one["area"], one["address"], one["phone"]] for one in listed]
        print_table("branches", ("name", "aliases", "area", "address", "phone"), rows)


@app.command()
def describe(name: Name, alias: Aliases = None, area: Area = None, address: Address = None) -> None:
    """Say what customers call a branch; what is left out stays as it is, the nicknames given replace those before."""
    with store.opened().sessions.begin() as db:
        branch = _branch(db, name)
        if alias is not None:
            branch.aliases = [one for one in dict.fromkeys(said.strip() for said in alias) if one]
        branch.area = (area.strip() or None) if area is not None else branch.area
        branch.address = (address.strip() or None) if address is not None else branch.address
        db.add(branch)
    console.print(f"{name} is described")


def _branch(db: Session, name: str) -> Branch:
    branch = db.exec(select(Branch).where(Branch.name == name)).first()
    if branch is None:
        known = "、".join(db.exec(select(Branch.name).order_by(col(Branch.name)).limit(20)).all()) or "none yet"
        raise Stop(f"no branch {name}; there are: {known}")
    return branch
