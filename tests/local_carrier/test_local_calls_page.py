"""Calls on the phone page, in a real browser."""

import pytest
from carrier_on_test import until

CUSTOMER = "+8613800000001"
ASK = '<Gather input="speech dtmf" timeout="60" speechTimeout="1" action="/said"><Say>您好，请问是王先生本人吗？</Say></Gather>'

pytestmark = pytest.mark.browser


@pytest.fixture(params=[(390, 800), (1280, 800)], ids=["phone", "desk"])
def page(chromium, request, carrier, bank):
    width, height = request.param
    page = chromium.new_page(viewport={"width": width, "height": height}, base_url=carrier.base)
    page.set_default_timeout(5000)
    page.add_init_script("window.read = []; speechSynthesis.speak = (u) => window.read.push([u.lang, u.text]);")
    asked, problems = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    carrier.take(CUSTOMER)
    carrier.rate(20)
    bank.document("/said", "<Say>好的，再见</Say><Pause length='30'/>")
    page.goto(f"/phones/{CUSTOMER}")
    page.sid = carrier.call(CUSTOMER, bank.document("/answer", ASK))
    yield page
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert all(url.startswith((carrier.base, "data:")) for url in asked)
    assert not [p for p in problems if "404" not in p]
    page.close()


def test_a_call_rings_is_answered_and_answered_by_typing(page, carrier, bank):
    page.get_by_role("button", name="接听").click()
    page.locator("#lines .bank").get_by_text("请问是王先生本人吗").wait_for()
    page.locator("#words").fill("嗯对是我")
    page.locator("#words").press("Enter")
    page.locator("#lines .callee").get_by_text("嗯对是我").wait_for()
    page.locator("#lines .bank").get_by_text("好的，再见").wait_for()
    assert bank.at("/said")[0].form["SpeechResult"] == "嗯对是我"
    assert page.evaluate("window.read") == [["zh-CN", "您好，请问是王先生本人吗？"], ["zh-CN", "好的，再见"]]
    page.get_by_role("button", name="挂断").click()
    page.locator("#call-state", has_text="通话已结束").wait_for()
    assert carrier.heard(page.sid)["ended_by"] == "callee"


def test_a_key_of_the_keypad_is_pressed_and_the_voice_can_be_muted(page, bank):
    page.get_by_role("button", name="接听").click()
    page.locator("#lines .bank").wait_for()
    page.locator("#aloud").uncheck()
    page.locator("#keypad").get_by_role("button", name="9").click()
    page.locator("#keypad").get_by_role("button", name="#").click()
    assert bank.wait("/said")[0].form["Digits"] == "9"
    page.locator("#lines .bank").get_by_text("好的，再见").wait_for()
    assert ["zh-CN", "好的，再见"] not in page.evaluate("window.read")


def test_a_call_is_turned_down(page, carrier):
    page.get_by_role("button", name="拒接").click()
    page.locator("#call-state", has_text="被拒接").wait_for()
    assert until(lambda: carrier.heard(page.sid)["sip_code"] == 603)
