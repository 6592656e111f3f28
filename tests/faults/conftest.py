"""What the faults happen to: a campaign whose openings are queued."""

from __future__ import annotations

import pytest

from outreach.campaigns import open as opening
from tests.campaigns.engine import Engine


@pytest.fixture
def opened(stage, tmp_path):
    """A campaign over six customers, its openings queued."""
    engine = Engine(stage, tmp_path)
    engine.load(6)
    engine.launch()
    opening.open_due(stage.sessions, stage.clock, stage.house)
    return engine
