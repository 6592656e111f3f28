"""What the faults happen to: a stage with a bot that hears yes, and a campaign whose openings are queued."""

from __future__ import annotations

import pytest

from outreach.campaigns import open as opening
from outreach.cli.stage import Stage
from outreach.dialogue.rehearsal import Rehearsal
from tests.campaigns.engine import Engine
from tests.conftest import TUESDAY


@pytest.fixture
def stage(sessions, our_house, sealer):
    built = Stage(sessions, TUESDAY, our_house, sealer, Rehearsal(lambda _words: "affirm"))
    yield built
    built.sender.close()


@pytest.fixture
def opened(stage, tmp_path):
    """A campaign over six customers, its openings queued."""
    engine = Engine(stage, tmp_path)
    engine.load(6)
    engine.launch()
    opening.open_due(stage.sessions, stage.clock, stage.house)
    return engine
