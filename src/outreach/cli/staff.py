"""`outreach staff`: who may use the console."""

from __future__ import annotations

from typing import Annotated

import typer
from sqlmodel import Session

from outreach.cli import store
from outreach.cli.output import AsJson, Stop, console, print_json, print_table
from outreach.cli.person import By
from outreach.clock import machine_now
from outreach.model import Branch, Role, StaffMember
from outreach.runtime import Runtime
from outreach.staff import accounts, links
from outreach.staff.accounts import NotAnAccount

app = typer.Typer(no_args_is_help=True)

Why = Annotated[str, typer.Option(help="Why; kept with it.")]
Login = Annotated[
    str, typer.Argument(help="What they type to sign in, such as wang.fang; by OIDC, what the issuer calls them.")
]


@app.command()
def add(
    login: Login,
    by: By,
    role: Annotated[Role, typer.Option(help="What they do at the bank.")],
    name: Annotated[str | None, typer.Option(help="The person's name; the login where left out.")] = None,
    branch: Annotated[str | None, typer.Option(help="The only branch whose customers they see.")] = None,
    oidc: Annotated[bool, typer.Option(help="They sign in by OIDC: print no link.")] = False,
) -> None:
    """Add an account and print the link by which its owner sets a password, once, within a day."""
    runtime = store.opened()
    with runtime.sessions.begin() as db:
        try:
            member = accounts.add(db, login, name or login, role, branch, by, machine_now())
        except NotAnAccount as error:
            raise Stop(str(error)) from None
        token = None if oidc else links.make(db, member, machine_now())
    console.print(f"added {member.login} as {member.role}")
    if token:
        _print_link(runtime, token)


@app.command("list")
def list_accounts(as_json: AsJson = False) -> None:
    """List accounts."""
    runtime = store.opened()
    with runtime.sessions.reading() as db:
        listed = [_row(db, member) for member in accounts.every(db)]
    if as_json:
        print_json(listed)
        return
    columns = ("login", "name", "role", "branch", "signs_in_by", "disabled_at")
    print_table("staff", columns, [[one[column] for column in columns] for one in listed])


@app.command()
def disable(login: Login, by: By, why: Why) -> None:
    """Let somebody in no more; whoever is signed in under the account is out at once."""
    runtime = store.opened()
    with runtime.sessions.begin() as db:
        accounts.disable(db, _find(db, login), by, why, machine_now())
    console.print(f"disabled {login}")


@app.command()
def reset(login: Login, by: By, why: Why) -> None:
    """Forget somebody's password and second factor, and print a new link; lets a disabled account in again."""
    runtime = store.opened()
    with runtime.sessions.begin() as db:
        token = accounts.reset(db, _find(db, login), by, why, machine_now())
    console.print(f"reset {login}")
    _print_link(runtime, token)


def _find(db: Session, login: str) -> StaffMember:
    try:
        return accounts.find(db, login)
    except NotAnAccount as error:
        raise Stop(str(error)) from None


def _print_link(runtime: Runtime, token: str) -> None:
    console.print(f"{runtime.settings.console_url}/welcome/{token}", soft_wrap=True)


def _row(db: Session, member: StaffMember) -> dict[str, object]:
    branch = db.get(Branch, member.branch_id) if member.branch_id else None
    return {
        "login": member.login,
        "name": member.name,
        "role": member.role,
        "branch": branch.name if branch else None,
        "signs_in_by": "password and code" if member.password_hash else "link not used yet, or OIDC",
        "created_at": member.created_at,
        "disabled_at": member.disabled_at,
    }
