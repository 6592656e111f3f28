"""An engine for tests of campaigns: everything real but the wire and the model."""

from __future__ import annotations

import pytest

from outreach.cli.stage import Stage
from outreach.dialogue.rehearsal import Rehearsal
from tests.campaigns.engine import Engine
from tests.conftest import TUESDAY


@pytest.fixture
def engine(sessions, our_house, sealer, tmp_path):
    stage = Stage(sessions, TUESDAY, our_house, sealer, Rehearsal(lambda words: words))
    yield Engine(stage, tmp_path)
    stage.sender.close()
