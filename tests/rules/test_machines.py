"""Machines are known by what they say, and no person is taken for one."""

from pathlib import Path

import pytest
from ruamel.yaml import YAML

from outreach.places import ROOT
from outreach.rules.machines import Machine, recognise

HELD_OUT = sorted((ROOT / "tests" / "nlu" / "held_out" / "spoken").glob("*.yml"))
TRANSCRIPTS = sorted((ROOT / "tests" / "conversations" / "transcripts").glob("*/call_*.txt"))


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("您好，我是机主的智能助理，请问有什么需要转达", Machine.ASSISTANT),
        ("你好我是中国移动小秘书", Machine.ASSISTANT),
        ("机主正在忙请问您有什么事", Machine.ASSISTANT),
        ("您好我是他的来电助手", Machine.ASSISTANT),
        ("您拨打的用户已关机", Machine.ANNOUNCEMENT),
        ("您拨打的電話暫時無法接通", Machine.ANNOUNCEMENT),
        ("对不起您所拨打的号码是空号", Machine.ANNOUNCEMENT),
        ("已启用漏话提醒业务", Machine.ANNOUNCEMENT),
        ("sorry the number you dialed is power off", Machine.ANNOUNCEMENT),
        ("已为您转接语音信箱", Machine.VOICEMAIL),
        ("请在嘀声后留言", Machine.VOICEMAIL),
        ("听到哔的一声后请说话", Machine.VOICEMAIL),
    ],
)
def test_a_machine_is_known_by_its_words(words, kind):
    found = recognise(words)
    assert found is not None
    assert found.kind is kind


@pytest.mark.parametrize(
    "words",
    ["你是机器人吗", "你们这是智能语音吧", "您是语音助手还是真人", "我手机快没电了", "我在开会", "你打错了", "喂", ""],
)
def test_a_person_is_not(words):
    assert recognise(words) is None


def lines(path: Path):
    for intent, styles in YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8")).items():
        for said in styles.values():
            yield from ((intent, line) for line in said)


@pytest.mark.parametrize("path", HELD_OUT, ids=lambda path: path.stem)
def test_no_person_of_the_held_out_replies_is_taken_for_a_machine(path):
    assert [line for intent, line in lines(path) if intent != "machine_answer" and recognise(line)] == []


def test_most_machines_of_the_held_out_replies_are_known_by_phrase_alone():
    # The model hears the rest; the phrases only have to be certain.
    machines = [line for path in HELD_OUT for intent, line in lines(path) if intent == "machine_answer"]
    assert sum(recognise(line) is not None for line in machines) >= 0.6 * len(machines)


@pytest.mark.parametrize("path", TRANSCRIPTS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_nobody_in_a_transcript_is_taken_for_a_machine_unless_it_ends_so(path):
    kept = path.read_text(encoding="utf-8").splitlines()
    said = [line.removeprefix("customer > ") for line in kept if line.startswith("customer > ")]
    assert any(recognise(words) for words in said) <= ("ends     > machine" in kept)
