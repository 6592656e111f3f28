"""A report as tables with Chinese titles, for workbooks and pages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from outreach.campaigns import report_words
from outreach.campaigns.comparison import Difference, Share
from outreach.campaigns.portfolio import Portfolio
from outreach.campaigns.report import Report
from outreach.campaigns.report_figures import Part
from outreach.campaigns.report_follow_ups import FollowUpFigures
from outreach.campaigns.targets import Progress
from outreach.spreadsheet import Column, TableOf

PERCENT, MONEY, NUMBER, CHANCE, GRADE = "0.0%", "#,##0.00", "#,##0", "0.0000", "0.0"

TITLES: Mapping[str, tuple[str, str]] = {
    "planned": ("计划人数", NUMBER), "held_out": ("对照组", NUMBER), "permitted": ("可联系", NUMBER),
    "sent": ("已发出", NUMBER), "delivered": ("已送达", NUMBER), "reached": ("已触达", NUMBER),
    "replied": ("有回应", NUMBER), "participating": ("参与人数", NUMBER), "participation": ("参与率", PERCENT),
    "succeeded": ("达成意向", NUMBER), "converted": ("业务达成", NUMBER), "conversion": ("转化率", PERCENT),
    "aum_growth": ("资产增长", MONEY), "retention": ("留存率", PERCENT), "satisfaction": ("满意度", PERCENT),
    "rated": ("评分人数", NUMBER), "rating": ("平均评分", GRADE),
    "accounts_opened": ("新开户", NUMBER), "new_value_clients": ("新增价值客户", NUMBER),
    "opted_out": ("退订", NUMBER), "complained": ("投诉", NUMBER), "texts": ("短信条数", NUMBER),
    "segments": ("计费条数", NUMBER), "calls": ("通话数", NUMBER), "call_minutes": ("通话分钟", NUMBER),
    "cost": ("费用", MONEY),
}  # fmt: skip
"""Figure to its title and how it is written."""
DIMENSIONS: Mapping[str, str] = {
    "campaign": "活动", "segment": "客群", "branch": "网点", "manager": "客户经理", "variant": "方案", "channel": "渠道",
    "tier": "资产分层",
}  # fmt: skip


AIMS: Mapping[str, str] = {"contacts": "联系", "replies": "回应", "visits": "约到店", "conversions": "业务达成"}


def tables(made: Report | Portfolio) -> Iterator[TableOf]:
    """Every table of a report that has something in it."""
    yield summary(made)
    if made.by:
        yield parts(made.by, made.parts)
    if isinstance(made, Report):
        steps = [(one.step, one.reached, one.answered, one.won, one.lost, one.drop_off) for one in made.steps]
        if steps:
            columns = [Column("步骤"), *map(Column, ("到达", "有回应", "达成", "流失")), Column("流失率", PERCENT)]
            yield TableOf("话术漏斗", columns, steps)
        if made.follow_ups:
            yield follow_ups(made.follow_ups)
        yield from _compared(made)
        if made.targets:
            yield progress(made.targets)
        yield from _counts("结果", "结果", made.outcomes, report_words.OUTCOMES)
        yield from _counts("未联系原因", "原因", made.not_permitted, report_words.REASONS)
    yield from _counts("异议", "异议", made.objections, report_words.OBJECTIONS)


def summary(made: Report | Portfolio) -> TableOf:
    """The figures of the whole, one below the other."""
    rows = [(title, getattr(made.figures, figure)) for figure, (title, _) in TITLES.items()]
    return TableOf("汇总", (Column("指标"), Column("数值")), rows)


def parts(by: str, listed: Sequence[Part], figures: Sequence[str] = tuple(TITLES)) -> TableOf:
    """Figures of each part, side by side."""
    columns = [Column(DIMENSIONS[by]), *(Column(*TITLES[figure]) for figure in figures)]
    rows = [(one.name, *(getattr(one.figures, figure) for figure in figures)) for one in listed]
    return TableOf(f"按{DIMENSIONS[by]}", columns, rows)


def follow_ups(listed: Sequence[FollowUpFigures]) -> TableOf:
    """What follows up on the campaign."""
    titles = ("计划", "等待中", "已取消", "已发出", "有回应", "达成意向")
    columns = [Column("跟进"), *(Column(title, NUMBER) for title in titles)]
    rows = [(one.step, one.planned, one.waiting, one.dropped, one.sent, one.replied, one.succeeded) for one in listed]
    return TableOf("跟进", columns, rows)


def progress(listed: Sequence[Progress]) -> TableOf:
    """How far each manager is with their targets."""
    columns = [
        Column("客户经理"), Column("目标"),
        *(Column(title, NUMBER) for title in ("总目标", "应完成", "已完成", "今日目标", "今日完成")),
    ]  # fmt: skip
    rows = [(one.manager, AIMS[one.aim], one.target, one.due, one.done, one.today, one.done_today) for one in listed]
    return TableOf("目标进度", columns, rows)


def _compared(made: Report) -> Iterator[TableOf]:
    """What the campaign caused, and what its variants show."""
    columns = [
        Column("组别"), Column("人数", NUMBER), Column("达成", NUMBER),
        *(Column(title, PERCENT) for title in ("比例", "区间下限", "区间上限")), Column("p值", CHANCE),
    ]  # fmt: skip
    if effect := made.effect:
        rows = [_share("可联系", effect.contacted), _share("对照组", effect.held_out), _gap("差异", effect.difference)]
        yield TableOf("与对照组比较", columns, rows)
    if results := made.experiment:
        rows = [_share(f"方案{name}", share) for name, share in results.variants.items()]
        rows += [_gap(f"{pair.one}与{pair.other}之差", pair.difference) for pair in results.pairs]
        yield TableOf("方案比较", columns, rows)


def _share(name: str, one: Share) -> tuple[Any, ...]:
    return name, one.customers, one.count, one.share, one.low, one.high, None


def _gap(name: str, one: Difference) -> tuple[Any, ...]:
    return name, None, None, one.difference, one.low, one.high, one.p_value


def _counts(title: str, column: str, counts: Mapping[str, int], words: Mapping[str, str]) -> Iterator[TableOf]:
    if counts:
        said = report_words.in_words(counts, words)
        yield TableOf(title, (Column(column), Column("人数", NUMBER)), list(said.items()))
