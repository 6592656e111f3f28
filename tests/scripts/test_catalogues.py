"""The names that are fixed: our copies agree with the originals, and everything has what it needs."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from outreach.conversations.effects import EFFECTS
from outreach.model import TaskKind
from outreach.places import CONFIG, ROOT
from outreach.scripts import names

DESIGN = Path(os.environ.get("OUTREACH_SHARED") or ROOT.parent / "shared") / "design"


@pytest.mark.contract
@pytest.mark.skipif(not DESIGN.exists(), reason="OUTREACH_SHARED holds the originals; it is not here")
@pytest.mark.parametrize("name", ["intents.yml", "outcomes.yml"])
def test_our_copy_agrees_with_the_original(name):
    read = YAML(typ="safe", pure=True).load
    assert read((CONFIG / name).read_text(encoding="utf-8")) == read((DESIGN / name).read_text(encoding="utf-8"))


def test_every_action_and_event_has_an_effect():
    assert set(names.DOES) | set(names.PROPOSES) <= set(EFFECTS)


def test_every_task_a_reply_raises_is_a_kind_of_task():
    assert set(names.TASKS) <= set(TaskKind)


def test_every_intent_has_at_least_60_examples_and_none_in_two():
    seen: dict[str, str] = {}
    counts = dict.fromkeys(names.intents(), 0)
    for path in sorted((ROOT / "data" / "nlu").glob("*.yml")):
        for entry in YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))["nlu"]:
            for line in entry["examples"].splitlines():
                words = line.removeprefix("- ").strip()
                assert words not in seen, (words, seen.get(words), entry["intent"])
                seen[words] = entry["intent"]
                counts[entry["intent"]] += 1
    assert {intent: count for intent, count in counts.items() if count < 60} == {}
