"""Import 100,000 invented customers in a process of its own: rows per second, and the most memory it took."""

from __future__ import annotations

import csv
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from outreach.campaigns.customer_import import import_customers
from outreach.cli import scratch, store
from outreach.cli.demo_data import HEADERS
from outreach.model import connect

ROWS = 100_000
MOST_MB = 300


def main() -> None:
    """Print one line."""
    runtime = store.build()
    with tempfile.TemporaryDirectory() as folder, scratch.database(runtime.database_url) as url:
        path = Path(folder) / "customers.csv"
        _write(path)
        ran = subprocess.run(
            [sys.executable, "-m", "benchmarks.customer_import", str(path), url],
            check=True,
            capture_output=True,
            text=True,
        )
    stored, seconds, megabytes = ran.stdout.split()
    print(
        f"import      {int(stored):,} rows in {float(seconds):.1f} s: {int(stored) / float(seconds):,.0f} rows/s, "
        f"peak {float(megabytes):.0f} MB (at most {MOST_MB})"
    )


def _write(path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADERS)
        for index in range(ROWS):
            writer.writerow(
                (
                    f"B{index}", f"王{chr(0x4E00 + index % 5000)}", "女", 13_500_000_000 + index, f"第{index % 40}支行", "张经理",
                    f"{index % 10000:04}", "2026-01-05", "", "否", index, -index % 1000, "2026-03-01", "是", "否",
                    "2026-02-01", "开户协议",
                )
            )  # fmt: skip


def _import(path: Path, url: str) -> None:
    """What the child does: the import alone, so that its memory is the import's."""
    started = time.perf_counter()
    imported = import_customers(connect(url), store.build().sealer, datetime.now(UTC), path)
    seconds = time.perf_counter() - started
    print(imported.stored, seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


if __name__ == "__main__":
    _import(Path(sys.argv[1]), sys.argv[2])
