"""One customer from the command line to a booked visit, with every real process in between."""

from __future__ import annotations

import json

import httpx
import pytest

pytestmark = pytest.mark.processes

WANG = json.dumps(
    {"name": "王芳", "gender": "f", "card_tail": "6612", "branch": "城南支行", "manager": "张经理"}, ensure_ascii=False
)


def contact(running, phone: str, script: str = "card_activation", about: str = WANG) -> str:
    running.silence(phone)
    made = running.read("contact", "--phone", phone, "--script", script, "--channel", "sms", "--customer", about)
    return made["conversation"]


def says(running, phone: str, talk: str, words: str) -> dict:
    """Type words, and wait for the bank's answer to them."""
    known = len(running.read("conversations", "show", talk)["messages"])
    running.types(phone, words)
    return running.until(talk, lambda said: len(said["messages"]) >= known + 2 and said["unanswered"] == 0)


def test_the_first_printed_dialogue_by_text(running):
    phone = "+8613800138101"
    talk = contact(running, phone)
    running.until(talk, lambda said: said["messages"][0]["status"] == "delivered")
    says(running, phone, talk, "方便，你说")
    assert "9元" in says(running, phone, talk, "你们家额度太低不想用。")["messages"][-1]["text"]
    assert "上午还是下午" in says(running, phone, talk, "哦，行，我看看。")["messages"][-1]["text"]
    said = says(running, phone, talk, "明天下午吧")
    assert said["outcome"] == "visit_booked"
    assert said["grade"] == "A"
    assert said["visit"] == {
        "date": "2026-11-25",
        "part": "afternoon",
        "hour": None,
        "branch": "城南支行",
        "party_size": None,
    }


def test_the_second_printed_dialogue_by_text(running):
    phone = "+8613800138102"
    talk = contact(running, phone, "dual_card_binding")
    says(running, phone, talk, "嗯，你说")
    says(running, phone, talk, "没有储蓄卡")
    assert "礼品" in says(running, phone, talk, "我支付宝，怎么还款时候找不到你们家呢？")["messages"][-1]["text"]
    said = says(running, phone, talk, "行，好的！")
    assert said["state"] == "open"
    assert says(running, phone, talk, "上午")["outcome"] == "visit_booked"


def test_a_stop_is_honoured_and_confirmed_once(running):
    phone = "+8613800138103"
    talk = contact(running, phone)
    said = says(running, phone, talk, "ＴＤ！")
    assert (said["outcome"], said["contact_stopped"]) == ("opted_out", True)
    words = ("contact", "--phone", phone, "--script", "card_activation", "--channel", "sms")
    assert running.read(*words, code=4)["reason"] == "opted_out"


def test_people_can_read_whatever_tools_can(running):
    phone = "+8613800138104"
    talk = contact(
        running, phone, about=json.dumps({"name": "[/b]王[red]芳", "card_tail": "6612", "branch": "城南支行"})
    )
    says(running, phone, talk, "[/i]转人工")
    listings = (
        ("conversations", "list"), ("conversations", "show", talk), ("customers", "show", phone), ("tasks",), ("visits",),
        ("campaign", "status"), ("segments", "list"), ("segments", "preview", "card_not_activated"), ("segments", "fields"),
        ("scripts", "versions", "card_activation"), ("suppressions", "list"), ("clock", "show"),
    )  # fmt: skip
    said = {words: running.outreach(*words) for words in listings}
    assert "[/b]王[red]芳" in said["conversations", "show", talk]
    assert "[/i]转人工" in said["conversations", "show", talk]
    assert "[/b]王[red]芳" in said["conversations", "list"]


def test_health_names_every_part(running):
    assert httpx.get(f"{running.web}/health", timeout=10).json() == dict.fromkeys(
        ("web", "worker", "bot", "actions", "database"), "ready"
    )


def test_the_clock_can_be_moved_in_either_direction(running):
    before = running.read("clock", "show")["now"]
    running.outreach("clock", "set", "2026-11-25T10:00:00+08:00")
    assert running.read("clock", "show")["now"].startswith("2026-11-25T02:00")
    running.outreach("clock", "set", before)
    assert running.read("clock", "show")["now"][:13] == before[:13]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("contact", "--phone", "12", "--script", "card_activation"), 2, "--phone"),
        (("contact", "--phone", "+8613800138109", "--script", "nope"), 2, "card_activation"),
        (("contact", "--phone", "+8613800138109", "--script", "card_activation", "--customer", "{"), 2, "--customer"),
        (("campaign", "check", "nowhere.yml"), 2, "nowhere.yml"),
        (("conversations", "show", "00000000-0000-0000-0000-000000000000"), 2, "conversations list"),
        (("segments", "preview", "nobody"), 2, "card_not_activated"),
        (("customers", "import", "nowhere.csv"), 2, "nowhere.csv"),
        (("scripts", "approve", "card_activation", "--by", "B"), 2, "propose"),
    ],
)
def test_bad_input_is_answered_with_what_to_do(running, words, code, said, capfd):
    import subprocess
    import sys

    ran = subprocess.run(
        [sys.executable, "-m", "outreach", *words],
        env=running.environment,
        capture_output=True,
        timeout=60,
        check=False,
    )
    told = (ran.stdout + ran.stderr).decode()
    assert ran.returncode == code, told
    assert said in told.replace("\n", "")
    assert "Traceback" not in told


def test_every_line_of_the_log_is_an_object_without_a_word_of_what_was_said(running):
    log = (running.folder / "up.log").read_text(encoding="utf-8")
    said = [json.loads(line) for line in log.splitlines()]
    assert {"web", "worker", "bot", "actions", "up"} <= {one["process"] for one in said}
    assert {"text_sent", "turn_settled"} <= {one["event"] for one in said}
    assert not [words for words in ("王芳", "方便", "额度", "13800138101") if words in log]
