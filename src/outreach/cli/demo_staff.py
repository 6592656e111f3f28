"""Sample people for the demo's console: one of each role, who sign in by a link."""

from __future__ import annotations

from sqlmodel import col, select

from outreach.cli.output import Stop, console
from outreach.clock import machine_now
from outreach.model import Branch, Role, StaffMember
from outreach.runtime import Runtime
from outreach.staff import accounts, links

NAMES = {
    Role.AGENT: "陈静",
    Role.REVIEWER: "刘洋",
    Role.MARKETER: "黄磊",
    Role.COMPLIANCE: "赵敏",
    Role.BRANCH_MANAGER: "周涛",
    Role.ADMIN: "吴霞",
}


def print_links(runtime: Runtime) -> None:
    """Print the console's address, and for each role a link that signs in as a sample of it."""
    if not runtime.settings.carrier_is_local:
        raise Stop("sample accounts are for the demo only: this store's carrier is not on this machine")
    address = runtime.settings.console_url
    console.print(f"console: {address}/   sign in as:")
    with runtime.sessions.begin() as db:
        branch = db.exec(select(Branch.name).order_by(col(Branch.name))).first()
        for role, name in NAMES.items():
            if role is Role.BRANCH_MANAGER and branch is None:
                continue
            login = f"sample.{role.replace('_', '.')}"
            member = db.exec(select(StaffMember).where(StaffMember.login == login)).first() or accounts.add(
                db, login, name, role, branch if role is Role.BRANCH_MANAGER else None, "outreach demo", machine_now()
            )
            token = links.make(db, member, machine_now(), sample=True)
            console.print(f"  {role:<15} {address}/sample/{token}", soft_wrap=True)
