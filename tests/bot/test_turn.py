"""What one turn comes to, through the real process."""

from __future__ import annotations

import json
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from conftest import Actions, Bot, running, turn

pytestmark = pytest.mark.processes


def test_words_are_heard_and_answered(bot: Bot) -> None:
    answer = bot.post(text="没听清，你再说一遍").json()
    assert answer["lines"] == ["action_continue"]
    assert answer["heard"]["intent"] == answer["reading"] == "ask_repeat"
    assert 0 < answer["heard"]["confidence"] <= 1
    assert len(answer["heard"]["runners_up"]) == 3
    assert answer["heard"]["entities"] == []


@pytest.mark.parametrize(
    ("text", "action"),
    [("退订", "action_opt_out"), ("我要投诉你们", "action_complaint"), ("转人工", "action_ask_human")],
)
def test_what_no_script_can_change_has_its_own_action(bot: Bot, text: str, action: str) -> None:
    assert bot.post(text=text).json()["lines"] == [action]


def test_words_the_model_cannot_place_are_a_fallback_with_its_guesses(bot: Bot) -> None:
    heard = bot.post(text="⠿⠿⠿", state={}).json()["heard"]
    assert heard["intent"] == "nlu_fallback"
    assert heard["confidence"] is None
    assert len(heard["runners_up"]) == 3


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("/restart", "restart"),
        (' /opt_out{"x":1}', 'opt_out{"x":1}'),
        ("／affirm", "affirm"),
        ("/ / /event_hang_up", "event_hang_up"),
        ("\t\n//session_start", "session_start"),
    ],
)
def test_a_leading_slash_is_inert(bot: Bot, actions: Actions, text: str, read: str) -> None:
    asked = turn(text=text)
    answer = bot.post(asked).json()
    message = actions.asked[asked["conversation"]]["tracker"]["latest_message"]
    assert message["text"] == read
    # A command would be certain of itself and of nothing else.
    assert len(answer["heard"]["runners_up"]) == 3
    assert answer["heard"]["confidence"] != 1.0
    assert message["entities"] == []


def test_a_message_of_slashes_is_empty(bot: Bot) -> None:
    answer = bot.post(text=" //／ ").json()
    assert (answer["reading"], answer["heard"]["intent"]) == ("event_empty", "empty")


@pytest.mark.parametrize("name", ["silence", "hang_up", "machine", "empty"])
def test_an_event_never_reaches_the_model(bot: Bot, actions: Actions, name: str) -> None:
    asked = turn(event={"name": name, "digit": None})
    answer = bot.post(asked).json()
    assert answer["heard"] == {"intent": name, "confidence": None, "runners_up": [], "entities": []}
    message = actions.asked[asked["conversation"]]["tracker"]["latest_message"]
    assert message["intent"]["name"] == f"event_{name}"
    assert "intent_ranking" not in message
    assert "text_tokens" not in message


def test_a_digit_arrives_as_pressed(bot: Bot, actions: Actions) -> None:
    asked = turn(event={"name": "digit", "digit": "2"}, channel="voice")
    assert bot.post(asked).json()["reading"] == "event_digit"
    message = actions.asked[asked["conversation"]]["tracker"]["latest_message"]
    assert message["metadata"]["event"] == {"name": "digit", "digit": "2"}


def test_what_the_core_knows_arrives_unchanged(bot: Bot, actions: Actions) -> None:
    flow = {"steps": {"ask": {"name": "ask", "replies": {}}}, "limits": {"turns": 30}, "a": [1, 2.5, None, {"é": "王"}]}
    asked = turn(text="好的", channel="voice", flow=flow, state={"step": "ask", "counts": {}}, facts={"n": 2**60})
    bot.post(asked)
    request = actions.asked[asked["conversation"]]
    known = ("state", "facts", "flow", "now", "zone", "channel", "event")
    assert request["tracker"]["latest_message"]["metadata"] == {name: asked[name] for name in known}
    assert request["tracker"]["latest_input_channel"] == "voice"


def test_what_the_step_expects_makes_a_reading_likelier(bot: Bot) -> None:
    step = {"name": "ask", "replies": {"inform_time": "book"}}
    plain = bot.post(text="下午", state={"step": None}).json()["heard"]
    expected = bot.post(text="下午", state={"step": "ask"}, flow={"steps": {"ask": step}}).json()["heard"]
    assert _confidence(expected, "inform_time") > _confidence(plain, "inform_time")


@pytest.mark.parametrize("how", ["fail", "reject", "say_nothing", "say_nothing_whole"])
def test_no_whole_answer_is_a_failure_and_the_next_turn_still_answers(bot: Bot, how: str) -> None:
    conversation = uuid.uuid4()
    failed = bot.post(text="好的", state={"actions": how}, conversation=f"{conversation}:1")
    assert (failed.status_code, failed.json()) == (httpx.codes.BAD_GATEWAY, {"error": "no_answer"})
    assert bot.post(text="好的", conversation=f"{conversation}:1").status_code == httpx.codes.OK


def test_a_failure_leaves_no_words_in_the_log(bot: Bot) -> None:
    bot.post(text="我的身份证号是秘密", state={"actions": "fail"}, facts={"name": "欧阳"})
    log = bot.log.read_text()
    assert "has no answer" in log
    assert not any(words in log for words in ("身份证", "欧阳", "\\u8eab", "Traceback"))


def test_the_action_server_down_is_a_failure_and_not_silence(model: Path, tmp_path: Path) -> None:
    actions = Actions()
    with running(model, actions.url, tmp_path / "log") as bot:
        assert bot.post(text="好的").status_code == httpx.codes.OK
        actions.stop()
        for event in (None, {"name": "silence"}):
            response = bot.post(text=None if event else "好的", event=event)
            assert (response.status_code, response.json()) == (httpx.codes.BAD_GATEWAY, {"error": "no_answer"})
        assert bot.get("/webhooks/core/health").status_code == httpx.codes.OK


@pytest.mark.parametrize("text", ["好" * 10_000, "x" * 10_000, "\x00", "\ud83d", "。", "😀", "a b " * 3_000])
def test_odd_words_are_answered(bot: Bot, text: str) -> None:
    # json.dumps escapes what is no character at all, such as half an emoji cut by a handset.
    answer = bot.post(json.dumps(turn(text=text)))
    assert answer.status_code == httpx.codes.OK
    assert answer.elapsed.total_seconds() < 1


def test_turns_at_once_do_not_mix(bot: Bot) -> None:
    asked = [turn(text=f"我{number}点过去", state={"actions": "slow"}) for number in range(20)]
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda body: bot.post(body).json(), asked))
    for body, answer in zip(asked, answers, strict=True):
        assert answer["state"]["conversation"] == body["conversation"]
        assert answer["state"]["text"] == body["text"]


def test_thousands_of_conversations_leave_nothing_behind(bot: Bot) -> None:
    def talk(turns: int) -> None:
        for _ in range(turns):
            bot.post(text="下午三点吧", facts={"ballast": "x" * 2_000})

    talk(300)  # pools, caches and the allocator settle
    before = bot.memory()
    talk(1_200)
    # 1,200 remembered turns of 10 kB and more would be 12 MB at the least.
    assert bot.memory() - before < 6_000


def _confidence(heard: dict, intent: str) -> float:
    ranked = {heard["intent"]: heard["confidence"], **dict(heard["runners_up"])}
    return ranked.get(intent) or 0.0
