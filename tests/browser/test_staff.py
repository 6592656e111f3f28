"""Accounts as an administrator sees to them."""

from __future__ import annotations

import re

from playwright.sync_api import expect


def test_an_account_is_added_looked_after_and_disabled(product, seated):
    seat = seated("admin")
    page = seat.go("/staff")
    page.get_by_label("登录名").fill("Wang Fang")
    page.get_by_label("姓名").fill("王芳")
    page.get_by_role("button", name="新增").click()
    expect(page.get_by_role("alert")).to_be_visible()
    seat.expect_complaint(422)
    seat.look("staff-wrong")
    page.get_by_label("登录名").fill("wang.fang")
    page.get_by_role("button", name="新增").click()
    link = page.locator("#welcome").inner_text()
    assert re.search(r"/welcome/\S{40,}$", link)
    seat.look("staff-added")
    other = seated("agent", login="wang.fang")
    other.go("/account")
    page.get_by_role("link", name="员工账号").first.click()
    seat.look("staff")
    page.get_by_role("link", name="wang.fang").click()
    seat.look("staff-member")
    page.locator("form[action$=disabling]").get_by_label("原因").fill("离职")
    page.get_by_role("button", name="停用").click()
    page.wait_for_url("**done=account_disabled")
    seat.look("staff-disabled")
    assert "sign-in" in other.go("/account").url
