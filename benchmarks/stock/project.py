"""Write stock Rasa's project into a folder, and train it there when its inputs changed."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import time
from pathlib import Path

from sqlalchemy.engine import make_url

from outreach.cli.processes import BOT_PYTHON
from outreach.places import ROOT
from outreach.scripts.names import intents

FOLDER = ROOT / ".data" / "bench" / "stock"
EPOCHS = ("epochs: 100", "epochs: 3")
"""How long it learns makes no turn longer or shorter; how well it learns is what `make eval` compares."""
UNSURE = "nlu_fallback"
ENVIRONMENT = {
    **os.environ,
    "RASA_TELEMETRY_ENABLED": "false",
    "LOG_LEVEL": "ERROR",
    "LOG_LEVEL_LIBRARIES": "ERROR",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
}


def prepare(database_url: str, actions_port: int) -> Path:
    """The project's folder, trained; the same inputs are trained once."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    config = Path(__file__).with_name("config.yml").read_text(encoding="utf-8")
    (FOLDER / "config.yml").write_text(config.replace(*EPOCHS), encoding="utf-8")
    shutil.rmtree(FOLDER / "data", ignore_errors=True)
    shutil.copytree(ROOT / "data" / "nlu", FOLDER / "data" / "nlu")
    rules = [
        f"- rule: {intent}\n  steps:\n  - intent: {intent}\n  - action: action_stock\n"
        for intent in (*intents(), UNSURE)
    ]
    (FOLDER / "data" / "rules.yml").write_text('version: "3.1"\nrules:\n' + "".join(rules), encoding="utf-8")
    # TED wants at least one story; one of the two ways a customer begins.
    story = "stories:\n- story: yes\n  steps:\n  - intent: greet\n  - action: action_stock\n  - intent: affirm\n  - action: action_stock\n"
    (FOLDER / "data" / "stories.yml").write_text('version: "3.1"\n' + story, encoding="utf-8")
    domain = {
        "version": "3.1",
        "intents": [*intents(), UNSURE],
        "actions": ["action_stock"],
        "session_config": {"session_expiration_time": 60, "carry_over_slots_to_new_session": True},
    }
    (FOLDER / "domain.yml").write_text(json.dumps(domain), encoding="utf-8")
    (FOLDER / "credentials.yml").write_text("rest:\n", encoding="utf-8")
    (FOLDER / "endpoints.yml").write_text(json.dumps(_endpoints(database_url, actions_port)), encoding="utf-8")
    _train()
    return FOLDER


def _endpoints(database_url: str, actions_port: int) -> dict[str, object]:
    url = make_url(database_url)
    store = {
        "type": "SQL", "dialect": "postgresql", "db": url.database, "username": url.username, "password": url.password or "",
        "url": url.host or "", "port": url.port, "query": dict(url.query),
    }  # fmt: skip
    return {
        "action_endpoint": {"url": f"http://127.0.0.1:{actions_port}/webhook"},
        "tracker_store": {key: value for key, value in store.items() if value},
    }


def _train() -> None:
    digest = hashlib.sha256()
    for path in sorted([*(FOLDER / "data").rglob("*.yml"), FOLDER / "config.yml", FOLDER / "domain.yml"]):
        digest.update(path.read_bytes())
    note, model = FOLDER / "inputs", FOLDER / "models" / "stock.tar.gz"
    if model.exists() and note.exists() and note.read_text() == digest.hexdigest():
        return
    started = time.perf_counter()
    print("training stock Rasa once; this takes minutes", flush=True)
    subprocess.run(
        [BOT_PYTHON, "-m", "rasa", "train", "--fixed-model-name", "stock"], cwd=FOLDER, env=ENVIRONMENT, check=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    print(f"trained in {time.perf_counter() - started:.0f} s")
    note.write_text(digest.hexdigest())
