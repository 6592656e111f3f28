"""`outreach facts`: what the bank's own systems say that customers did."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress, SpinnerColumn, TextColumn

from outreach.campaigns import fact_import, list_file
from outreach.campaigns.fact_row import FACT_FEED
from outreach.cli import refused_rows, store
from outreach.cli.output import AsJson, console, errors, print_json

app = typer.Typer(no_args_is_help=True)


@app.command("import")
def import_feed(
    file: Annotated[
        Path, typer.Argument(help="CSV, XLSX or JSON: 客户号/id, 事实/fact, 日期/date, 卡尾号/card_tail, 金额/amount.")
    ],
    mapping: Annotated[Path | None, typer.Option(help="YAML: own headers to ours, as `业务日期: date`.")] = None,
    refused: refused_rows.Out = None,
    as_json: AsJson = False,
) -> None:
    """Import activations (激活), bindings (绑卡), new accounts (开户), logins (登录) and balances (余额) by day.

    Bad rows are named and left out; running it again changes nothing. Cards and balances are brought up to date.
    """
    runtime = store.opened()
    headers = list_file.read_mapping(mapping, FACT_FEED)
    with Progress(SpinnerColumn(), TextColumn("{task.completed} rows"), console=errors, transient=True) as bar:
        task = bar.add_task("import", total=None)
        imported = fact_import.import_facts(
            runtime.sessions, runtime.clock.now(), file, headers, lambda rows: bar.advance(task, rows)
        )
    out = refused_rows.save(imported.refused, file, refused)
    if as_json:
        print_json(asdict(imported))
        return
    kinds = "、".join(f"{count} {kind}" for kind, count in imported.kinds.most_common())
    console.print(f"{imported.stored} stored ({kinds or 'none'}), {imported.unchanged} unchanged")
    if imported.unread:
        console.print(f"columns left out: {'、'.join(imported.unread)}", markup=False)
    refused_rows.show(imported.refused, out)
