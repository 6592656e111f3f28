"""Importing customer lists: good rows stored, bad rows named, twice changes nothing."""

from __future__ import annotations

import zipfile
from datetime import UTC, date, datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import select

from outreach.campaigns import list_file
from outreach.campaigns.customer_columns import CUSTOMER_LIST
from outreach.campaigns.customer_import import import_customers
from outreach.cli import refused_rows
from outreach.documents import Refused
from outreach.model import Account, Branch, Card, Consent, Customer, suppressions
from outreach.model.suppression import Source
from outreach.spreadsheet import inert

NOW = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)
HEAD = "客户号,姓名,性别,手机号,网点,客户经理,卡尾号,发卡日,激活日,已绑借记卡,存款,净流,最近联系,短信同意,电话同意,同意日期,同意来源"
GOOD = "C1,王芳,女,13800138000,城南支行,张经理,6612,2026-01-05,,否,1.2万,-300,2026-03-01,是,否,2026-02-01,开户协议"


@pytest.fixture
def bring(sessions, sealer, tmp_path):
    def imported(*rows: str, head: str = HEAD, encoding: str = "utf-8"):
        path = tmp_path / "list.csv"
        path.write_text("\n".join([head, *rows]) + "\n", encoding=encoding)
        return import_customers(sessions, sealer, NOW, path)

    return imported


def rows(sessions, table):
    with sessions.reading() as db:
        return db.exec(select(table)).all()


def test_a_good_row_is_stored_with_card_account_consent_and_branch(bring, sessions, sealer):
    assert bring(GOOD).stored == 1
    (customer,) = rows(sessions, Customer)
    assert (customer.ref, customer.name, customer.gender, customer.manager) == ("C1", "王芳", "f", "张经理")
    assert sealer.open(customer.phone_sealed) == "+8613800138000"
    assert b"13800138000" not in customer.phone_sealed
    assert rows(sessions, Card)[0].tail == "6612"
    assert rows(sessions, Account)[0].deposits == 12000
    assert [consent.channel for consent in rows(sessions, Consent)] == ["sms"]
    assert rows(sessions, Branch)[0].hours["mon"] == [["09:00", "17:00"]]


def test_a_second_import_changes_nothing(bring):
    bring(GOOD)
    again = bring(GOOD)
    assert (again.stored, again.unchanged, again.refused) == (0, 1, [])


def test_a_changed_row_updates_the_record(bring, sessions):
    bring(GOOD)
    assert bring(GOOD.replace("2026-01-05,,", "2026-01-05,2026-06-01,")).stored == 1
    assert rows(sessions, Card)[0].activated_on.isoformat() == "2026-06-01"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_lists_are_read_in_the_encodings_banks_send(bring, sessions, encoding):
    assert bring(GOOD, encoding=encoding).stored == 1
    assert rows(sessions, Customer)[0].name == "王芳"


@pytest.mark.parametrize("written", ["2026-01-05", "2026/1/5", "20260105", "2026年1月5日"])
def test_dates_are_read_in_four_formats(bring, sessions, written):
    bring(GOOD.replace("2026-01-05", written))
    assert rows(sessions, Card)[0].issued_on.isoformat() == "2026-01-05"


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("13800138000", "1380013", "手机号"),
        ("13800138000", "010-62345678", "手机号"),
        ("13800138000", "4008001234", "手机号"),
        ("13800138000", "1.38E+10", "手机号"),
        ("13800138000", "95588", "手机号"),
        ("王芳", "", "姓名"),
        ("王芳", "王" * 60, "姓名"),
        ("女", "不详吧", "性别"),
        ("6612", "66A2", "卡尾号"),
        ("2026-01-05", "去年", "发卡日"),
        ("2026-01-05", "2027-01-05", "发卡日"),
        ("2026-01-05,,", "2026-01-05,2025-01-01,", "激活日"),
        ("1.2万", "很多", "存款"),
        ("是,否", "也许,否", "短信同意"),
    ],
)
def test_a_bad_cell_is_named_with_what_would_be_right(bring, sessions, old, new, field):
    imported = bring(GOOD.replace(old, new, 1), GOOD.replace("C1", "C2").replace("13800138000", "13800138001"))
    assert [(row.line, row.field) for row in imported.refused] == [(2, field)]
    assert imported.refused[0].fix
    assert imported.stored == 1


def test_a_phone_twice_in_a_file_names_the_first_line(bring):
    imported = bring(GOOD, GOOD.replace("C1", "C2"))
    assert "第2行" in imported.refused[0].problem


def test_a_phone_of_another_customer_is_refused(bring):
    bring(GOOD)
    assert "另一位客户C1" in bring(GOOD.replace("C1", "C9")).refused[0].problem


def test_missing_consent_is_stored_and_counted(bring, sessions):
    imported = bring(GOOD.replace("是,否", ",否"))
    assert (imported.stored, imported.without_consent) == (1, 1)


def test_consent_without_proof_is_no_consent(bring, sessions):
    imported = bring(GOOD.replace("2026-02-01,开户协议", ","))
    assert (imported.unproven_consent, rows(sessions, Consent)) == (1, [])


def test_a_list_lifts_no_suppression_and_revives_no_consent(bring, sessions, sealer):
    bring(GOOD)
    found = sealer.find("+8613800138000")
    with sessions.begin() as db:
        suppressions.add(db, found, None, Source.SAID, "退订", NOW)
    bring(GOOD.replace("是,否", "否,否"))
    bring(GOOD)
    with sessions.reading() as db:
        assert suppressions.stands(db, found, "sms")
    assert all(consent.withdrawn_at for consent in rows(sessions, Consent))


@pytest.mark.parametrize("name", ["=cmd|' /C calc'!A0", "</Say><Dial>", "{{7*7}}", "王\x0b芳", "\u202e王芳", "O'Brien"])
def test_names_that_would_do_something_are_kept_inert(bring, sessions, name):
    bring(GOOD.replace("王芳", name.replace(",", "")))
    stored = rows(sessions, Customer)[0].name
    assert "\x0b" not in stored
    assert "\u202e" not in stored


def test_refused_rows_are_written_so_that_no_spreadsheet_runs_them(bring, tmp_path):
    imported = bring(GOOD.replace("6612", "=1+1"))
    refused_rows.write(tmp_path / "refused.csv", imported.refused)
    assert "'=1+1" in (tmp_path / "refused.csv").read_text(encoding="utf-8-sig")
    assert inert("-1") == "'-1"


@pytest.mark.parametrize(
    ("head", "said"),
    [("姓名,手机号,手机号", "two columns"), ("姓名,网点", "手机号"), ("手机号", "姓名"), ("", "姓名")],
)
def test_headers_that_cannot_be_used_are_refused_as_a_whole(bring, sessions, head, said):
    with pytest.raises(Refused, match=said):
        bring(GOOD, head=head)
    assert rows(sessions, Customer) == []


def test_a_workbook_is_read_like_a_list(sessions, sealer, tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["id", "name", "phone", "issued_on", "deposits"])
    book.active.append(["C1", "王芳", 13800138000, date(2026, 1, 5), 1200.5])
    book.save(tmp_path / "list.xlsx")
    imported = import_customers(sessions, sealer, NOW, tmp_path / "list.xlsx")
    assert (imported.stored, imported.refused) == (1, [])


def test_a_zip_that_is_no_workbook_is_refused(sessions, sealer, tmp_path):
    path = tmp_path / "list.xlsx"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("a", "b")
    with pytest.raises(Refused, match="XLSX"):
        import_customers(sessions, sealer, NOW, path)


def test_own_headers_can_be_mapped(sessions, sealer, tmp_path):
    (tmp_path / "map.yml").write_text("客户姓名: name\n电话: 手机号\n", encoding="utf-8")
    (tmp_path / "list.csv").write_text("客户姓名,电话\n王芳,13800138000\n", encoding="utf-8")
    headers = list_file.read_mapping(tmp_path / "map.yml", CUSTOMER_LIST)
    assert import_customers(sessions, sealer, NOW, tmp_path / "list.csv", headers).stored == 1


def test_a_mapping_to_nothing_names_the_line(tmp_path):
    (tmp_path / "map.yml").write_text("a: name\nb: nonsense\n", encoding="utf-8")
    with pytest.raises(Refused, match=r"map.yml:2.*nonsense"):
        list_file.read_mapping(tmp_path / "map.yml", CUSTOMER_LIST)


def test_an_import_killed_half_way_can_be_run_again(sessions, sealer, tmp_path, monkeypatch):
    from outreach.campaigns import customer_import

    monkeypatch.setattr(customer_import, "BATCH", 2)
    many = [GOOD.replace("C1", f"C{i}").replace("13800138000", f"1380013{8000 + i}") for i in range(5)]
    path = tmp_path / "list.csv"
    path.write_text("\n".join([HEAD, *many]) + "\n", encoding="utf-8")

    def killed(count: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_customers(sessions, sealer, NOW, path, progress=killed)
    assert len(rows(sessions, Customer)) == 2
    again = import_customers(sessions, sealer, NOW, path)
    assert (again.stored, again.unchanged) == (3, 2)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=2000))
def test_no_bytes_at_all_end_in_anything_but_rows_or_a_refusal(tmp_path: Path, content):
    path = tmp_path / "list.csv"
    path.write_bytes(content)
    try:
        with list_file.rows(path, CUSTOMER_LIST) as read:
            list(read)
    except Refused:
        pass
