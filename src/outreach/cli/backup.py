"""`outreach backup` and `restore`: the store in one file, and back without anything being sent twice."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from sqlmodel import col, func, select

from outreach.campaigns.reconcile import reconcile
from outreach.carrier.port import NotAnswered
from outreach.cli import store
from outreach.cli.output import Stop, console
from outreach.cli.person import By
from outreach.clock import ZONE, local, machine_now
from outreach.model import AuditEntry, Customer, Scope, keyring, migrate, schema
from outreach.model import Stop as Standing
from outreach.model import backup as copies
from outreach.runtime import Runtime

MADE = "backup_made"
RESTORED = "backup_restored"
WHY = "restored from a backup; outreach restore lifts it once the carrier was asked what was sent since"
BY = "outreach restore"


def backup(
    file: Annotated[Path, typer.Argument(help="The file to write.")],
    by: By = "operator",
) -> None:
    """Write the whole store into one file, as of one moment, while everything runs. The keys are not in it."""
    runtime = store.opened()
    if file.exists():
        raise Stop(f"{file} exists; give a name that is free")
    with runtime.sessions.begin() as db:
        # In the copy, too: from then on the carrier is asked after a restore.
        moment = machine_now()
        db.add(AuditEntry(at=runtime.clock.now(), who=by, verb=MADE, details={"machine": moment.isoformat()}))
    copies.dump(runtime.database_url, file)
    console.print(
        f"{file}: {file.stat().st_size / 1024**2:.1f} MB, as of {local(moment):%Y-%m-%d %H:%M:%S} {ZONE}",
        soft_wrap=True,
        highlight=False,
    )


def restore(
    file: Annotated[
        Path | None, typer.Argument(help="A file of outreach backup; without one, only ask the carrier.")
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Put it in the place of a store that holds customers.")
    ] = False,
    by: By = "operator",
) -> None:
    """Bring a store back, then ask the carrier what was sent, called and heard since: nothing is sent again.

    Stop web and workers first. Sending stays stopped until the carrier has answered; run it again without a file if it
    did not.
    """
    runtime = store.build()
    if copies.put_back(runtime.sessions.engine):
        console.print("the store that a broken-off restore had left aside is back")
        if file is None:
            return
    if file is not None:
        _load(runtime, file, replace=replace, by=by)
    _reconcile(runtime)


def _load(runtime: Runtime, file: Path, *, replace: bool, by: str) -> None:
    if not file.exists():
        raise Stop(f"{file} does not exist; give a file that outreach backup wrote")
    copies.readable(file)
    engine = runtime.sessions.engine
    if schema.serves(engine):
        with runtime.sessions.reading() as db:
            if count := keyring.others(db):
                raise Stop(f"{count} connections of the product are open; stop web and workers first")
            if not replace and db.exec(select(Customer.id).limit(1)).first():
                raise Stop("this store holds customers; give --replace to put the backup in its place")
    engine.dispose()
    copies.load(runtime.database_url, file)
    migrate.upgrade(engine)
    store.check(runtime)
    with runtime.sessions.begin() as db:
        standing = select(Standing.id).where(Standing.scope == Scope.ALL, col(Standing.lifted_at).is_(None))
        if db.exec(standing).first() is None:
            db.add(Standing(scope=Scope.ALL, by=BY, why=WHY, at=runtime.clock.now()))
        db.add(
            AuditEntry(at=runtime.clock.now(), who=by, verb=RESTORED, details={"machine": machine_now().isoformat()})
        )
    console.print(f"{file}: the store is back", soft_wrap=True, highlight=False)


def _reconcile(runtime: Runtime) -> None:
    runtime.sessions.engine.dispose()  # what this very command left open is nobody else's
    with runtime.sessions.reading() as db:
        made = db.exec(
            select(AuditEntry).where(AuditEntry.verb == MADE).order_by(col(AuditEntry.id).desc()).limit(1)
        ).first()
        others = keyring.others(db)
    if made is None:
        raise Stop("this store was not restored from a file of outreach backup: nobody knows since when to ask")
    if others:
        raise Stop(f"{others} connections of the product are open; stop web and workers first")
    since = datetime.fromisoformat(made.details["machine"]).astimezone(UTC)
    try:
        done = reconcile(
            runtime.sessions,
            runtime.carrier,
            runtime.clock,
            runtime.house,
            runtime.sealer,
            runtime.settings.sender,
            since,
        )
    except NotAnswered as error:
        raise Stop(
            f"the carrier did not answer ({error.reason}); everything stays stopped: run outreach restore again, without a file",
            code=3,
        ) from None
    console.print(
        f"since {local(since):%Y-%m-%d %H:%M:%S} {ZONE} the carrier had {done.texts} texts and {done.calls} calls of ours, and "
        f"{done.heard} texts of customers, that the store had forgotten; {done.foreign} to numbers without a record",
        soft_wrap=True, highlight=False,
    )  # fmt: skip
    with runtime.sessions.begin() as db:
        for stop in db.exec(select(Standing).where(Standing.by == BY, col(Standing.lifted_at).is_(None))).all():
            stop.lifted_at, stop.lifted_by = runtime.clock.now(), BY
            db.add(stop)
        still = db.exec(select(func.count()).select_from(Standing).where(col(Standing.lifted_at).is_(None))).one()
    console.print("sending may go on: start web and workers" if not still else "other stops stand: see outreach stops")
