"""The checklist is the bank's file: read in its order, refused with its line."""

from __future__ import annotations

import pytest

from outreach.documents import Refused
from outreach.places import CONFIG
from outreach.review import checklist

LINE = "criteria:\n  heard: {zh: 听懂客户, en: heard}\n"


def read(tmp_path, text: str) -> checklist.Checklist:
    path = tmp_path / "checklist.yml"
    path.write_text(text, encoding="utf-8")
    return checklist.read(path)


def test_the_shipped_list_is_read():
    shipped = checklist.read(CONFIG / "checklist.yml")
    assert shipped.label("heard_rightly", "zh") == "听懂客户"
    assert shipped.label("gone_since", "en") == "gone since"


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("criteria:\n", 1, "names no criterion"),
        ("questions: {}\n", 1, "names no criterion"),
        (LINE + "title: x\n", 3, "title"),
        (LINE + "  heard: {zh: 听, en: heard}\n", 3, "heard"),
        (LINE + "  Heard It: {zh: 听, en: heard}\n", 3, "is not a name"),
        (LINE + "  note: {zh: 备注, en: note}\n", 3, "field of the form"),
        (LINE + "  ended: 结束得当\n", 3, "has no words"),
        (LINE + "  ended: {zh: 结束得当}\n", 3, "criteria.ended.en: is missing"),
        (LINE + "  ended: {zh: 结束得当, en: ended, fr: fini}\n", 3, "criteria.ended.fr"),
        ("criteria:\n" + "".join(f"  one_{n}: {{zh: 一, en: one}}\n" for n in range(10)), 1, "at most 9"),
    ],
)
def test_a_list_that_cannot_be_used_is_refused_with_its_line(tmp_path, text, line, said):
    with pytest.raises(Refused) as refused:
        read(tmp_path, text)
    assert [(one.file.endswith("checklist.yml"), one.line, said in str(one)) for one in refused.value.problems] == [
        (True, line, True)
    ]
