"""The people on the phone: whether they pick up, what they say, and how the bank hears of it."""

import re

import pytest

from local_carrier.personas import cast
from local_carrier.personas.voice import Ends, spoken_by

CUSTOMER = "+8613800000001"
WHO = "您好，请问是王先生本人吗？"
WHAT = "您的信用卡尚未激活，额度五万元，最近有九元洗车、九元看电影的活动，您考虑激活一下吗？"
WHEN = "那您看今天上午还是下午有空过来？"
LISTENS = '<Gather input="speech dtmf" language="cmn-Hans-CN" timeout="5" speechTimeout="1" action="/next" actionOnEmptyResult="true"><Say language="cmn-CN">{}</Say></Gather>'


@pytest.fixture(scope="module")
def people():
    return cast.load()


@pytest.fixture
def call(carrier, bank):
    """Call a persona, say one thing after the other, and hand back the call and what the bank was told."""

    def place(persona, *sentences, status="completed", number=CUSTOMER, **form):
        carrier.rate(150)
        carrier.pin(number, persona)
        documents = [LISTENS.format(s) for s in sentences[1:]] + ["<Say>再见</Say><Hangup/>"]
        bank.document("/next", *documents)
        url = bank.document("/answer", LISTENS.format(sentences[0]) if sentences else "<Hangup/>")
        heard = carrier.over(carrier.call(number, url, **form), status, 30)
        return heard, [r.form for r in bank.at("/next")]

    return place


def test_everyone_who_is_needed_is_there(people):
    spoken = {name for name, persona in people.personas.items() if persona.voice}
    assert spoken >= {
        "willing_now", "low_limit_objector_who_agrees", "repays_by_alipay", "has_debit_card", "asks_if_robot",
        "wants_human", "wrong_person", "opts_out_sentence", "opts_out_word", "presses_zero", "busy_call_me_at",
        "silent", "hangs_up_midway", "interrupts", "mumbles", "voicemail", "auto_reply", "phone_off",
        "invalid_number_announced", "engaged", "rings_out", "rejects_call",
    }  # fmt: skip


def test_nobody_speaks_punctuation(people):
    for persona in people.personas.values():
        assert not [s for s in spoken_by(persona).sentences() if re.search(r"[^\w\s]", s)], persona.title


def test_who_comes_in_between_does_not_depend_on_the_order_and_most_residents_are_reached(people):
    who = [people.answering("willing_now", 3, f"+86138{n:08d}", 1) for n in range(1000)]
    assert who == [people.answering("willing_now", 3, f"+86138{n:08d}", 1) for n in range(1000)]
    assert 500 < who.count("willing_now") < 850
    assert cast.load("none").answering("silent", 3, CUSTOMER, 1) == "silent"


def test_a_number_that_does_not_exist_never_comes_to_life(people):
    numbers = [f"+86138{n:08d}" for n in range(500)]
    gone = [n for n in numbers if people.answering("willing_now", 3, n, 1) == "invalid_number"]
    assert gone
    assert {people.answering("willing_now", 3, n, call) for n in gone for call in range(2, 9)} == {"invalid_number"}


@pytest.mark.parametrize("who", ["willing_now", "low_limit_objector_who_agrees", "repays_by_alipay", "has_debit_card"])
def test_they_say_who_they_are_and_name_a_time(call, people, who):
    heard, told = call(who, WHO, WHAT, WHAT, WHEN)
    identity, *_, time = [form["SpeechResult"] for form in told]
    voice = people[who].voice
    assert identity in (voice.answers.get("identity") or people.spoken_answers["identity"])
    assert told[1]["SpeechResult"] in voice.agenda[0]
    assert time in people.spoken_answers["part"]
    assert [line["who"] for line in heard["lines"][:2]] == ["callee", "bank"]


def test_the_wrong_person_says_so(call, people):
    _, told = call("wrong_person", WHO)
    assert told[0]["SpeechResult"] in people["wrong_person"].voice.answers["identity"]


@pytest.mark.parametrize(("who", "key"), [("opts_out_word", "9"), ("presses_zero", "0")])
def test_keys_are_pressed(call, who, key):
    heard, told = call(who, WHO)
    assert told[0]["Digits"] == key
    assert "SpeechResult" not in told[0]
    assert heard["lines"][-2] | {"who": "callee", "kind": "keys", "text": key} == heard["lines"][-2]


def test_silence_is_an_empty_answer(call):
    _, told = call("silent", WHO, WHAT)
    assert [(f.get("SpeechResult"), f.get("Digits")) for f in told] == [(None, None)] * 2


def test_a_hang_up_in_the_middle_ends_the_call_there(call):
    heard, told = call("hangs_up_midway", WHO, WHAT)
    assert (heard["ended_by"], heard["lines"][-1]["text"], len(told)) == ("callee", WHAT, 1)


def test_who_interrupts_cuts_the_bank_short(call, people):
    heard, told = call("interrupts", WHO + WHAT)
    cut = next(line for line in heard["lines"] if line["who"] == "bank")
    assert cut["cut"]
    assert told[0]["SpeechResult"] in people["interrupts"].voice.interrupts


def test_mumbling_is_not_understood(call):
    _, told = call("mumbles", WHAT)
    assert float(told[0]["Confidence"]) < 0.5


def test_a_voicemail_greets_and_beeps(call):
    heard, _ = call("voicemail", WHO, MachineDetection="DetectMessageEnd")
    assert heard["answered_by"] == "machine_end_beep"
    assert [line["text"] for line in heard["lines"] if line["who"] == "callee"][1] == "beep"
    assert heard["lines"][1]["kind"] == "sound"


def test_an_assistant_asks_what_it_is_about(call, people):
    heard, told = call("auto_reply", WHO, WHAT)
    assert heard["lines"][0]["text"] in people["auto_reply"].voice.announces
    assert told


def test_a_phone_that_is_off_is_announced_and_the_line_cut(call):
    heard, _ = call("phone_off", WHO, WHAT, MachineDetection="Enable")
    assert heard["ended_by"] == "callee"
    assert [line["who"] for line in heard["lines"]].count("callee") == 2


@pytest.mark.parametrize(
    ("who", "status", "code"),
    [
        ("engaged", "busy", "486"),
        ("rejects_call", "busy", "603"),
        ("rings_out", "no-answer", "487"),
        ("unreachable_handset", "no-answer", "480"),
        ("invalid_number", "failed", "404"),
    ],
)
def test_who_is_not_reached_is_reported_with_the_networks_code(call, bank, who, status, code):
    heard, told = call(who, WHO, status=status, StatusCallback=bank.base + "/status", Timeout="25")
    report = bank.wait("/status")[0].form
    assert (report["CallStatus"], report["SipResponseCode"], report["CallDuration"]) == (status, code, "0")
    assert heard["sip_code"] == int(code)
    assert not told


def test_the_network_says_why_it_does_not_connect(call, people):
    heard, _ = call("invalid_number", WHO, status="failed")
    assert heard["lines"][0] == heard["lines"][0] | {
        "who": "carrier",
        "text": people["invalid_number"].voice.announces[0],
    }
    assert people["invalid_number"].voice.ends is Ends.INVALID


def test_the_same_call_is_the_same_in_every_run(call, carrier):
    def run():
        heard, _ = call("willing_now", WHO, WHAT, WHEN)
        return [line["text"] for line in heard["lines"]]

    first = run()
    carrier.control.delete("/control/state")
    assert run() == first
