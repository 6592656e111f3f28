"""The models that are compared, and what each reads. A model's readings are kept, as the same words read the same."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from outreach.cli.processes import BOT_PYTHON
from outreach.places import ROOT

KEPT = ROOT / "build" / "evaluation"
PRODUCT = ROOT / "models" / "outreach.tar.gz"
CANDIDATE = ROOT / "models" / "candidate" / "outreach.tar.gz"
QUIET = {
    "RASA_TELEMETRY_ENABLED": "false",
    "LOG_LEVEL": "ERROR",
    "LOG_LEVEL_LIBRARIES": "ERROR",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
}


@dataclass(frozen=True)
class Ranked:
    """What a model made of a text: its reading after the fallback, and its ranking before it."""

    intent: str
    ranking: tuple[tuple[str, float], ...]


def read(model: Path, texts: Sequence[str]) -> list[Ranked]:
    """What the model reads in each text."""
    asked = json.dumps(list(texts), ensure_ascii=False)
    kept = KEPT / f"readings-{_digest(model.read_bytes(), asked.encode())}.json"
    if not kept.exists():
        ran = subprocess.run(
            [BOT_PYTHON, "-m", "bot.read", str(model)],
            input=asked, cwd=ROOT, env={**os.environ, **QUIET}, check=True, text=True, stdout=subprocess.PIPE,
        )  # fmt: skip
        KEPT.mkdir(parents=True, exist_ok=True)
        kept.write_text(ran.stdout, encoding="utf-8")
    said = json.loads(kept.read_text(encoding="utf-8"))
    return [Ranked(one["intent"], tuple((name, sure) for name, sure in one["ranking"])) for one in said]


def _digest(*parts: bytes) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(hashlib.sha256(part).digest())
    return digest.hexdigest()[:16]
