"""The people on the handsets: what they say, that a run repeats, and that no sentence is one the bot was taught."""

import re
import unicodedata
from pathlib import Path

import pytest
from carrier_on_test import until
from ruamel.yaml import YAML

from local_carrier.handset import Talk
from local_carrier.personas import cast
from local_carrier.personas.mind import _half, asked, think

NLU = Path(__file__).parents[2] / "data" / "nlu"
WANTED = {
    "willing_now", "asks_then_agrees", "low_limit_objector_who_agrees", "refuses_politely", "refuses_rudely",
    "opts_out_word", "opts_out_sentence", "wrong_person", "busy_call_me_at", "already_activated", "asks_if_robot",
    "suspects_fraud", "silent", "wants_human", "complainer", "changes_mind_reschedules", "says_thanks_after_end",
    "chatty_questions", "never_got_the_card", "repays_by_alipay", "has_debit_card", "dormant_polite",
    "two_texts_quickly", "unreachable_handset", "auto_reply",
}  # fmt: skip

OPENING = (
    "【城南银行】王先生您好，我是受张经理委托的智能语音助手，系统提示您的信用卡尚未激活，想了解一下情况。拒收请回复R"
)
ASK_TIME = "那您看今天上午还是下午有空过来，带上身份证，我帮您激活一下。"
CLOSING = "好的，已为您预约11月25日（周三）下午，城南支行，请带上身份证，到时见。"
CONCRETE = re.compile(r"[一二三四五六七八九十两0-9]+(点|分)|上午|下午|早上|中午|一早|开门|[12一]")
CUSTOMER = "+8613800000001"


@pytest.fixture(scope="module")
def people():
    return cast.load()


def talk_through(people, name, number, texts, seed=1):
    talk, said = Talk(), []
    for text in texts:
        turn = talk.turn
        replies = think(people, people[name], talk, text, lambda what, turn=turn: cast.draw(seed, number, turn, what))
        said.append([sentence for reply in replies for sentence in reply.texts])
    return said


def plain(text):
    return "".join(c for c in unicodedata.normalize("NFKC", text).lower() if unicodedata.category(c)[0] in "LN")


def taught():
    for path in NLU.glob("**/*.yml"):
        for part in YAML(typ="safe").load(path).get("nlu") or []:
            for line in str(part.get("examples", "")).splitlines():
                yield plain(re.sub(r"\[([^\]]*)\](\([^)]*\)|\{[^}]*\})", r"\1", line.removeprefix("- ").strip()))


@pytest.mark.skipif(not list(NLU.glob("**/*.yml")), reason="data/nlu holds no training data yet")
def test_no_sentence_is_training_data(people):
    ours = {plain(sentence): sentence for sentence in people.sentences() if len(plain(sentence)) >= 4}
    known = set(taught())
    assert len(known) > 100
    assert not [ours[words] for words in sorted(ours.keys() & known)]


def test_the_cast_is_complete_and_says_more_than_300_different_things(people):
    assert set(people.personas) >= WANTED
    assert len({plain(sentence) for sentence in people.sentences()}) > 300


@pytest.mark.parametrize(
    ("text", "cue"),
    [
        (ASK_TIME, "part"),
        ("您看哪天方便？", "day"),
        ("那您大概几点到呢？", "hour"),
        ("请问是王先生本人吗？", "identity"),
        ("请问您有咱这的储蓄卡吗？", "debit_card"),
        ("那您现在怎么还款？", "repay"),
        ("这个时间已约满，您看换个时间行吗？", "other_time"),
        ("您想去哪个网点？", "branch"),
        ("没太明白您的意思，您是说哪天过来？", "day"),
        ("回复1上午，回复2下午", "menu"),
        ("现在方便聊两句吗？", "convenient"),
        ("请您给这次服务打个分", "rate"),
        ("激活后有9元洗车和9元看电影。", None),
    ],
)
def test_what_the_bank_asks_is_understood(people, text, cue):
    assert asked(people, text) == cue


def test_a_willing_customer_names_a_concrete_time_and_ends_when_the_bank_closes(people):
    agreed = 0
    for n in range(40):
        first, second, closing, after = talk_through(
            people, "willing_now", f"+86138000000{n:02d}", [OPENING, ASK_TIME, CLOSING, ASK_TIME]
        )
        assert first
        assert CONCRETE.search(second[0]), second
        assert len(closing) <= 1
        assert after == []
        agreed += 1
    assert agreed == 40


def test_the_times_one_customer_names_agree_with_each_other(people):
    for n in range(60):
        said = talk_through(
            people, "willing_now", f"+86138000001{n:02d}", [OPENING, ASK_TIME, "您看哪天方便？", "大概几点呢？"]
        )
        halves = {_half(texts[0]) for texts in said[1:] if texts}
        assert len(halves - {""}) <= 1, said


def test_the_low_limit_objector_objects_first_and_then_agrees(people):
    benefits = "我也觉得确实是比较低，不过日常消费也够用，还有9元洗车、9元看电影等优惠。"
    objection, agreement, time = talk_through(
        people, "low_limit_objector_who_agrees", CUSTOMER, [OPENING, benefits, ASK_TIME]
    )
    persona = people["low_limit_objector_who_agrees"]
    assert objection[0] in persona.agenda[0]
    assert agreement[0] in persona.agenda[1]
    assert CONCRETE.search(time[0])


def test_who_changes_their_mind_reopens_a_closed_conversation(people):
    said = talk_through(people, "changes_mind_reschedules", CUSTOMER, [OPENING, ASK_TIME, CLOSING])
    assert said[2][0] in people["changes_mind_reschedules"].after[0].say


def test_who_opts_out_says_nothing_more(people):
    word, nothing = talk_through(people, "opts_out_word", CUSTOMER, [OPENING, ASK_TIME])
    assert word
    assert nothing == []


def test_nobody_repeats_a_sentence_and_everybody_stops(people):
    for name in people.personas:
        said = [s for texts in talk_through(people, name, CUSTOMER, [OPENING] + [ASK_TIME] * 30) for s in texts]
        assert len(said) == len(set(said)), name
        assert len(said) <= 24, name


def test_the_same_seed_gives_the_same_people_whatever_the_order(people):
    numbers = [f"+8613900000{n:03d}" for n in range(300)]
    first = {number: people.choose(7, number) for number in numbers}
    assert {number: people.choose(7, number) for number in reversed(numbers)} == first
    assert {number: people.choose(8, number) for number in numbers} != first
    assert len(set(first.values())) >= 20


def test_the_same_seed_gives_the_same_words_and_another_seed_others(people):
    def run(seed):
        return [
            talk_through(people, "asks_then_agrees", f"+8613900000{n:03d}", [OPENING, ASK_TIME], seed)
            for n in range(20)
        ]

    assert run(1) == run(1)
    assert run(1) != run(2)


def test_a_mix_sets_the_weights_and_none_silences_everyone(tmp_path):
    mix = tmp_path / "mix.yml"
    mix.write_text("refuses_rudely: 1\n")
    assert cast.load(str(mix)).choose(1, CUSTOMER) == "refuses_rudely"
    assert cast.load("none").choose(1, CUSTOMER) == "silent"
    mix.write_text("nobody_we_know: 1\n")
    with pytest.raises(cast.BadPersonaError, match="nobody_we_know"):
        cast.load(str(mix))


def test_a_handset_answers_after_product_seconds(carrier):
    carrier.pin(CUSTOMER, "moves_slowly")
    carrier.settled(carrier.text(CUSTOMER, OPENING).sid)
    assert len(carrier.thread(CUSTOMER)) == 1
    carrier.control.put("/control/clock", json={"rate": 60_000}).raise_for_status()
    until(lambda: len(carrier.thread(CUSTOMER)) == 2, what="an answer")


def test_a_jump_of_the_clock_brings_the_answer_at_once(carrier):
    carrier.pin(CUSTOMER, "willing_now")
    carrier.settled(carrier.text(CUSTOMER, OPENING).sid)
    until(lambda: carrier.control.get("/health").json()["planned_answers"])
    clock = carrier.control.put("/control/clock", json={"now": "2030-01-02T09:00:00+08:00"}).json()
    assert clock["now"].startswith("2030-01-02T01:00:00")
    answer = until(lambda: carrier.thread(CUSTOMER)[1:], what="an answer")[0]
    assert answer["at"].startswith("2030-01-02")
    assert carrier.twilio.messages(answer["sid"]).fetch().date_created.year < 2030


def test_two_texts_of_one_answer_follow_each_other(carrier, bank):
    carrier.inbound_url(bank.base + "/in")
    carrier.pin(CUSTOMER, "two_texts_quickly")
    carrier.control.put("/control/clock", json={"rate": 100}).raise_for_status()
    carrier.text(CUSTOMER, OPENING)
    bank.wait("/in", 2)


def test_a_persona_keeps_silent_once_a_person_has_typed_and_until_given_back(carrier):
    carrier.pin(CUSTOMER, "willing_now")
    carrier.control.put("/control/clock", json={"rate": 50_000}).raise_for_status()
    carrier.say(CUSTOMER, "我自己来")
    carrier.settled(carrier.text(CUSTOMER, OPENING).sid)
    assert carrier.control.get("/health").json()["planned_answers"] == 0
    carrier.control.put(f"/control/handsets/{CUSTOMER}/hand", json={"taken": False}).raise_for_status()
    carrier.text(CUSTOMER, OPENING)
    until(lambda: carrier.thread(CUSTOMER)[-1]["mine"], what="an answer")


def test_an_unknown_persona_cannot_be_pinned(carrier):
    answer = carrier.control.put(f"/control/handsets/{CUSTOMER}/persona", json={"persona": "ghost"})
    assert answer.status_code == 422
    assert "willing_now" in answer.json()["detail"]
