"""The audit as an administrator searches it."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.web.console.test_audit_page import entries


def test_an_administrator_finds_who_did_something(product, seated):
    entries(product, 60)
    entries(product, 1, who="wang.wei", verb="sending_stopped", why="<script>document.title = 'run'</script>" * 20)
    seat = seated("admin")
    page = seat.go("/audit")
    seat.look("audit")
    assert page.title().startswith("审计")
    page.get_by_label("做了什么").select_option("sending_stopped")
    page.get_by_role("button", name="查询").click()
    expect(page.locator("tbody tr")).to_have_count(1)
    page.get_by_label("谁").fill("nobody")
    page.get_by_role("button", name="查询").click()
    expect(page.get_by_text("没有符合条件的记录")).to_be_visible()
    seat.look("audit-nothing")
