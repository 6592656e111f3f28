"""How much of each fault: a few minutes' worth, or with FAULTS_FULL=1 what the promises name; each can be set alone."""

from __future__ import annotations

import os

FULL = os.environ.get("FAULTS_FULL") == "1"


def _size(name: str, short: int, promised: int) -> int:
    return int(os.environ.get(f"FAULTS_{name}", promised if FULL else short))


TEXTS = _size("TEXTS", 2_000, 10_000)
KILLS = _size("KILLS", 200, 200)
STOPS = _size("STOPS", 1_500, 10_000)
SPLITS = _size("SPLITS", 3, 20)
SPLIT_TEXTS = _size("SPLIT_TEXTS", 1_000, 5_000)
THROTTLED_SECONDS = _size("THROTTLED_SECONDS", 10, 60)
WEBHOOKS = _size("WEBHOOKS", 2_000, 20_000)
WEB_KILLS = _size("WEB_KILLS", 25, 200)
INSTANTS = _size("INSTANTS", 50_000, 50_000)
CUSTOMERS = _size("CUSTOMERS", 40, 200)
CALLS = _size("CALLS", 40, 500)
EXAMPLES = _size("EXAMPLES", 60, 300)
