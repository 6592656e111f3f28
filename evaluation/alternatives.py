"""How readers built otherwise would do on the same lines: the choice of views and of the model, without the rules."""

from __future__ import annotations

import json
import os
import subprocess

from rich.table import Table

from evaluation import measures
from evaluation.held_out import CHANNELS
from evaluation.models import QUIET
from evaluation.path import Reading
from evaluation.reading import console, every_line
from outreach.cli.processes import BOT_PYTHON
from outreach.places import ROOT


def main() -> None:
    """Print the table."""
    lines = [line for line in every_line() if not line.for_development]
    ran = subprocess.run(
        [BOT_PYTHON, "-m", "bot.variants"],
        input=json.dumps([line.words for line in lines], ensure_ascii=False),
        cwd=ROOT, env={**os.environ, **QUIET}, check=True, text=True, stdout=subprocess.PIPE,
    )  # fmt: skip
    figures = [f"{channel} {figure}" for channel in CHANNELS for figure in ("accuracy", "macro-F1")]
    table = Table("reader", *figures, title="readers built otherwise, without the rules", title_justify="left")
    for name, intents in json.loads(ran.stdout).items():
        readings = [Reading(line, intent, intent, None) for line, intent in zip(lines, intents, strict=True)]
        by_channel = [[one for one in readings if one.line.channel == channel] for channel in CHANNELS]
        cells = [f"{figure(held):.3f}" for held in by_channel for figure in (measures.accuracy, measures.macro_f1)]
        table.add_row(name, *cells)
    console.print(table)
