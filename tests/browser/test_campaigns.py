"""Campaigns as a marketer makes them and as somebody of compliance approves them."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from outreach.campaigns import plan
from outreach.campaigns.customer_import import import_customers
from tests.campaigns.engine import Engine, customers
from tests.conftest import TUESDAY
from tests.web.console.test_campaigns import the_campaign
from tests.web.console.work import staged


@pytest.fixture
def engine(product, tmp_path):
    stage = staged(product)
    few = {1: {"短信同意": "否", "电话同意": "否"}}
    import_customers(
        product.sessions, product.sealer, TUESDAY, customers(12, tmp_path, lambda number: few.get(number, {}))
    )
    yield Engine(stage, tmp_path)
    stage.sender.close()


def test_a_campaign_goes_from_a_form_to_its_figures(product, engine, seated):
    seat = seated("marketer")
    page = seat.go("/campaigns")
    seat.look("campaigns-none")
    page.get_by_role("button", name="新建活动").click()
    seat.look("campaign-new")
    page.get_by_label("活动名称").fill("秋季激活")
    page.get_by_label("话术").select_option("card_activation")
    page.get_by_label("客群").select_option("card_not_activated")
    page.get_by_label("第一天").fill("2026-11-24")
    page.get_by_label("最后一天").fill("2026-12-04")
    page.get_by_label("权益，每行一项").fill("benefits: 无风险，保本保收益\ngift: 一把雨伞")
    page.locator("section:last-of-type").get_by_role("button", name="检查").click()
    expect(page.get_by_role("alert").get_by_text("offer.benefits")).to_be_visible()
    seat.expect_complaint(422)
    seat.look("campaign-wrong")
    file = page.get_by_label("在这里修改后重新检查")
    file.fill(file.input_value().replace("无风险，保本保收益", "9元洗车、9元看电影"))
    page.get_by_role("button", name="检查").click()
    expect(page.locator("#forecast dd").nth(1)).to_have_text("11")
    assert page.locator("#forecast dd").all_inner_texts()[:2] == ["12", "11"]
    seat.look("campaign-checked")
    page.get_by_role("button", name="提交审批").click()
    page.wait_for_url("**done=proposed")

    judge = seated("compliance")
    seen = judge.go("/campaigns")
    seen.locator("tbody a").first.click()
    judge.look("campaign-proposed")
    seen.get_by_role("button", name="批准并启动").click()
    seen.wait_for_url("**done=approved")

    plan.plan(product.sessions, engine.stage.clock, product.house, the_campaign(product).id)
    engine.work()
    for number, words in enumerate((("不用了", "真不用"), ("方便", "行", "明天下午"), ("方便",), ("转人工",))):
        engine.hears(number, *words)
    seat.go(f"/campaigns/{the_campaign(product).id}?by=branch")
    page.wait_for_selector(".chart.drawn svg")
    seat.look("campaign")
    page.get_by_role("button", name="暂停").click()
    page.wait_for_url("**done=paused")
    seat.go("/campaigns")
    seat.look("campaigns")
