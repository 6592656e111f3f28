"""An agent takes a conversation over, writes with the counter running, and hands it back."""

from __future__ import annotations

import pytest

from tests.web.console.work import staged, talk


@pytest.fixture
def stage(product):
    built = staged(product)
    yield built
    built.sender.close()


def test_an_agent_answers_a_customer_and_hands_back(stage, seated):
    talk(stage, "方便", phone="+8613800138001", name="李雷", card_tail="6613")
    talk(stage, "转人工")
    seat = seated("agent")
    page = seat.go("/answering")
    seat.look("answering")
    page.get_by_role("link", name="王芳").click()
    page.wait_for_url("**/answering/*")
    page.keyboard.press("t")
    page.wait_for_url("**done=taken_over")
    stage.hears("你们几点开门")
    page.get_by_text("你们几点开门").wait_for()
    page.get_by_label("您的回复").fill("您好，保证收益")
    page.locator("#check .wrong").wait_for()
    seat.look("answer-wrong")
    page.get_by_label("您的回复").fill("您好，我们九点开门，欢迎您来。")
    page.locator("#check .wrong").wait_for(state="detached")
    page.get_by_role("button", name="发送").click()
    page.wait_for_url("**done=queued")
    page.get_by_label("备注").fill("已告知营业时间")
    seat.look("answer")
    page.get_by_role("button", name="交回").click()
    page.wait_for_url("**done=handed_back")
    seat.look("answer-handed-back")
