"""Staff answer in the bot's stead: one at a time, in words that may be said, and the bot goes on after them."""

from __future__ import annotations

import pytest
from sqlmodel import select

from outreach.model import Attempt, AuditEntry, Conversation, ConversationState, Message, TaskKind, TaskState
from tests.web.console.conftest import a_branch
from tests.web.console.work import staged, talk, the_task


@pytest.fixture
def stage(product):
    built = staged(product)
    yield built
    built.sender.close()


def state_of(product, conversation) -> ConversationState:
    with product.sessions.reading() as db:
        return db.get_one(Conversation, conversation).state


def over(client, conversation, **fields):
    return client.post(f"/answering/{conversation}/take-over", data=fields)


def says(client, conversation, words):
    return client.post(f"/answering/{conversation}/write", data={"words": words})


def back(client, conversation, **fields):
    return client.post(f"/answering/{conversation}/hand-back", data={"note": "told her the hours", **fields})


def test_the_bot_is_silent_while_somebody_answers_and_goes_on_with_the_last_text(product, stage, signed_in):
    conversation, client = talk(stage, "方便"), signed_in("agent")
    before = len(stage.sent())
    over(client, conversation)
    stage.hears("有年费吗")
    assert len(stage.sent()) == before, "the bot is silent"
    assert "有年费吗" in client.get(f"/answering/{conversation}").text
    says(client, conversation, "您好，我是张经理，首年免年费。")
    stage.deliver()
    assert stage.sent()[-1] == "【XX银行】您好，我是张经理，首年免年费。"
    stage.hears("我想想")
    stage.hears("行")
    assert len(stage.sent()) == before + 1
    back(client, conversation)
    assert state_of(product, conversation) is ConversationState.OPEN
    product.at_once.close()
    stage.deliver()
    assert len(stage.sent()) == before + 2, "one answer, to the last text"
    with product.sessions.reading() as db:
        texts = db.exec(select(Message).where(Message.conversation_id == conversation).order_by(Message.position)).all()
        heard = [one.heard.get("reading") for one in texts if one.side == "customer"]
        assert heard == ["affirm", None, None, "acknowledge"]  # 行 to an open question
        assert [one.by for one in texts if one.by] == ["agent.one"]
        verbs = set(db.exec(select(AuditEntry.verb).where(AuditEntry.what == conversation)))
    assert {"conversation_taken_over", "text_written", "conversation_handed_back"} <= verbs


def test_two_never_answer_at_once_and_the_second_is_told_who_does(product, stage, signed_in):
    conversation, first = talk(stage, "方便"), signed_in("agent")
    second = signed_in("branch_manager")
    over(first, conversation)
    told = over(second, conversation)
    assert told.status_code == 409
    assert "agent.one" in told.text
    assert says(second, conversation, "我来说").status_code == 409
    over(second, conversation, instead_of="agent.one")
    assert says(second, conversation, "现在由我来说").status_code == 303
    lost = says(first, conversation, "a text that is not lost")
    assert lost.status_code == 409
    assert "branch_manager.one" in lost.text
    assert "a text that is not lost" in lost.text


def test_one_that_had_ended_is_taken_up_again_and_ends_as_it_had(product, stage, signed_in):
    conversation, client = talk(stage, "转人工"), signed_in("agent")
    assert state_of(product, conversation) is ConversationState.CLOSED
    over(client, conversation)
    says(client, conversation, "您好，请讲。")
    back(client, conversation)
    with product.sessions.reading() as db:
        ended = db.get_one(Conversation, conversation)
        assert (ended.state, ended.outcome) == (ConversationState.CLOSED, "handed_over")
        assert db.get_one(Attempt, ended.attempt_id).outcome == "handed_over"
    assert the_task(product, TaskKind.HANDOVER).state is TaskState.DONE


def test_handing_back_can_end_the_conversation_with_an_outcome(product, stage, signed_in):
    conversation, client = talk(stage, "方便"), signed_in("agent")
    over(client, conversation)
    assert back(client, conversation, outcome="happy").status_code == 422
    assert state_of(product, conversation) is ConversationState.WITH_STAFF
    back(client, conversation, outcome="agreed")
    with product.sessions.reading() as db:
        assert db.get_one(Conversation, conversation).outcome == "agreed"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("这款产品保本保息", "must not say so"),
        ("请把验证码123456发给我", "never sent"),
        ("您的卡号是6222020200112233445", "never sent"),
        ("好" * 501, "Longer than 500"),
        ("   ", "nothing to send"),
    ],
)
def test_words_that_must_not_be_sent_are_refused_and_kept(product, stage, signed_in, words, said):
    conversation, client = talk(stage, "方便"), signed_in("agent")
    over(client, conversation)
    refused = says(client, conversation, words)
    assert refused.status_code == 422
    assert said in refused.text
    assert words.strip() in refused.text
    with product.sessions.reading() as db:
        assert db.exec(select(Message).where(Message.by == "agent.one")).all() == []


def test_a_customer_who_stopped_us_gets_no_text_of_anybody(product, stage, signed_in):
    conversation, client = talk(stage, "方便"), signed_in("agent")
    over(client, conversation)
    stage.hears("退订")
    refused = says(client, conversation, "再考虑一下吧")
    assert refused.status_code == 422
    over(client, conversation)
    assert "does not want texts" in says(client, conversation, "再考虑一下吧").text


def test_an_open_complaint_is_settled_before_anything_is_sent(product, stage, signed_in):
    conversation, client = talk(stage, "我要投诉你们"), signed_in("agent")
    over(client, conversation)
    assert "complaint is open" in says(client, conversation, "对不起").text


def test_the_counter_knows_segments_and_what_is_wrong(product, signed_in):
    client = signed_in("agent")
    assert "70 characters, 1 segments" in client.post("/answering/check", data={"words": "好" * 64}).text
    assert "71 characters, 2 segments" in client.post("/answering/check", data={"words": "好" * 65}).text
    assert "must not say so" in client.post("/answering/check", data={"words": "零风险"}).text


def test_another_branch_neither_sees_nor_answers(product, stage, signed_in):
    conversation = talk(stage, "转人工")
    elsewhere = signed_in("agent", login="agent.north", branch_id=a_branch(product, "城北支行"))
    assert "王芳" in signed_in("agent").get("/answering").text
    assert "王芳" not in elsewhere.get("/answering").text
    assert elsewhere.get(f"/answering/{conversation}").status_code == 404
    assert over(elsewhere, conversation).status_code == 404
