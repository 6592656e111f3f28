"""Compliance honours a customer's requests."""

from __future__ import annotations

import pytest

from tests.web.console.work import BOOKS, staged, talk


@pytest.fixture
def stage(product):
    built = staged(product)
    yield built
    built.sender.close()


def test_compliance_finds_hands_over_and_erases(stage, seated):
    talk(stage, *BOOKS)
    stage.hears("退订")
    seat = seated("compliance")
    page = seat.go("/customers")
    seat.look("customers")
    page.get_by_label("客户号、手机号或编号").fill("13800138000")
    page.keyboard.press("Enter")
    page.wait_for_url("**/customers/*")
    seat.look("customer")
    handed = page.locator("form[action$=export]")
    handed.get_by_label("原因").fill("客户当面要求")
    with page.expect_download() as downloaded:
        handed.get_by_role("button").click()
    assert downloaded.value.suggested_filename.endswith(".xlsx")
    erased = page.locator("form[action$=erase]")
    erased.get_by_label("原因").fill("客户当面要求")
    erased.get_by_label("我已确认").check()
    erased.get_by_role("button").click()
    page.wait_for_url("**done=erased")
    seat.look("customer-erased")
