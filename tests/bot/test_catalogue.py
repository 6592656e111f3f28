"""The domain and the rules name what the catalogue names, once each."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

ROOT = Path(__file__).resolve().parents[2]


def read(path: str) -> dict[str, Any]:
    return YAML(typ="safe").load((ROOT / path).read_text(encoding="utf-8"))


def test_the_domain_names_the_catalogue_and_nothing_else() -> None:
    catalogue = read("config/intents.yml")
    named = [
        *catalogue["intents"],
        "nlu_fallback",
        "opt_out_unsure",
        *(f"event_{event}" for event in catalogue["events"]),
    ]
    assert sorted(read("domain.yml")["intents"]) == sorted(named)


def test_every_intent_has_exactly_one_rule() -> None:
    ruled = [intent for path in ("always", "script") for intent in _intents(f"data/rules/{path}.yml")]
    assert sorted(ruled) == sorted(read("domain.yml")["intents"])


def test_only_what_no_script_can_change_has_a_rule_of_its_own() -> None:
    rules = read("data/rules/always.yml")["rules"]
    assert {rule["steps"][0]["intent"]: rule["steps"][1]["action"] for rule in rules} == {
        "opt_out": "action_opt_out",
        "complaint": "action_complaint",
        "ask_human": "action_ask_human",
    }


def test_a_rule_sees_one_intent_and_names_one_action() -> None:
    """Which lets the bot ask its policy once for each intent (bot/turns/processor.py)."""
    for path in ("always", "script"):
        for rule in read(f"data/rules/{path}.yml")["rules"]:
            heard, acts = rule["steps"]
            assert rule.keys() == {"rule", "steps"}
            assert all(entry.keys() == {"intent"} for entry in heard.get("or", [heard]))
            assert acts.keys() == {"action"}


def test_the_domain_holds_no_words_and_no_slots() -> None:
    assert not read("domain.yml").keys() & {"responses", "slots", "forms", "entities"}


def _intents(path: str) -> list[str]:
    first = [rule["steps"][0] for rule in read(path)["rules"]]
    return [entry["intent"] for step in first for entry in step.get("or", [step])]
