"""Fifty phones at once, of every kind, through every real process: each attempt ends as it should."""

from __future__ import annotations

import csv
import time
from pathlib import Path

import httpx
import pytest

pytestmark = pytest.mark.processes

HUMAN_ENDS = {"visit_booked", "agreed", "considering", "refused", "broke_off", "handed_over", "sms_requested"}
KINDS: dict[str, tuple[int, set[str]]] = {
    # persona: how many of it, and the outcomes that are right for it
    "willing_now": (8, HUMAN_ENDS),
    "low_limit_objector_who_agrees": (4, HUMAN_ENDS),
    "chatty_questions": (3, HUMAN_ENDS | {"callback_requested"}),
    "interrupts": (3, HUMAN_ENDS),
    "mumbles": (2, {"handed_over", "broke_off"}),
    "refuses_politely": (4, {"refused", "considering", "opted_out"}),
    "opts_out_word": (3, {"opted_out"}),
    "wrong_person": (3, {"wrong_person"}),
    "presses_zero": (2, {"handed_over"}),
    "silent": (3, {"broke_off"}),
    "hangs_up_midway": (3, {"broke_off"}),
    "engaged": (3, {"line_busy"}),
    "rejects_call": (1, {"line_busy", "no_answer"}),
    "rings_out": (2, {"no_answer"}),
    "invalid_number": (2, {"invalid_number"}),
    "phone_unreachable": (1, {"unreachable"}),
    "phone_off": (1, {"machine"}),
    "voicemail": (2, {"machine"}),
}
PEOPLE = tuple(persona for persona, (count, _) in KINDS.items() for _ in range(count))
DIGITS = "零一二三四五六七八九"
FIRST = 13_800_170_000
FASTER = 4
"""How much faster than ours the phones live: a minute's talk takes a quarter of one."""
SECONDS = 240


def test_fifty_calls_of_all_kinds_at_once_each_end_with_the_right_outcome(running, tmp_path):
    assert len(PEOPLE) == 50
    for index, persona in enumerate(PEOPLE):
        address = f"{running.carrier}/control/handsets/+86{FIRST + index}/persona"
        httpx.put(address, json={"persona": persona}, timeout=10).raise_for_status()
    clock = f"{running.carrier}/control/clock"
    httpx.put(clock, json={"rate": FASTER}, timeout=10).raise_for_status()
    try:
        path = campaign(tmp_path)
        running.outreach("customers", "import", str(tmp_path / "people.csv"))
        running.outreach("campaign", "launch", str(path))
        deadline = time.monotonic() + SECONDS
        while (made := running.read("campaign", "report", "fifty-calls"))["unfinished"] or made["audience"] < 50:
            assert time.monotonic() < deadline, made
            time.sleep(2)
    finally:
        httpx.put(clock, json={"rate": 1}, timeout=10).raise_for_status()
    assert made["calls"] == 50
    assert httpx.get(f"{running.carrier}/control/counters", timeout=10).json()["placed_twice"] == 0
    listed = running.read("conversations", "list", "--campaign", "fifty-calls", "--limit", "100")
    ended = {one["customer"]: one["outcome"] for one in listed}
    wrong = {name(index) for index, persona in enumerate(PEOPLE) if ended[name(index)] not in KINDS[persona][1]}
    assert not wrong, [running.read("conversations", "show", one["id"]) for one in listed if one["customer"] in wrong]
    assert "visit_booked" in {ended[name(index)] for index, persona in enumerate(PEOPLE) if persona == "willing_now"}


def campaign(folder: Path) -> Path:
    """A campaign over one customer for each phone, each with a name of their own."""
    with (folder / "people.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "name", "gender", "phone", "branch", "card_tail", "issued_on", "consent_sms",
                         "consent_voice", "consent_at", "consent_source"])  # fmt: skip
        for index in range(len(PEOPLE)):
            writer.writerow([f"V{index}", name(index), "f", FIRST + index, "城南支行", f"{index:04}", "2026-01-01",
                             "是", "是", "2026-01-02", "开户协议"])  # fmt: skip
    (folder / "people.txt").write_text("\n".join(f"V{index}" for index in range(len(PEOPLE))), encoding="utf-8")
    path = folder / "fifty.yml"
    path.write_text(
        "name: fifty-calls\nscript: card_activation\nlist: people.txt\nchannels: [voice]\n"
        "start: 2026-11-24\nend: 2026-11-30\npace: 100\noffer: {benefits: 9元洗车、9元看电影, gift: 一把雨伞}\n",
        encoding="utf-8",
    )
    return path


def name(index: int) -> str:
    return "王" + DIGITS[index // 10] + DIGITS[index % 10]
