"""Tasks, visits and lost contacts as those who do the work use them."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.web.console.work import BOOKS, staged, talk, visits_of


@pytest.fixture
def stage(product):
    built = staged(product)
    yield built
    built.sender.close()


def test_an_agent_takes_a_task_and_finishes_it_by_keyboard(stage, seated):
    talk(stage, "转人工")
    talk(stage, "我要投诉你们", phone="+8613800138001", name="<script>document.title = 1</script>", card_tail="6613")
    talk(stage, "我早就激活了", phone="+8613800138002", name="李雷", card_tail="6614")
    seat = seated("agent")
    page = seat.go("/tasks")
    seat.look("tasks")
    assert page.locator("tbody tr").first.locator("a").inner_text() in {"投诉", "complaint"}
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/tasks/*")
    seat.look("task")
    page.keyboard.press("t")
    page.wait_for_url("**done=taken")
    page.get_by_label("处理情况").fill("查过了，还没有激活")
    page.get_by_label("对话结果").select_option("considering")
    page.get_by_label("对话结果").press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**done=finished")
    seat.look("task-done")


def test_the_whole_number_is_shown_to_whoever_says_why(stage, seated):
    talk(stage, "转人工")
    seat = seated("agent")
    page = seat.go("/tasks")
    page.locator("tbody a").first.click()
    expect(page.get_by_text("138****8000")).to_be_visible()
    page.get_by_label("查看完整号码的原因").fill("给客户回电")
    page.get_by_role("button", name="显示号码").click()
    expect(page.get_by_text("+8613800138000")).to_be_visible()


def test_a_session_that_ends_in_a_form_loses_nothing(product, stage, seated):
    talk(stage, "转人工")
    seat = seated("agent")
    page = seat.go("/tasks")
    page.locator("tbody a").first.click()
    page.get_by_label("处理情况").fill("一段很长的话")
    page.context.clear_cookies()
    page.get_by_role("button", name="完成").click()
    assert page.locator("[name=note]").input_value() == "一段很长的话"


def test_a_branch_sees_who_comes_and_moves_a_visit(product, stage, seated):
    visit = visits_of(product, talk(stage, *BOOKS))[0]
    seat = seated("branch_manager")
    page = seat.go("/visits?day=2026-11-26&span=week")
    seat.look("visits-week")
    page.goto(seat.base + f"/visits/{visit.id}")
    page.get_by_label("日期").fill("2026-11-28")
    page.get_by_role("button", name="改期").click()
    seat.expect_complaint(422)
    seat.look("visit-closed-then")
    page.get_by_label("日期").fill("2026-11-27")
    page.get_by_role("button", name="改期").click()
    page.wait_for_url("**done=moved")
    seat.look("visits-day")


def test_a_number_is_put_right(stage, seated):
    talk(stage, "我不是她")
    seat = seated("agent")
    page = seat.go("/lost-contacts")
    seat.look("lost-contacts")
    page.get_by_role("link", name="更正: 王芳").click()
    page.get_by_label("正确的号码").fill("1380013800")
    page.get_by_label("如何得知").fill("网点来电")
    page.get_by_role("button", name="保存").click()
    seat.expect_complaint(422)
    seat.look("lost-contact")
    page.get_by_label("正确的号码").fill("13912345678")
    page.get_by_role("button", name="保存").click()
    page.wait_for_url("**done=number_corrected")
    seat.look("lost-contacts-none")
