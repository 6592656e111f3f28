"""The phone page in a real browser."""

import re

import pytest
from carrier_on_test import until

CUSTOMER = "+8613800000001"

pytestmark = pytest.mark.browser


@pytest.fixture(params=[(390, 800), (1280, 800)], ids=["phone", "desk"])
def page(chromium, request, carrier):
    width, height = request.param
    page = chromium.new_page(viewport={"width": width, "height": height}, base_url=carrier.base)
    page.set_default_timeout(5000)
    asked, problems = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    carrier.pin(CUSTOMER, "silent")
    yield page
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert all(url.startswith((carrier.base, "data:")) for url in asked)
    assert not [p for p in problems if "404" not in p]
    page.close()


def test_a_text_and_its_delivery_appear_by_themselves(page, carrier):
    page.goto(f"/phones/{CUSTOMER}")
    carrier.text(CUSTOMER, "【城南银行】您好，请问方便聊两句吗？")
    bubble = page.locator("#thread .bank")
    bubble.get_by_text("请问方便聊两句吗").wait_for()
    bubble.get_by_text(re.compile("已送达")).wait_for()


def test_what_is_typed_reaches_the_bank_and_takes_the_handset(page, carrier, bank):
    carrier.inbound_url(bank.base + "/in")
    carrier.text(CUSTOMER)
    page.goto("/")
    page.locator("#handsets a").first.click()
    page.wait_for_url(f"**/phones/{CUSTOMER}")
    page.locator("#body").fill("好的，明天下午三点")
    page.locator("#body").press("Enter")
    assert bank.wait("/in")[0].form["Body"] == "好的，明天下午三点"
    page.locator("#thread .mine").wait_for()
    assert page.locator("#body").input_value() == ""
    until(lambda: page.locator("#taken").is_checked())
    page.locator("#taken").uncheck()
    until(lambda: not carrier.control.get(f"/control/handsets/{CUSTOMER}").json()["taken"])


def test_markup_in_texts_is_inert(page, carrier):
    evil = '<script>document.title="taken"</script><img src=x onerror="document.title=1">&lt;b&gt;'
    carrier.text(CUSTOMER, evil)
    carrier.say(CUSTOMER, evil)
    page.goto(f"/phones/{CUSTOMER}")
    page.locator("#thread .mine").wait_for()
    assert page.locator("#thread p").all_inner_texts() == [evil, evil]
    assert page.locator("#thread img, #thread script, #handsets img").count() == 0
    assert page.title() == "模拟手机"


def test_a_failed_text_shows_why(page, carrier):
    carrier.pin(CUSTOMER, "unreachable_handset")
    carrier.text(CUSTOMER)
    page.goto(f"/phones/{CUSTOMER}")
    page.locator("small.failed", has_text=re.compile(r"未送达（3000[35]）")).wait_for()


def test_the_list_is_searched_and_a_new_number_opened(page, carrier):
    carrier.text(CUSTOMER)
    carrier.text("+8613911112222")
    page.goto("/")
    page.locator("#handsets a").nth(1).wait_for()
    page.locator("#search").fill("1391111")
    until(lambda: page.locator("#handsets a").count() == 1)
    page.locator("#search").fill("13700000000")
    page.get_by_text("没有这部手机").wait_for()
    page.locator("#search").press("Enter")
    page.wait_for_url("**/phones/+8613700000000")
    page.locator("#body").fill("你们是哪个银行")
    page.get_by_role("button", name="发送").click()
    page.locator("#thread .mine").wait_for()


def test_going_back_shows_the_list_again(page, carrier):
    carrier.text(CUSTOMER)
    page.goto("/")
    page.locator("#handsets a").first.click()
    page.locator("#thread li").first.wait_for()
    page.go_back()
    page.locator("#handsets a").first.wait_for()
    page.locator("#phone").wait_for(state="hidden")
