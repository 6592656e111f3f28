"""Scripts as a marketer reads, changes and tries them, and as somebody of compliance decides about them."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from outreach.dialogue.rehearsal import Rehearsal
from tests.web.console.talks import listed
from tests.web.console.work import READINGS, staged, talk

READ = READINGS | {"你们额度太低": "object_low_limit"}


@pytest.fixture
def talked(product):
    """Some customers who came to different ends."""
    stage = staged(product)
    product.__dict__["dialogue"] = Rehearsal(lambda words: READ.get(words, "nlu_fallback"))
    ways = (("方便", "行", "后天上午"), ("方便", "不用了", "真不用"), ("方便",), ("不用了", "真不用"), ("转人工",))
    for number, words in enumerate(ways):
        talk(stage, *words, phone=f"+861380013800{number}")
    listed(product)
    yield
    stage.sender.close()


def test_a_script_is_read_changed_proposed_and_approved(product, talked, seated):
    seat = seated("marketer")
    page = seat.go("/scripts")
    seat.look("scripts")
    page.get_by_role("link", name="信用卡激活邀约").click()
    assert "到达 5 · 流失 " in page.locator(".station", has_text="introduce").text_content()
    seat.look("script")
    page.get_by_label("画出所有步骤").check()
    page.wait_for_url("**whole=true**")
    seat.look("script-whole")
    page.get_by_role("link", name="全部话术").click()
    page.get_by_text("各话术共用的话").first.click()
    seat.look("script-lines")

    page.get_by_role("link", name="修改措辞").click()
    page.get_by_label("打开另一个文件").select_option("card_activation/sms/opening.j2")
    page.get_by_role("button", name="检查").click()
    field = page.locator("textarea.file")
    field.fill(
        field.input_value().replace("拒收请回复R", "").replace("现在方便吗", "现在方便吗？本产品保本保收益")
        + "<script>"
    )
    page.get_by_role("button", name="检查").click()
    expect(page.get_by_role("alert").get_by_text("card_activation/sms/opening.j2").first).to_be_visible()
    seat.expect_complaint(422)
    seat.look("script-draft-refused")
    field.fill(
        field.input_value()
        .replace("本产品保本保收益", "")
        .replace("<script>", "")
        .replace("现在方便吗？？", "您现在方便聊两句吗？")
    )
    page.get_by_role("button", name="检查").click()
    assert "您现在方便聊两句吗" in page.locator("aside .bubble").inner_text()
    seat.look("script-draft")
    page.get_by_role("button", name="提交").click()
    page.wait_for_url("**done=version_proposed")
    seat.look("script-proposed")

    judge = seated("compliance")
    seen = judge.go("/scripts")
    seen.get_by_text("第 2 版，marketer.one 提交").click()
    judge.look("script-version")
    seen.get_by_role("button", name="批准并发布").click()
    seen.wait_for_url("**done=version_approved")
    seen.get_by_role("link", name="流程与统计").click()
    seen.get_by_role("link", name="第 1 版").click()
    seen.get_by_label("恢复的原因").fill("客户反映听不懂新的开场白")
    seen.get_by_role("button", name="恢复使用").click()
    seen.wait_for_url("**done=version_restored")
    judge.look("script-restored")
    seen.get_by_role("link", name="流程与统计").click()
    judge.look("script-compliance")


def test_a_script_is_tried_by_text_and_as_if_by_voice(product, talked, seated):
    seat = seated("reviewer")
    page = seat.go("/scripts/card_activation/trial")
    for words in ("方便", "你们额度太低", "行"):
        page.get_by_label("您的短信").fill(words)
        page.get_by_role("button", name="发送").click()
    expect(page.locator(".talk li")).to_have_count(7)
    seat.look("script-trial-text")
    product.dialogue.down = True
    page.get_by_label("您的短信").fill("后天上午<script>alert(1)</script>")
    page.get_by_role("button", name="发送").click()
    expect(page.get_by_role("alert").get_by_text("机器人暂时没有回应")).to_be_visible()
    assert page.get_by_label("您的短信").input_value() == "后天上午<script>alert(1)</script>"
    seat.expect_complaint(503)
    seat.look("script-trial-bot-down")
    product.dialogue.down = False
    page.get_by_label("您的短信").fill("后天上午")
    page.get_by_role("button", name="发送").click()
    expect(page.get_by_text("已约到访").first).to_be_visible()

    page.get_by_label("渠道").select_option("voice")
    page.get_by_role("button", name="重新开始").click()
    page.get_by_role("button", name="不说话").click()
    page.get_by_label("您说").fill("9")
    page.get_by_role("button", name="发送").click()
    expect(page.get_by_text("对话到此结束")).to_be_visible()
    seat.look("script-trial-voice")


def test_pages_of_scripts_are_in_english_too(product, talked, seated):
    seat = seated("compliance", language="en-GB")
    seat.go("/scripts/card_activation")
    seat.look("script-english")
