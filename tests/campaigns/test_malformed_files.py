"""Campaign files as people spoil them: each is refused with the line and what would be right, and nothing breaks off."""

from __future__ import annotations

import pytest
from sqlmodel import Session

from outreach.campaigns import campaign_file, forecast
from outreach.conversations.house import House
from outreach.documents import Problem, Refused
from tests.campaigns.engine import FILE
from tests.conftest import TUESDAY

VOICE = FILE.replace("[sms]", "[sms, voice]")
LINES = FILE.count("\n")
FOLLOW_UP = "follow_ups:\n  thanks: {{after: [visit_booked], in: 1d, channel: sms, script: follow_up_thanks{more}}}\n"


def changed(old: str, new: str) -> str:
    assert old in FILE
    return FILE.replace(old, new)


WRONG = [
    ("end: not a day of the month", changed("2026-12-24", "2026-11-31"), 6, "2026-11-31 is not a date"),
    ("start: not a month", changed("start: 2026-11-24", "start: 2026-13-45"), 5, "2026-13-45 is not a date"),
    ("start: with a time", changed("start: 2026-11-24", "start: 2026-11-24 10:00"), 5, "is not a date"),
    ("start: far away", changed("start: 2026-11-24", "start: 9999-12-30"), 5, "not a date of this century"),
    ("end: far away", changed("2026-12-24", "2031-12-24"), 6, "more than two years after start"),
    ("not_on: not a day", FILE + "not_on: [2026-12-01, 2026-11-31]\n", LINES + 1, "2026-11-31 is not a date"),
    ("not_on: other way to write, not in time", FILE + 'not_on: ["20270101"]\n', LINES + 1, "20270101 is no day of"),
    ("pace: tagged", changed("pace: 200", "pace: !!int abc"), 7, "has the tag !!int"),
    ("pace: infinite", changed("pace: 200", "pace: .inf"), 7, ".inf is no number"),
    ("brackets without end", FILE + "caps: " + "[" * 3000 + "]" * 3000 + "\n", LINES + 1, "nested too deeply"),
    ("channels: a list", changed("[sms]", "[sms, [voice]]"), 4, "a list of sms and voice"),
    (
        "channels: a list, and fallback", changed("[sms]", "[sms, [voice]]") + "fallback: {to: voice}\n", LINES + 1,
        "is 'voice'",
    ),
    (
        "channels: a mapping, and fallback", changed("[sms]", "[sms, {a: 1}]") + "fallback: {to: voice}\n", 4,
        "a list of sms and voice",
    ),
    ("retry at: with a zone", FILE + 'retry: {no_reply: {after: 1d, at: "10:00+08:00"}}\n', LINES + 1, "a time of day"),
    (
        "follow-up at: with a zone", FILE + FOLLOW_UP.format(more=', at: "10:00+08:00"'), LINES + 2, "a time of day",
    ),
    ("budget: infinite", FILE + "stop: {budget: 1e400}\n", LINES + 1, "1e400 is no number"),
    ("budget: a yes", FILE + "stop: {budget: true}\n", LINES + 1, "an amount above 0"),
    ("offer: nothing to see", changed("一把雨伞", '"a\\0b"'), 8, "cannot be seen, U+0000"),
    ("offer: half a character", changed("一把雨伞", '"\\ud800"'), 8, "cannot be seen, U+D800"),
    ("script: nothing to see", changed("script: card_activation", 'script: "a\\0"'), 2, "cannot be seen, U+0000"),
    (
        "exclude: nothing to see", FILE + 'exclude:\n  campaigns: ["a\\0"]\n', LINES + 2, "cannot be seen, U+0000",
    ),
    ("offer: a date that is none is a text", changed("一把雨伞", "2026-11-31, gifts: x"), 8, "is not a field of"),
    (
        "follow-ups: a circle",
        FILE + "follow_ups:\n"
        "  one: {after: {two: [agreed]}, in: 1d, channel: sms, script: follow_up_thanks}\n"
        "  two: {after: {one: [agreed]}, in: 1d, channel: sms, script: follow_up_thanks}\n",
        LINES + 2, "goes round: ",
    ),
    (
        "follow-ups: without end",
        FILE + "follow_ups:\n" + "".join(
            f"  f{number}: {{after: [agreed], in: 1d, channel: sms, script: follow_up_thanks}}\n" for number in range(21)
        ),
        LINES + 1, "at most 20",
    ),
    (
        "follow-ups: after nothing", FILE + FOLLOW_UP.format(more="").replace("[visit_booked]", "{}"), LINES + 2,
        "names no outcome",
    ),
    ("a value that holds itself", FILE + "windows: &all {sms: *all}\n", LINES + 1, "repeats what repeats something"),
    ("a key twice", FILE + "pace: 1\n", LINES + 1, "duplicate key"),
    ("two documents", FILE + "---\nname: two\n", LINES + 1, "another document"),
    ("only a list", "- name\n", 1, "is not a mapping"),
    ("nothing", "", 1, "is not a mapping"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "line", "said"), [case[1:] for case in WRONG], ids=[case[0] for case in WRONG])
def test_a_malformed_file_is_refused_with_its_line_and_what_would_be_right(stage, text, line, said):
    with stage.sessions.reading() as db, pytest.raises(Refused) as refused:
        forecast.of(db, stage.house, campaign_file.read_text(text, "campaign"), TUESDAY)
    problems = refused.value.problems
    assert any(one.line == line and said in str(one) for one in problems), refused.value
    assert all(one.problem and one.fix for one in problems)


def test_a_channel_that_never_opens_is_named_each_once(stage):
    holidays = VOICE.replace("2026-11-24", "2027-01-01").replace("2026-12-24", "2027-01-01")
    with stage.sessions.reading() as db, pytest.raises(Refused) as refused:
        forecast.of(db, stage.house, campaign_file.read_text(holidays, "campaign"), TUESDAY)
    never = [one.problem for one in refused.value.problems if "never opens" in one.problem]
    assert [words.split(" ")[0] for words in never] == ["sms", "voice"]


def test_a_day_off_may_be_written_without_dashes(stage):
    with stage.sessions.reading() as db:
        forecast.of(db, stage.house, campaign_file.read_text(FILE + 'not_on: ["20261201"]\n', "campaign"), TUESDAY)


# Whatever stands where a key of a whole file stands: it is accepted or refused, and breaks nothing off.
WHOLE = {
    "exclude": "{segments: [dormant_below_20]}",
    "on_machine": "message",
    "callbacks": "automatic",
    "approval": "required",
    "windows": '{sms: {mon-fri: ["09:00-11:00"], adjusted: []}, voice: {tue | thu: ["09:30-11:00"]}}',
    "not_on": "[2026-12-08]",
    "caps": "{contacts_per_7_days: 2, contacts: 4}",
    "holdout": "10%",
    "variants": "{a: {weight: 50}, b: {weight: 50, offer: {gift: 一把伞}}}",
    "experiment": "{baseline: 20%, effect: 5%}",
    "results": "{fact: card_activated, window_days: 30}",
    "retry": '{no_answer: {after: 4h, times: 2, at: "10:00"}, no_reply: {after: 1d}}',
    "fallback": "{to: voice, on: [no_reply], after: 1d}",
    "follow_ups": "{thanks: {after: [visit_booked], in: 1d, channel: sms, script: follow_up_thanks}}",
    "stop": "{target: 200, budget: 3000, failure_rate: 20%, opt_out_rate: 2%, of: 100}",
}
NASTY = [
    "", "true", "-1", "999999999999999", "1e-300", "''", "0001-01-01", "[]", "[~, [sms]]", "{}", "{1: {2: 3}}", "{~: 1}",
    "{a: {b: {c: []}}}", "'%(x)s'", "'٣d'", "../x",
]  # fmt: skip


@pytest.mark.parametrize("key", [*(line.partition(":")[0] for line in FILE.splitlines()), *WHOLE])
def test_nothing_that_stands_at_a_key_breaks_the_check(stage, key):
    keys = dict(line.split(": ", 1) for line in VOICE.splitlines()) | WHOLE
    with stage.sessions.reading() as db:
        forecast.of(db, stage.house, campaign_file.read_text(_written(keys), "campaign"), TUESDAY)
        for value in [*NASTY, *_spoilt(keys[key])]:
            found = _problems(db, stage.house, _written(keys | {key: value}))
            assert all(one.line and one.problem and one.fix for one in found)


def _problems(db: Session, house: House, text: str) -> tuple[Problem, ...]:
    try:
        forecast.of(db, house, campaign_file.read_text(text, "campaign"), TUESDAY)
    except Refused as refused:
        return refused.problems
    return ()


def _written(keys: dict[str, str]) -> str:
    return "".join(f"{key}: {value}\n" for key, value in keys.items())


def _spoilt(value: str) -> list[str]:
    """A value whose parts have been replaced, one after another, by a text, a list and a mapping."""
    parts = [part.strip("{}[] ") for part in value.replace(":", ",").split(",")]
    return [value.replace(part, new, 1) for part in parts if part for new in ("x", "{x: y}", "~")]
