"""Our YAML files: plain values with their lines, and one sentence with a line for whatever else somebody writes."""

from __future__ import annotations

import pytest

from outreach import documents
from outreach.documents import Refused

WRONG = [
    ("a: [1\nb: 2\n", 2, "cannot be read"),
    ("a: 1\na: 2\n", 2, "duplicate key"),
    ("- 1\n", 1, "is not a mapping"),
    ("", 1, "is not a mapping"),
    ("a: 1\n---\nb: 2\n", 2, "another document"),
    ("a: 1\nb: " + "[" * 3000 + "]" * 3000 + "\n", 2, "nested too deeply"),
    ("a: 1\nb: !!int abc\n", 2, "tag !!int"),
    ("a: 1\nb: !secret abc\n", 2, "tag !secret"),
    ("a: !!binary aGk=\n", 1, "tag !!binary"),
    ("a: =\n", 1, "is '='"),
    ("a: 1\nb: .inf\n", 2, ".inf is no number to count with"),
    ("a: 1e400\n", 1, "1e400 is no number"),
    ("a: .nan\n", 1, ".nan is no number"),
    ("a: 1" + "0" * 5000 + "\n", 1, "10000000000000000000… is no number"),
    ("a: 0x1" + "0" * 5000 + "\n", 1, "no number"),
    ('a: 1\nb: "x\\0y"\n', 2, "cannot be seen, U+0000"),
    ('a: "\\ud800"\n', 1, "U+D800"),
    ('"\\0": 1\n', 1, "U+0000"),
    ("a: 1\nb: x\x07y\n", 2, "U+0007"),
    ("a: &x [1]\nb: &x [2]\n", 2, "stands for something else already"),
    ("a: &x [*x]\n", 1, "repeats what repeats something"),
    ("a: &x [1, 2]\nb: &y [*x, *x]\nc: [*y, *y]\n", 2, "repeats what repeats something"),
    ("a: &x 1\nb: [" + "*x, " * 200 + "]\n", 2, "repeats what repeats something"),
    ("a: 1\n? [b]\n: 2\n", 2, "is no key"),
    ("a: 1\n~: 2\n", 2, "is no key"),
    ("true: 2\n", 1, "is no key"),
    ("<<: 5\n", 1, "cannot be read"),
    ("%YAML 3.0\n---\na: 1\n", 1, "cannot be read"),
]


@pytest.mark.parametrize(("text", "line", "problem"), WRONG)
def test_what_is_no_plain_value_is_refused_with_its_line_and_what_would_be_right(text, line, problem):
    with pytest.raises(Refused) as refused:
        documents.read(text, "c.yml")
    (found,) = refused.value.problems
    assert found.line == line
    assert problem in found.problem
    assert found.fix


def test_dates_are_the_texts_they_are_and_a_value_may_be_named_and_used_again():
    document = documents.read("day: 2026-11-31\nhours: &usual [09:00]\nvoice: *usual\nno: on\n", "c.yml")
    assert documents.plain(document.root) == {
        "day": "2026-11-31", "hours": ["09:00"], "voice": ["09:00"], "no": "on",
    }  # fmt: skip
    assert document.line("voice") == 3
