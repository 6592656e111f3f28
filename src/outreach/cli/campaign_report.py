"""`outreach campaign report`: in the terminal, as JSON, as a workbook, as a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import astuple
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from outreach.campaigns import portfolio, report, report_page, report_workbook
from outreach.campaigns.attribution import Effect
from outreach.campaigns.experiment_results import Results
from outreach.campaigns.portfolio import Portfolio
from outreach.campaigns.report import Report
from outreach.campaigns.report_figures import Figures, Part
from outreach.campaigns.report_scope import DIMENSIONS
from outreach.cli import store
from outreach.cli.campaign_named import campaign_named
from outreach.cli.output import AsJson, Stop, console, errors, print_json, print_table
from outreach.cli.targets import print_progress
from outreach.clock import local
from outreach.runtime import Runtime

Dimension = StrEnum("Dimension", [(name, name) for name in DIMENSIONS])  # type: ignore[misc]

FUNNEL = (
    "planned", "permitted", "sent", "delivered", "reached", "replied", "participating", "succeeded", "converted",
)  # fmt: skip
SHOWN = ("planned", "permitted", "sent", "delivered", "reached", "replied", "succeeded", "converted")


def report_command(
    name: Annotated[str | None, typer.Argument(help="The campaign; all that were launched where left out.")] = None,
    by: Annotated[Dimension | None, typer.Option(help="Look at it by its parts.")] = None,
    xlsx: Annotated[Path | None, typer.Option(help="Write a workbook to this file.")] = None,
    csv: Annotated[Path | None, typer.Option(help="Write the parts, or the figures of the whole, as CSV.")] = None,
    html: Annotated[
        Path | None, typer.Option(help="Write a page with charts to this file; it needs nothing else.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Report a campaign, or all of them: funnel, ends, reasons why not, results, cost. docs/reports.md defines each figure."""
    runtime = store.opened()
    with runtime.sessions.reading() as db:
        made = (
            report.of(db, campaign_named(db, name), runtime.clock.now(), str(by) if by else None)
            if name
            else portfolio.of(db, str(by or "campaign"))
        )
    if xlsx:
        _write(xlsx, report_workbook.of(made))
    if csv:
        _write(csv, report_workbook.csv_of(made))
    if html:
        _write(html, report_page.of(made, runtime.clock.now()).encode())
    if as_json:
        print_json(made.to_json())
    elif not (xlsx or csv or html):
        print_report(made, runtime) if isinstance(made, Report) else print_portfolio(made)


def print_report(made: Report, runtime: Runtime) -> None:
    """Print a report for people."""
    console.print(f"{made.campaign} · {made.state} · {local(runtime.clock.now()):%Y-%m-%d %H:%M}")
    _print_funnel(made.figures)
    _print_counts("outcomes", "outcome", made.outcomes)
    _print_counts("not permitted", "reason", made.not_permitted)
    _print_counts("objections", "objection", made.objections)
    _print_counts("grades", "grade", made.grades)
    steps = [(s.step, s.reached, s.answered, s.won, s.lost, percent(s.drop_off)) for s in made.steps]
    if steps:
        print_table("steps", ("step", "reached", "answered", "won", "lost", "drop-off"), steps)
    if made.follow_ups:
        columns = ("follow-up", "planned", "waiting", "dropped", "sent", "replied", "succeeded")
        print_table("follow-ups", columns, [astuple(one) for one in made.follow_ups])
    if made.by:
        _print_parts(made.by, made.parts, made.currency)
    if made.targets:
        print_progress(made.targets, local(runtime.clock.now()).date())
    if made.effect:
        _print_effect(made.effect)
    if made.experiment:
        _print_experiment(made.experiment)
    _print_results(made.figures, made.currency)
    console.print(f"visits {made.visits} · tasks {made.tasks} · unfinished {made.unfinished}")


def print_portfolio(made: Portfolio) -> None:
    """Print several campaigns for people."""
    _print_parts(made.by, made.parts, made.currency)
    _print_counts("objections", "objection", made.objections)
    _print_results(made.figures, made.currency)


def percent(share: float | None) -> str:
    """A share for people."""
    return "–" if share is None else f"{share:.1%}"


def between(low: float, high: float) -> str:
    """An interval of shares for people."""
    return f"{low:.1%} to {high:.1%}"


def _print_funnel(figures: Figures) -> None:
    whole = figures.planned or 1
    rows = [(stage, getattr(figures, stage), percent(getattr(figures, stage) / whole)) for stage in FUNNEL]
    print_table("funnel", ("stage", "customers", "of planned"), rows)


def _print_counts(title: str, column: str, counts: Mapping[str, int]) -> None:
    if counts:
        print_table(title, (column, "customers"), counts.items())


def _print_parts(by: str, parts: Sequence[Part], currency: str) -> None:
    columns = (by, *SHOWN, "partic.", "conv.", "AUM", "kept", "stops", "compl.", currency)
    rows = [
        (
            part.name,
            *(getattr(one, figure) for figure in SHOWN),
            percent(one.participation),
            percent(one.conversion),
            f"{one.aum_growth:,.0f}",
            percent(one.retention),
            one.opted_out,
            one.complained,
            f"{one.cost:,.2f}",
        )
        for part in parts
        for one in (part.figures,)
    ]
    print_table(f"by {by}", columns, rows)


def _print_results(one: Figures, currency: str) -> None:
    console.print(
        f"participation {percent(one.participation)} · conversion {percent(one.conversion)} · "
        f"AUM growth {one.aum_growth:,.2f} ({one.with_balances} balances) · retention {percent(one.retention)} · "
        f"satisfaction {percent(one.satisfaction)}{_graded(one)} · accounts {one.accounts_opened} · "
        f"new value clients {one.new_value_clients}",
    )
    console.print(
        f"opt-outs {one.opted_out} · complaints {one.complained} · texts {one.texts} ({one.segments} segments) · "
        f"calls {one.calls} ({one.call_minutes} min) · cost {one.cost:,.2f} {currency}",
    )


def _graded(one: Figures) -> str:
    return f" · rating {one.rating:.1f} of 5 by {one.rated}" if one.rating is not None else ""


def _print_effect(one: Effect) -> None:
    rows = [
        (name, share.customers, share.count, percent(share.share), between(share.low, share.high))
        for name, share in (("could be contacted", one.contacted), ("held out", one.held_out))
    ]
    print_table(f"{one.fact}, {one.first_day} to {one.last_day}", ("", "customers", "did", "share", "interval"), rows)
    gap = one.difference
    console.print(
        f"caused by the campaign: {percent(gap.difference)} ({between(gap.low, gap.high)}, p {gap.p_value:.3g}), "
        f"about {one.caused:,.0f} customers",
    )
    if one.growth:
        console.print(
            f"and {one.growth.difference:,.2f} of balance per customer "
            f"({one.growth.low:,.2f} to {one.growth.high:,.2f}, p {one.growth.p_value:.3g})",
        )


def _print_experiment(one: Results) -> None:
    rows = [
        (name, share.customers, share.count, percent(share.share), between(share.low, share.high))
        for name, share in one.variants.items()
    ]
    print_table(f"experiment ({one.measure})", ("variant", "customers", "did", "share", "interval"), rows)
    for pair in one.pairs:
        gap = pair.difference
        said = f"{percent(gap.difference)} ({between(gap.low, gap.high)}, p {gap.p_value:.3g})"
        console.print(f"{pair.one} against {pair.other}: {said}")
    console.print(f"winner: {one.winner or 'none yet'}; {one.why} (planned: {one.planned_size} of each)")


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise Stop(f"{path} cannot be written ({error.strerror}); name a file in a folder that exists") from None
    errors.print(f"written to {path}")
