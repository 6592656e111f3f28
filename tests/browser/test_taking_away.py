"""Lists taken away, a recording wound forward, and a flow changed, as those who do it see it, in both languages."""

from __future__ import annotations

import io
import wave

import pytest
from playwright.sync_api import expect
from sqlmodel import select

from outreach.model import Call, Message, Recording
from tests.conftest import TUESDAY
from tests.web.console.talks import a_talk, branch_named
from tests.web.console.work import BOOKS, staged, talk

SECONDS, RATE = 20, 8_000


@pytest.fixture
def worked(product):
    """Tasks, visits, conversations, one of them with a grade."""
    stage = staged(product)
    talk(stage, *BOOKS)
    talk(stage, "转人工", phone="+8613800138001", name="李雷", card_tail="6613")
    a_talk(product, "赵敏", rating=2, branch=branch_named(product, "城南支行"))
    yield
    stage.sender.close()


@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
def test_lists_are_taken_away(worked, seated, language):
    seat = seated("agent", language=language)
    for path, name in (("/tasks", "tasks"), ("/visits?day=2026-11-26", "visits"), ("/conversations?rating=2", "rated")):
        page = seat.go(path)
        with page.expect_download() as taken:
            page.get_by_role("link", name="CSV").click()
        assert taken.value.suggested_filename.endswith(".csv")
        seat.look(f"take-away-{name}-{language}")


def test_a_reviewer_winds_a_recording_forward(product, seated):
    conversation = a_talk(product, channel="voice", rating=5)
    sound = io.BytesIO()
    with wave.open(sound, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(bytes(2 * RATE * SECONDS))
    with product.sessions.begin() as db:
        call = db.exec(select(Message).where(Message.conversation_id == conversation)).first().id
        db.add(Call(id=call, conversation_id=conversation, claimed_at=TUESDAY, recorded=True))
        db.flush()
        sealed = product.sealer.seal_sound(sound.getvalue())
        db.add(Recording(id=call, carrier_ref="RE1", announced_at=TUESDAY, sound=sealed))
    seat = seated("reviewer")
    page = seat.go(f"/conversations/{conversation}")
    page.evaluate(
        "() => { const player = document.querySelector('audio'); player.preload = 'auto'; player.load();"
        " player.addEventListener('loadedmetadata', () => { player.currentTime = 15; });"
        " player.addEventListener('seeked', () => { document.body.dataset.at = player.currentTime; }); }"
    )
    page.wait_for_selector('body[data-at="15"]')
    seat.look("conversation-recorded")


@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
def test_a_flow_is_changed_in_the_page(worked, seated, language):
    seat = seated("marketer", language=language)
    page = seat.go("/scripts/card_activation/draft?path=card_activation/script.yml")
    field = page.locator("textarea.file")
    field.fill(field.input_value().replace("ask_offer: benefits", "ask_offre: nowhere"))
    page.locator("button[value=check]").click()
    expect(page.get_by_role("alert").get_by_text("card_activation/script.yml").first).to_be_visible()
    seat.expect_complaint(422)
    seat.look(f"script-flow-refused-{language}")
