"""Lists taken away: what the page shows, in the reader's language, masked by role, no cell a formula, in the audit."""

from __future__ import annotations

import csv
from io import BytesIO, StringIO

import pytest
from openpyxl import load_workbook
from sqlmodel import select

from outreach.model import AuditEntry
from outreach.web.console import downloads
from tests.web.console.conftest import a_branch, as_role, built
from tests.web.console.talks import listed
from tests.web.console.work import BOOKS, staged, talk

CHINESE = {"Accept-Language": "zh-CN"}


@pytest.fixture(scope="module")
def shelf(database_url_of_module, tmp_path_factory):
    """Two customers, one with a name that a spreadsheet would run: a visit, and two tasks."""
    for product in built(database_url_of_module, tmp_path_factory.mktemp("exports")):
        stage = staged(product)
        talk(stage, *BOOKS)
        talk(stage, "转人工", phone="+8613800138001", name="=1+1", card_tail="6613")
        talk(stage, "我要投诉你们", phone="+8613800138002", name="李雷", card_tail="6614")
        listed(product)
        yield product
        stage.sender.close()


def table(answer) -> list[list[str]]:
    assert answer.status_code == 200, answer.text
    return list(csv.reader(StringIO(answer.content.decode("utf-8-sig"))))


def column(rows: list[list[str]], title: str) -> list[str]:
    return [row[rows[0].index(title)] for row in rows[1:]]


def test_tasks_are_taken_away_with_names_that_no_spreadsheet_runs(shelf):
    answer = as_role(shelf, "agent").get("/tasks.csv?state=open")
    rows = table(answer)
    assert 'filename="tasks.csv"' in answer.headers["content-disposition"]
    assert column(rows, "Customer") == ["'=1+1", "李雷"] or column(rows, "Customer") == ["李雷", "'=1+1"]
    assert set(column(rows, "Kind")) == {"handover", "complaint"}
    assert "138" not in answer.text, "never a number"


def test_a_filter_holds_for_the_file_too(shelf):
    assert column(table(as_role(shelf, "agent").get("/tasks.csv?kind=complaint")), "Customer") == ["李雷"]


def test_a_workbook_speaks_the_readers_language(shelf):
    answer = as_role(shelf, "agent").get("/visits.xlsx?day=2026-11-26", headers=CHINESE)
    sheet = load_workbook(BytesIO(answer.content))["到访"]
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0][:3] == ("日期", "时间", "客户")
    assert rows[1][:3] == ("2026-11-26", "上午", "王芳")


def test_names_are_masked_for_whom_they_are_masked_on_the_page(shelf):
    assert set(column(table(as_role(shelf, "reviewer").get("/conversations.csv")), "Customer")) == {
        "王*",
        "'=***",
        "李*",
    }
    assert "李雷" in column(table(as_role(shelf, "agent").get("/conversations.csv")), "Customer")


@pytest.mark.parametrize("path", ["/tasks.csv", "/visits.csv?day=2026-11-26", "/conversations.csv"])
def test_a_branch_takes_away_its_own_only(shelf, path):
    elsewhere = as_role(shelf, "agent", login="agent.north", branch_id=a_branch(shelf, "城北支行"))
    assert len(table(elsewhere.get(path))) == 1
    assert len(table(as_role(shelf, "agent").get(path))) > 1


def test_what_was_taken_away_is_in_the_audit_without_the_words_that_were_sought(product, signed_in):
    signed_in("agent").get("/conversations.csv?q=13800138000&outcome=refused")
    with product.sessions.reading() as db:
        entry = db.exec(select(AuditEntry).where(AuditEntry.verb == "conversations_exported")).one()
    assert entry.details == {"q": "yes", "outcome": "refused", "form": "csv", "rows": 0}


@pytest.mark.parametrize("path", ["/tasks.exe", "/visits.html", "/conversations.pdf"])
def test_a_form_that_there_is_not_is_not_there(shelf, path):
    assert as_role(shelf, "agent").get(path).status_code == 404


@pytest.mark.parametrize(
    ("language", "said"), [("en", "more than 1 rows match; set more filters"), ("zh-CN", "符合条件的超过 1 行")]
)
def test_a_list_that_is_too_long_is_refused_and_not_cut(shelf, monkeypatch, language, said):
    monkeypatch.setattr(downloads, "MOST_ROWS", 1)
    answer = as_role(shelf, "agent").get("/tasks.csv", headers={"Accept-Language": language})
    assert answer.status_code == 422
    assert said in answer.text
