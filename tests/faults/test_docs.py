"""docs/faults.md names tests that exist, and every fault has one."""

from __future__ import annotations

import ast
import re
from pathlib import Path

DOCUMENT = Path("docs/faults.md").read_text(encoding="utf-8")
NAMED = re.findall(r"`([\w/]+\.py)::(\w+)`", DOCUMENT)


def test_every_fault_names_what_shows_it():
    rows = re.findall(r"^\| (F\d+) .*\| (.+) \|$", DOCUMENT, re.MULTILINE)
    assert [name for name, _ in rows] == [f"F{number}" for number in range(1, 27)]
    assert all("::" in shown for _, shown in rows)


def test_every_test_that_is_named_exists():
    missing = [f"{path}::{name}" for path, name in NAMED if name not in functions(path)]
    assert missing == []


def functions(path: str) -> set[str]:
    tree = ast.parse(Path(path).read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
