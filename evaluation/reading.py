"""What customers' words are read as: the product beside stock Rasa, on the held-out lines, by channel and style."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from evaluation import held_out, measures, models, path, stock
from evaluation.held_out import CHANNELS, Line
from evaluation.path import Reading

WORST = 30
console = Console(width=120, highlight=False)


def main() -> None:
    """Print every figure, side by side."""
    _print({"product": products_readings(), "stock": stock_readings()})


def product() -> None:
    """Print the product's figures alone, for those who cannot wait for stock to be trained."""
    _print({"product": products_readings()})


def _print(read: dict[str, list[Reading]]) -> None:
    for channel in CHANNELS:
        shown = {name: _of(readings, channel) for name, readings in read.items()}
        _print_styles(channel, shown)
        _print_stops(channel, shown)
        _print_calibration(channel, shown)
    for channel in CHANNELS:
        _print_intents(channel, {name: _of(readings, channel) for name, readings in read.items()})
    _print_confusions([one for channel in CHANNELS for one in _of(read["product"], channel)])


def products_readings(model: Path = models.PRODUCT) -> list[Reading]:
    """What a model of ours, behind the rules, makes of every held-out line."""
    lines = every_line()
    return path.products(lines, models.read(model, [line.words for line in lines]))


def stock_readings() -> list[Reading]:
    """What stock Rasa makes of every held-out line."""
    lines = every_line()
    return path.models(lines, models.read(stock.model(), [line.words for line in lines]))


def every_line() -> list[Line]:
    return [line for channel in CHANNELS for line in held_out.lines(channel)]


def reported(readings: Sequence[Reading]) -> list[Reading]:
    """The readings that figures are about: of the lines that nobody looked at."""
    return [one for one in readings if not one.line.for_development]


def _of(readings: Sequence[Reading], channel: str) -> list[Reading]:
    return [one for one in reported(readings) if one.line.channel == channel]


def _print_styles(channel: str, read: dict[str, list[Reading]]) -> None:
    table = Table(title=f"{channel}: accuracy and macro-F1 by style", title_justify="left")
    for heading in ("style", "lines", *(f"{name} {figure}" for name in read for figure in ("accuracy", "macro-F1"))):
        table.add_column(heading, justify="left" if heading == "style" else "right")
    for style in [None, *sorted({one.line.style for one in read["product"]})]:
        rows = {name: [one for one in readings if style in (None, one.line.style)] for name, readings in read.items()}
        figures = [f"{figure(held):.3f}" for held in rows.values() for figure in (measures.accuracy, measures.macro_f1)]
        table.add_row(style or "all", str(len(rows["product"])), *figures)
    console.print(table)


def _print_stops(channel: str, read: dict[str, list[Reading]]) -> None:
    table = Table("", *read, title=f"{channel}: stops and what is out of scope", title_justify="left")
    stops = {name: measures.stops(readings) for name, readings in read.items()}
    outside = {name: measures.outside(readings) for name, readings in read.items()}
    rows: list[tuple[str, Callable[[str], float]]] = [
        ("opt_out recall (done or asked)", lambda name: stops[name].recall),
        ("  of which asked first", lambda name: stops[name].asked),
        ("opt_out precision", lambda name: stops[name].precision),
        ("false stops", lambda name: stops[name].false),
        ("asked about a stop in vain", lambda name: stops[name].false_asked),
        ("out of scope, left alone", lambda name: outside[name].left),
        ("in scope, asked again", lambda name: outside[name].lost),
        ("calibration error", lambda name: measures.calibration_error(read[name])),
    ]
    for heading, figure in rows:
        table.add_row(heading, *(f"{100 * figure(name):.2f} %" for name in read))
    console.print(table)


def _print_calibration(channel: str, read: dict[str, list[Reading]]) -> None:
    headings = [f"{name} {figure}" for name in read for figure in ("lines", "sure", "right")]
    table = Table("confidence", *headings, title=f"{channel}: how often it is right when so sure", title_justify="left")
    bins = {name: measures.reliability(readings) for name, readings in read.items()}
    for at in range(measures.BINS):
        held = [bins[name][at] for name in read]
        cells = [cell for one in held for cell in (str(one.lines), f"{one.confidence:.2f}", f"{one.right:.2f}")]
        table.add_row(f"{at / measures.BINS:.1f} to {(at + 1) / measures.BINS:.1f}", *cells)
    console.print(table)


def _print_intents(channel: str, read: dict[str, list[Reading]]) -> None:
    table = Table("intent", "lines", *read, title=f"{channel}: F1 by intent, the worst first", title_justify="left")
    scores = {name: measures.f1(readings) for name, readings in read.items()}
    for intent in sorted(scores["product"], key=lambda one: scores["product"][one]):
        lines = sum(one.line.intent == intent for one in read["product"])
        table.add_row(intent, str(lines), *(f"{scores[name].get(intent, 0):.3f}" for name in read))
    console.print(table)


def _print_confusions(readings: Sequence[Reading]) -> None:
    title = "product: what stays wrong, the most frequent first"
    table = Table("meant", "read as", "lines", "styles", title=title, title_justify="left")
    found = measures.confusions(readings)
    for right, read, times, styles in found[:WORST]:
        table.add_row(right, read, str(times), styles)
    console.print(table)
    wrong = sum(times for _, _, times, _ in found)
    console.print(f"{wrong} of {len(readings)} lines wrong, in {len(found)} kinds")
