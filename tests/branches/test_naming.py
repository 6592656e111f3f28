"""Branches by name, nickname, street, part of town, and by what is nearly their name."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from outreach.branches import Known, leaves_it_open, named, names_another

FILE = Path(__file__).with_name("names.txt")
LINES = [line for line in FILE.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
NOTHING, UNKNOWN = "-", "?"


def branches() -> list[Known]:
    known = []
    for line in LINES:
        if line.startswith("branch "):
            name, area, address, aliases = re.split(r"\s+", line.removeprefix("branch "))
            calls = () if aliases == NOTHING else tuple(aliases.split("、"))
            known.append(Known(name, name, calls, area, address))
    return known


BRANCHES = branches()
CASES = [tuple(line.split(" = ")) for line in LINES if " = " in line]


@pytest.mark.parametrize(("words", "meant"), CASES)
def test_words_mean_the_branches_of_the_table(words: str, meant: str):
    assert sorted(one.name for one in named(words, BRANCHES)) == [
        name for name in meant.split(" | ") if name not in {NOTHING, UNKNOWN}
    ]


@pytest.mark.parametrize(("words", "meant"), [case for case in CASES if case[1] in {NOTHING, UNKNOWN}])
def test_a_name_that_no_branch_has_is_told_from_no_name(words: str, meant: str):
    assert names_another(words, BRANCHES) == (meant == UNKNOWN)


def test_no_branches_are_no_trouble():
    assert named("城南支行", []) == []


@pytest.mark.parametrize(
    "words", ["都行", "都可以", "随便", "哪个近去哪个", "近的那个", "离得近一点的", "你们定吧", "好的", "嗯", "行吧"]
)
def test_who_leaves_it_to_us_is_understood(words: str):
    assert leaves_it_open(words)


@pytest.mark.parametrize("words", ["城南", "去城北支行", "我不知道", "不去了", "你们在哪"])
def test_who_names_or_refuses_does_not_leave_it_to_us(words: str):
    assert not leaves_it_open(words)
