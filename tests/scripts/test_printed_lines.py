"""The two printed dialogues by voice: word for word, but for deviations that each name their rule."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from outreach.places import ROOT

FOLDER = ROOT / "scripts_templates"
KEPT = YAML(typ="safe", pure=True).load((FOLDER / "printed_lines.yml").read_text(encoding="utf-8"))
REQUIREMENTS = Path(os.environ.get("OUTREACH_SHARED", ROOT.parent / "shared")) / "design" / "requirements.md"
WIDE = str.maketrans(",?()", "，？（）")
IDS = [f"{entry['script']}/{'+'.join(entry['lines'])}" for entry in KEPT["lines"]]


def file_of(script: str, line: str) -> str:
    own, shared = FOLDER / script / "voice" / f"{line}.j2", FOLDER / "_shared" / "voice" / f"{line}.j2"
    return (own if own.exists() else shared).read_text(encoding="utf-8").strip()


@pytest.mark.parametrize("entry", KEPT["lines"], ids=IDS)
def test_a_spoken_line_is_what_its_file_says(entry):
    assert entry["spoken"].strip() == "".join(file_of(entry["script"], line) for line in entry["lines"])


@pytest.mark.parametrize("entry", KEPT["lines"], ids=IDS)
def test_a_printed_line_becomes_the_spoken_one_by_its_listed_deviations_alone(entry):
    text = entry["printed"].translate(WIDE)
    for change in KEPT["substitutions"]:
        text = text.replace(change["from"].translate(WIDE), change["to"])
    for change in entry.get("deviations", ()):
        assert change["from"] in text, change
        text = text.replace(change["from"], change["to"], 1)
    assert text == entry["spoken"].strip()


@pytest.mark.parametrize("entry", KEPT["lines"], ids=IDS)
def test_every_deviation_names_the_rule_it_follows(entry):
    assert all(change["rule"].strip() for change in entry.get("deviations", ()))


def test_both_dialogues_are_there():
    assert {entry["script"] for entry in KEPT["lines"]} == {"card_activation", "dual_card_binding"}


@pytest.mark.contract
def test_every_printed_line_is_one_of_the_bank_s_document():
    if not REQUIREMENTS.exists():
        pytest.skip(
            f"the bank's document is not at {REQUIREMENTS}; set OUTREACH_SHARED to the folder that holds design/"
        )
    document = re.sub(r"\s", "", REQUIREMENTS.read_text(encoding="utf-8")).translate(WIDE)
    for entry in KEPT["lines"]:
        assert re.sub(r"\s", "", entry["printed"]).translate(WIDE) in document, entry["printed"]
