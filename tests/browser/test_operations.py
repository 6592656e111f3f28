"""Those who run the product see how it does, and stop it."""

from __future__ import annotations

from tests.web.console.work import BOOKS, staged, talk


def test_an_administrator_stops_sending_and_lets_it_go_on(product, seated):
    stage = staged(product)
    talk(stage, *BOOKS)
    stage.stores("有年费吗")
    stage.sender.close()
    seat = seated("admin")
    page = seat.go("/operations")
    seat.look("operations")
    page.get_by_label("原因").fill("发错了优惠")
    page.get_by_role("button", name="停止", exact=True).click()
    page.wait_for_url("**done=stopped")
    seat.look("operations-stopped")
    page.get_by_label("为何可以恢复").fill("已更正")
    page.get_by_role("button", name="恢复发送").click()
    page.wait_for_url("**done=saved")
    assert page.get_by_text("发错了优惠").count() == 0
