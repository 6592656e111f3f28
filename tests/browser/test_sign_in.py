"""Signing in: from the first start's link to a session, with a real authenticator's code."""

from __future__ import annotations

from datetime import timedelta

import pyotp
from playwright.sync_api import expect

from outreach.clock import machine_now
from outreach.staff import accounts

PASSWORD = "seven quiet herons at dusk"


def test_the_first_administrator_sets_up_an_account_and_signs_in(product, console, seated):
    with product.sessions.begin() as db:
        token = accounts.first_link(db, machine_now())
    seat = seated(None)
    page = seat.go(f"/welcome/{token}")
    seat.look("welcome")
    secret = page.locator("code.secret").inner_text()
    page.fill("[name=password]", PASSWORD)
    page.fill("[name=repeated]", PASSWORD)
    page.fill("[name=code]", pyotp.TOTP(secret).now())
    page.get_by_role("button", name="保存").click()
    page.wait_for_url("**/sign-in?done=set_up")
    seat.look("sign-in")
    page.fill("[name=login]", "admin")
    page.fill("[name=password]", PASSWORD)
    page.fill("[name=code]", "000000")
    page.get_by_role("button", name="登录").click()
    assert "错误" in page.locator(".problem").inner_text()
    # The code of the set-up was taken; the next one is half a minute away, but clocks may differ by one step.
    page.fill("[name=password]", PASSWORD)
    page.fill("[name=code]", pyotp.TOTP(secret).at(machine_now() + timedelta(seconds=30)))
    page.get_by_role("button", name="登录").click()
    page.get_by_role("button", name="退出").wait_for()
    seat.go("/audit")
    seat.expect_complaint(401)
    seat.look("audit-first")
    page.get_by_role("button", name="退出").click()
    page.wait_for_url("**/sign-in?done=signed_out")
    assert page.goto(console + "/audit").url.endswith("/sign-in?next=%2Faudit")


def test_the_page_speaks_the_language_one_chooses(seated):
    seat = seated("admin")
    page = seat.go("/account")
    assert page.locator("html").get_attribute("lang") == "zh-CN"
    seat.look("account")
    page.get_by_role("button", name="English").click()
    assert page.locator("html").get_attribute("lang") == "en"
    expect(page.get_by_role("button", name="Sign out", exact=True)).to_be_visible()


def test_the_keyboard_skips_to_the_content(seated):
    page = seated("admin").go("/audit")
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "跳到内容"
    page.keyboard.press("Enter")
    assert page.locator(":focus").get_attribute("id") == "content"
