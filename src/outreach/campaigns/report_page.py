"""A report as one page: nothing is fetched, nothing runs, and it prints."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from outreach.campaigns import report_charts as charts
from outreach.campaigns import report_tables, report_words
from outreach.campaigns.portfolio import Portfolio
from outreach.campaigns.report import Report
from outreach.campaigns.report_tables import CHANCE, GRADE, MONEY, NUMBER, PERCENT, TITLES
from outreach.clock import local

HERE = Path(__file__).parent
SIDE_BY_SIDE = (
    "planned", "permitted", "sent", "reached", "replied", "participating", "participation", "succeeded", "converted",
    "conversion", "aum_growth", "retention", "opted_out", "complained", "cost",
)  # fmt: skip
"""The figures that fit on paper; a workbook has all of them."""
FORMS = {PERCENT: ".1%", MONEY: ",.2f", GRADE: ".1f"}
HEADLINES = ("planned", "reached", "participation", "conversion", "aum_growth", "retention", "satisfaction", "cost")


def of(made: Report | Portfolio, now: datetime) -> str:
    """The page of a report."""
    listed = {table.title: table for table in report_tables.tables(made)}
    whole = listed.pop("汇总")
    if made.by:
        beside = report_tables.parts(made.by, made.parts, SIDE_BY_SIDE)
        listed[beside.title] = beside
    return _template().render(
        made=made,
        single=isinstance(made, Report),
        at=f"{local(now):%Y-%m-%d %H:%M}",
        headlines=[(TITLES[one][0], written(getattr(made.figures, one), TITLES[one][1])) for one in HEADLINES],
        summary=[
            (title, written(value, TITLES[figure][1]))
            for figure, (title, value) in zip(TITLES, whole.rows, strict=True)
        ],
        charts={title: Markup(drawn) for title, drawn in _charts(made).items()},  # noqa: S704 - drawn by us, escaped there
        rates=Markup(charts.rates(made.parts)) if made.parts else None,  # noqa: S704 - as above
        tables=list(listed.values()),
        written=written,
        chance=chance,
        dimension=report_tables.DIMENSIONS.get(made.by or ""),
        fact=report_words.FACTS.get(made.fact or "goal") if isinstance(made, Report) else None,
    )


def written(value: Any, form: str = "") -> str:
    """A figure for people."""
    if value is None:
        return "–"
    if form in FORMS:
        return format(value, FORMS[form])
    if form == CHANCE:
        return chance(value).removeprefix("p").removeprefix("=")
    if form == NUMBER or isinstance(value, int):
        return f"{value:,}"
    return f"{value:.4f}" if isinstance(value, float) else str(value)


def chance(p_value: float) -> str:
    """A p value for people."""
    return "p<0.0001" if p_value < 0.0001 else f"p={p_value:.4f}"  # noqa: PLR2004 - as many digits as are shown


def _charts(made: Report | Portfolio) -> dict[str, str]:
    drawn = {"从计划到达成": charts.funnel(made.figures)}
    if isinstance(made, Report):
        if made.steps:
            drawn["话术漏斗"] = charts.steps(made.steps)
        if made.outcomes:
            drawn["结果"] = charts.counts("outcomes", report_words.in_words(made.outcomes, report_words.OUTCOMES))
    if made.objections:
        said = report_words.in_words(made.objections, report_words.OBJECTIONS)
        drawn["异议"] = charts.counts("objections", said, charts.RED)
    return drawn


@cache
def _template() -> Template:
    loader = FileSystemLoader(HERE)
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined).get_template("report_page.html")
