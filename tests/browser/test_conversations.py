"""Reading conversations as staff do: find one, open it by keyboard, and see it go on."""

from __future__ import annotations

from datetime import timedelta

from outreach.model import Conversation
from tests.browser.conftest import SCREENSHOTS
from tests.conftest import TUESDAY
from tests.web.console.talks import a_talk, branch_named, say
from tests.web.console.test_conversations_page import AGREED, LOST


def test_an_agent_finds_a_conversation_and_watches_it_go_on(product, seated):
    south = branch_named(product, "城南支行")
    a_talk(product, "王芳", branch=south, campaign="spring-activation")
    a_talk(product, "李强", AGREED, outcome="visit_booked", branch=south, campaign="spring-activation")
    live = a_talk(product, "赵敏", LOST, outcome=None, branch=south, campaign="spring-activation")
    for number in range(60):
        a_talk(product, f"客户{number}", opened_at=TUESDAY - timedelta(hours=number), campaign="winter", branch=south)
    seat = seated("agent")
    page = seat.go("/conversations")
    seat.look("conversations")
    page.keyboard.press("/")
    page.keyboard.type("咕噜")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=*")
    assert page.locator("tbody tr").count() == 1
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/conversations/{live}")
    seat.look("conversation-live")
    with product.sessions.begin() as db:
        say(db, db.get_one(Conversation, live), ("customer", "我现在说清楚了"), TUESDAY + timedelta(minutes=9))
    page.get_by_text("我现在说清楚了").wait_for()


def test_a_reviewer_sees_long_and_odd_words_and_no_names(product, seated):
    odd = "<script>document.title='run'</script> " + "很长的话，" * 2_000
    said = (
        ("bank", "【XX银行】您好"),
        ("customer", odd, {"intent": "out_of_scope", "confidence": 0.3, "runners_up": [["deny", 0.2]]}),
    )
    talk = a_talk(product, "王芳", said, campaign="spring-activation")
    seat = seated("reviewer")
    page = seat.go(f"/conversations/{talk}")
    assert page.title().startswith("王*")
    seat.look("conversation-long")
    seat.go("/conversations?q=nothing")
    seat.look("conversations-nothing")


def test_a_session_that_ends_while_a_page_is_open_is_told(product, seated):
    talk = a_talk(product, outcome=None)
    seat = seated("agent")
    page = seat.go(f"/conversations/{talk}")
    page.context.clear_cookies()
    page.get_by_text("会话已结束").wait_for()
    seat.expect_complaint(401)
    page.screenshot(path=SCREENSHOTS / "session-over-desk.png")
