"""An engine for tests of campaigns: everything real but the wire and the model."""

from __future__ import annotations

from dataclasses import replace

import pytest

from outreach.cli.stage import Stage
from outreach.dialogue.rehearsal import Rehearsal
from tests.campaigns.engine import Engine
from tests.conftest import TUESDAY

READINGS = {
    "明天下午": "inform_time",
    "下午三点再联系": "callback_at",
    "考虑一下": "consider",
    "9分": "rate_service",
    "不太满意": "rate_service",
    "报告": "rate_service",
}
"""What the rehearsal makes of words; any other word is the name of its reading."""


@pytest.fixture
def engine(sessions, our_house, sealer, tmp_path):
    calling = replace(our_house.bank.calling, calls_per_second=1000, calls_at_once=1000)
    house = replace(our_house, bank=replace(our_house.bank, calling=calling))
    stage = Stage(sessions, TUESDAY, house, sealer, Rehearsal(lambda words: READINGS.get(words, words)))
    yield Engine(stage, tmp_path)
    stage.sender.close()
