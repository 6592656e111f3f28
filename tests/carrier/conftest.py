from __future__ import annotations

import pytest
from stand_in import StandIn, dial


@pytest.fixture
def stand_in():
    carrier = StandIn().start()
    yield carrier
    carrier.stop()


@pytest.fixture
def twilio(stand_in, monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    carrier = dial(stand_in.base)
    yield carrier
    carrier.close()
