"""`outreach customers`: import lists; show, export and erase one customer."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress, SpinnerColumn, TextColumn
from sqlmodel import Session

from outreach.campaigns import customer_erasure, customer_import, customer_lookup, customer_record, list_file
from outreach.campaigns.customer_columns import CUSTOMER_LIST
from outreach.cli import refused_rows, store
from outreach.cli.output import AsJson, Stop, console, errors, print_json
from outreach.cli.person import By
from outreach.model import Customer
from outreach.runtime import Runtime

app = typer.Typer(no_args_is_help=True)

Who = Annotated[str, typer.Argument(help="The customer's id, 客户号 or phone number.")]


@app.command("import")
def import_list(
    file: Annotated[Path, typer.Argument(help="CSV, XLSX or JSON with Chinese or English headers.")],
    mapping: Annotated[Path | None, typer.Option(help="YAML: own headers to ours, as `客户姓名: name`.")] = None,
    refused: refused_rows.Out = None,
    as_json: AsJson = False,
) -> None:
    """Import a customer list. Bad rows are named and left out; running it again changes nothing."""
    runtime = store.opened()
    headers = list_file.read_mapping(mapping, CUSTOMER_LIST)
    with Progress(SpinnerColumn(), TextColumn("{task.completed} rows"), console=errors, transient=True) as bar:
        task = bar.add_task("import", total=None)
        imported = customer_import.import_customers(
            runtime.sessions, runtime.sealer, runtime.clock.now(), file, headers, lambda rows: bar.advance(task, rows)
        )
    out = refused_rows.save(imported.refused, file, refused)
    if as_json:
        print_json(
            {
                "stored": imported.stored,
                "unchanged": imported.unchanged,
                "refused": [asdict(row) for row in imported.refused],
                "without_consent": imported.without_consent,
                "unproven_consent": imported.unproven_consent,
            },
        )
        return
    console.print(f"{imported.stored} stored, {imported.unchanged} unchanged, {len(imported.refused)} problems")
    console.print(f"{imported.without_consent} stored without consent: they are not contacted")
    if imported.unproven_consent:
        console.print(f"{imported.unproven_consent} consents without date or source were not taken")
    refused_rows.show(imported.refused, out)


@app.command()
def show(who: Who, as_json: AsJson = False) -> None:
    """Show what is known of one customer; the number is masked."""
    runtime = store.opened()
    with runtime.sessions.reading() as db:
        record = customer_record.of(db, _find(db, runtime, who), runtime.sealer, masked=True)
    if as_json:
        print_json(record)
        return
    for key, value in record.items():
        console.print(f"{key}: {json.dumps(value, ensure_ascii=False, default=str)}")


@app.command()
def export(
    who: Who,
    by: By,
    out: Annotated[Path | None, typer.Option(help="Write to this file.")] = None,
) -> None:
    """Export everything kept about one customer, as JSON, for the customer themselves."""
    runtime = store.opened()
    with runtime.sessions.begin() as db:
        customer = _find(db, runtime, who)
        record = customer_record.of(db, customer, runtime.sealer, masked=False)
        customer_record.note(db, "customer_exported", customer, by, "", runtime.clock.now())
    text = json.dumps(record, ensure_ascii=False, indent=2, default=str)
    if out is None:
        typer.echo(text)
    else:
        out.write_text(text + "\n", encoding="utf-8")
        console.print(f"written to {out}")


@app.command()
def erase(
    who: Who,
    by: By,
    why: Annotated[str, typer.Option(help="Why; kept in the audit trail.")],
) -> None:
    """Erase one customer's data on request; an opt-out outlives it as a keyed hash."""
    runtime = store.opened()
    with runtime.sessions.begin() as db:
        customer = _find(db, runtime, who)
        customer_erasure.erase(db, customer, by, why, runtime.clock.now())
    console.print("erased")


def _find(db: Session, runtime: Runtime, who: str) -> Customer:
    customer = customer_lookup.find(db, runtime.sealer, who)
    if customer is None:
        raise Stop(f"no customer {who}; give an id, a 客户号 or a phone number")
    return customer
