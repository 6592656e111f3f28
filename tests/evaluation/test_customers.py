"""The simulated customers speak words of their own, come back the same for the same seed, and understand every line."""

from __future__ import annotations

import unicodedata
from functools import cache
from random import Random

import pytest
from ruamel.yaml import YAML

from evaluation.talk.customer import Customer, kinds, words
from evaluation.talk.report import SCRIPTS, drawn
from outreach.places import ROOT
from outreach.scripts import catalog, rendering, samples

BANK = {"name": "XX银行", "hotline": "95000", "signature": "【XX银行】"}


def comparable(text: str) -> str:
    whole = unicodedata.normalize("NFKC", text).casefold()
    return "".join(letter for letter in whole if unicodedata.category(letter)[0] in "LN")


@cache
def trained() -> set[str]:
    found = set()
    for path in sorted((ROOT / "data" / "nlu").glob("*.yml")):
        for entry in YAML(typ="safe").load(path.read_text(encoding="utf-8"))["nlu"]:
            found |= {comparable(line.removeprefix("- ")) for line in str(entry.get("examples", "")).splitlines()}
    return found


def test_no_sentence_of_a_simulated_customer_is_a_training_example():
    assert trained()
    shared = sorted(one for one in words().own() if comparable(one) in trained())
    assert shared == []


def test_what_they_bring_up_and_stay_with_can_be_said():
    said = {*words().says, *words().answers, "agrees", "silence"}
    for kind in kinds():
        for topic in (*kind.brings, kind.then, kind.arranges, kind.afterwards):
            if topic is not None:
                name = topic.rstrip("0123456789")
                assert name in said or any(one.startswith(name[:-1]) for one in said if name.endswith("*")), kind.name


def test_the_same_seed_meets_the_same_customer():
    assert drawn("card_activation", "sms", 7) == drawn("card_activation", "sms", 7)
    talks = []
    for _ in range(2):
        customer = Customer(kinds()[0], "voice", words(), Random("seed"))
        talks.append([customer.hears("请问是王女士本人吗？"), customer.hears("您看今天上午还是下午有空过来")])
    assert talks[0] == talks[1]


@pytest.mark.parametrize("name", SCRIPTS)
@pytest.mark.parametrize("channel", ["sms", "voice"])
def test_they_understand_every_question_that_a_script_puts(name: str, channel: str):
    script = catalog.load(name)
    known = samples.facts(script, BANK)
    customer = Customer(kinds()[0], channel, words(), Random(1))
    for step in (one for one in script.flow.steps.values() if one.waits):
        for line in {step.say, *step.questions} - {None}:
            if rendering.wording_path(script, channel, line) is not None:
                said = rendering.render(script, channel, line, known)
                assert customer.asked(said) is not None, said
