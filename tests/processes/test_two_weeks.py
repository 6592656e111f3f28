"""Two weeks of a campaign with every real process, in the minutes that something happens in."""

from __future__ import annotations

from datetime import datetime, timedelta

import httpx
import pytest

from outreach.clock import local
from tests.campaigns.engine import customers
from tests.running import started

pytestmark = pytest.mark.processes

CAMPAIGN = """\
name: two-weeks
script: card_activation
segment: card_not_activated
channels: [sms, voice]
fallback: {after: 48h, to: voice}
retry:
  no_answer: {after: 4h, times: 1, at: other_part}
follow_ups:
  invitation: {after: [machine], in: 1d, at: "10:00", within: 5d, channel: sms, script: follow_up_invitation,
    offer: {event: 亲子理财小课堂}}
offer: {benefits: 9元洗车、9元看电影, gift: 一把雨伞}
pace: 5
"""
PEOPLE = ("refuses_politely", "opts_out_word", "rings_out", "phone_off")
"""Who lives on the numbers, in order: what comes of them hangs on no fine reading of words."""
FIRST = 13_800_139_000


@pytest.fixture(scope="module")
def running():
    """Processes of its own: what others left under way would hold the clock back, and the clock would run away for them."""
    with started() as built:
        yield built


@pytest.fixture
def begun(running):
    """The campaign, launched; the moment at which it is over."""
    now = datetime.fromisoformat(running.read("clock", "show")["now"])
    numbers = [str(FIRST + index) for index in range(len(PEOPLE))]
    running.outreach(
        "customers", "import", str(customers(len(PEOPLE), running.folder, lambda n: {"手机号": numbers[n]}))
    )
    for number, persona in zip(numbers, PEOPLE, strict=True):
        url = f"{running.carrier}/control/handsets/+86{number}/persona"
        httpx.put(url, json={"persona": persona}, timeout=10).raise_for_status()
    dates = f"start: {local(now):%Y-%m-%d}\nend: {local(now + timedelta(days=13)):%Y-%m-%d}\n"
    file = running.folder / "two-weeks.yml"
    file.write_text(CAMPAIGN + dates, encoding="utf-8")
    running.outreach("campaign", "launch", str(file))
    return now + timedelta(days=15)


def test_two_weeks_of_tries_and_follow_ups_pass_in_leaps_and_everybody_comes_to_an_end(running, begun):
    said = running.outreach("clock", "run", "--until", begun.isoformat(), patience=900)
    assert " leaps and " in said
    assert datetime.fromisoformat(running.read("clock", "show")["now"]) >= begun
    assert 3 <= int(said.rpartition(": ")[2].split()[0]) < 60, "leaps"
    report = running.read("campaign", "report", "two-weeks")
    assert (report["audience"], report["unfinished"]) == (len(PEOPLE), 0)
    # Who left the text without a reply was called two days later, and once more in another part of the day.
    assert report["outcomes"] == {"refused": 1, "opted_out": 1, "no_answer": 1, "machine": 1}
    assert report["figures"]["calls"] == 3
    (invitation,) = report["follow_ups"]
    assert (invitation["step"], invitation["sent"]) == ("follow_up:invitation", 1)
    assert running.read("campaign", "upcoming", "two-weeks")["next"] == []
