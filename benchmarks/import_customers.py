"""How fast a customer list is imported, and how much memory that takes.

    uv run python -m benchmarks.import_customers [--rows 100000] [--xlsx]

Invented rows from a seed go into a scratch database: once as a new list, once again unchanged. Prints a sentence and
one line of JSON.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import openpyxl

from outreach.campaigns.customer_import import Imported, import_customers
from outreach.model import Sessions, connect, embedded, migrate
from outreach.model.sealing import Sealer

NOW = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)
SEED = 20_261_124
HEAD = (
    "客户号", "姓名", "性别", "手机号", "网点", "客户经理", "卡尾号", "发卡日", "激活日", "已绑借记卡", "存款", "净流",
    "最近联系", "短信同意", "电话同意", "同意日期", "同意来源", "出生年", "风险等级",
)  # fmt: skip
PREFIXES = ("138", "139", "150", "159", "182", "186", "188")
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN = "芳伟娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平"


def main() -> None:
    arguments = argparse.ArgumentParser(description="Measure the import of a customer list.")
    arguments.add_argument("--rows", type=int, default=100_000)
    arguments.add_argument("--xlsx", action="store_true", help="as a workbook; CSV otherwise")
    asked = arguments.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="outreach-bench-"))
    try:
        measured = measure(folder, asked.rows, xlsx=asked.xlsx)
    finally:
        embedded.stop(folder)
        shutil.rmtree(folder, ignore_errors=True)
    print(
        f"{measured['rows']} rows of {measured['format']}: {measured['rows_per_second']} a second when new, "
        f"{measured['unchanged_per_second']} a second when unchanged, at most {measured['peak_mb']} MB"
    )
    print(json.dumps(measured))


def measure(folder: Path, rows: int, *, xlsx: bool) -> dict[str, object]:
    """Import `rows` invented customers twice."""
    path = write_xlsx(folder / "list.xlsx", rows) if xlsx else write_csv(folder / "list.csv", rows)
    sessions = connect(embedded.start(folder))
    migrate.upgrade(sessions.engine)
    first, first_seconds = timed(sessions, path)
    again, again_seconds = timed(sessions, path)
    sessions.engine.dispose()
    assert (first.stored, again.unchanged) == (rows, rows), (first.stored, again.unchanged, first.refused[:3])
    return {
        "rows": rows,
        "format": path.suffix[1:],
        "rows_per_second": round(rows / first_seconds),
        "unchanged_per_second": round(rows / again_seconds),
        "peak_mb": peak_mb(),
    }


def timed(sessions: Sessions, path: Path) -> tuple[Imported, float]:
    begun = time.perf_counter()
    imported = import_customers(sessions, Sealer(bytes(range(32))), NOW, path)
    return imported, time.perf_counter() - begun


def write_csv(path: Path, rows: int) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEAD)
        writer.writerows(invented(rows))
    return path


def write_xlsx(path: Path, rows: int) -> Path:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(HEAD)
    for row in invented(rows):
        sheet.append(row)
    book.save(path)
    return path


def invented(rows: int) -> Iterator[list[object]]:
    """Customers that nobody is, the same for the same seed."""
    chance = random.Random(SEED)
    for number in range(rows):
        issued = date(2024, 1, 1) + timedelta(days=chance.randrange(900))
        activated = issued + timedelta(days=chance.randrange(60)) if chance.random() < 0.6 else ""
        yield [
            f"C{number:08}",
            chance.choice(SURNAMES) + "".join(chance.choices(GIVEN, k=chance.randint(1, 2))),
            chance.choice("女男"),
            f"{PREFIXES[number % len(PREFIXES)]}{number // len(PREFIXES):08}",
            f"城{chance.choice('东南西北')}支行",
            f"{chance.choice(SURNAMES)}经理",
            f"{chance.randrange(10_000):04}",
            issued,
            activated,
            chance.choice(("是", "否", "")),
            f"{chance.randrange(1, 400_000):,}.50",
            chance.randrange(-50_000, 50_000),
            date(2025, 6, 1) + timedelta(days=chance.randrange(500)),
            chance.choice(("是", "是", "否", "")),
            chance.choice(("是", "否", "")),
            date(2024, 1, 1),
            "开户协议",
            chance.randrange(1950, 2005),
            f"C{chance.randint(1, 5)}",
        ]


def peak_mb() -> int:
    """The most memory this process ever held."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / (2**20 if sys.platform == "darwin" else 2**10))


if __name__ == "__main__":
    main()
