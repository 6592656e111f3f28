"""The charts of a report as SVG: no script, nothing from elsewhere, the same each time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import tostring

from outreach.campaigns.report_figures import Figures, Part
from outreach.campaigns.report_steps import StepFigures

if TYPE_CHECKING:
    from pygal.style import Style

FONT = '"PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", system-ui, sans-serif'
INK, SUBTLE = "#1f2933", "#7b8794"
BLUE, GREEN, GREY, RED = "#8db8e0", "#8fd0b5", "#d5dde5", "#efb1a1"
NONE = "rgba(0, 0, 0, 0)"
WIDTH, WIDE = 520, 1040
BAR = 30
"""Height of one bar with its space."""
MARGIN = 40
MOST_BARS = 15
STAGES: Mapping[str, str] = {
    "planned": "计划", "permitted": "可联系", "sent": "已发出", "reached": "已触达", "replied": "有回应",
    "participating": "参与", "succeeded": "达成意向", "converted": "业务达成",
}  # fmt: skip


def funnel(figures: Figures) -> str:
    """From the plan to what the bank saw."""
    return counts("funnel", {title: getattr(figures, figure) for figure, title in STAGES.items()})


def counts(name: str, bars: Mapping[str, int], color: str = BLUE) -> str:
    """A bar for each count, the first on top."""
    shown = dict(list(bars.items())[:MOST_BARS])
    return _bars(name, list(shown), {"人数": list(shown.values())}, [color])


def steps(listed: Sequence[StepFigures]) -> str:
    """For each step of the script, who went on, who ended there with the goal, and who was lost."""
    series = {
        "继续": [one.reached - one.won - one.lost for one in listed],
        "达成": [one.won for one in listed],
        "流失": [one.lost for one in listed],
    }
    return _bars("steps", [one.step for one in listed], series, [GREY, GREEN, RED])


def rates(parts: Sequence[Part]) -> str:
    """Participation and conversion of each part, in percent."""
    shown = parts[:MOST_BARS]
    series = {
        "参与率": [_percent(one.figures.participation) for one in shown],
        "转化率": [_percent(one.figures.conversion) for one in shown],
    }
    return _bars("rates", [one.name for one in shown], series, [BLUE, GREEN], width=WIDE, stacked=False, unit="%")


def _bars(
    name: str, labels: list[str], series: Mapping[str, list[Any]], colors: Sequence[str], *, width: int = WIDTH,
    stacked: bool = True, unit: str = "",
) -> str:  # fmt: skip
    import pygal

    kind = pygal.HorizontalStackedBar if stacked else pygal.HorizontalBar
    rows = len(labels) * (1 if stacked else len(series))
    several = len(series) > 1
    chart = kind(
        style=_style(colors),
        js=[],
        width=width,
        height=rows * BAR + MARGIN + (BAR if several else 0),
        margin=8,
        show_legend=several,
        legend_at_bottom=True,
        legend_at_bottom_columns=len(series),
        legend_box_size=10,
        print_values=True,
        print_values_position="center",
        show_x_labels=False,  # the numbers stand in the bars
        formatter=lambda value: f"{value:,.1f}{unit}" if unit else f"{value:,.0f}" if value else "",
        rounded_bars=2,
        spacing=18,
    )
    chart.uuid = f"report-{name}"
    # The first of a horizontal chart is at the bottom.
    chart.x_labels = labels[::-1]
    for title, values in series.items():
        chart.add(title, values[::-1])
    return _without_scripts(chart.render_tree())


def _without_scripts(root: Any) -> str:
    for parent in list(root.iter()):
        for child in list(parent):
            # A comment's tag is a function. Both name the day or an address, and do nothing for a reader.
            if not isinstance(child.tag, str) or child.tag.endswith("script"):
                parent.remove(child)
    return tostring(root, encoding="unicode")


def _style(colors: Sequence[str]) -> Style:
    from pygal.style import Style

    return Style(
        background="transparent", plot_background="transparent", foreground=INK, foreground_strong=INK,
        foreground_subtle=SUBTLE, font_family=FONT, label_font_family=FONT, major_label_font_family=FONT,
        value_font_family=FONT, legend_font_family=FONT, tooltip_font_family=FONT, no_data_font_family=FONT,
        label_font_size=13, major_label_font_size=13, value_font_size=12, legend_font_size=13, no_data_font_size=14,
        guide_stroke_color=NONE, major_guide_stroke_color=NONE, colors=tuple(colors), value_colors=tuple(INK for _ in colors), opacity="1", opacity_hover="1", transition="0s",
    )  # fmt: skip


def _percent(share: float | None) -> float | None:
    return None if share is None else round(share * 100, 1)
