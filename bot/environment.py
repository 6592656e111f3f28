"""What Rasa must find in its environment, set in one place before Rasa is imported."""

from __future__ import annotations

import os
import warnings
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODELS = ROOT / "models"

DEFAULTS = {
    # Where `outreach actions` listens.
    "OUTREACH_ACTIONS_URL": "http://127.0.0.1:5055/webhook",
    # Below WARNING Rasa logs every customer's words.
    "LOG_LEVEL": "WARNING",
    "LOG_LEVEL_LIBRARIES": "ERROR",
    # TensorFlow comes with Rasa and does nothing here; its notes on missing graphics cards help nobody.
    "TF_CPP_MIN_LOG_LEVEL": "3",
    # Rasa needs SQLAlchemy 1.4, whose advice to move to 2.0 nobody here can follow.
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
}

FIXED = {
    # A bank's bot reports to nobody. https://rasa.com/docs/rasa/telemetry/telemetry
    "RASA_TELEMETRY_ENABLED": "false",
}


def prepare() -> None:
    """Fill in what the operator has not set, and quiet what nobody here can act on."""
    for name, value in DEFAULTS.items():
        os.environ.setdefault(name, value)
    os.environ.update(FIXED)
    _quiet_warnings()


def _quiet_warnings() -> None:
    import sanic  # noqa: F401, PLC0415 - its import asks for deprecations, so ours must be the later word

    # Rasa 3.6 and what it pins are the last of their line; what they deprecate among themselves will not be mended.
    warnings.filterwarnings("ignore", category=DeprecationWarning)

    import matplotlib  # noqa: F401, ICN001, PLC0415 - it warns on import, and Rasa would by then ask to see that
