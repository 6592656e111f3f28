"""The examples that the model learns from: each once, under one intent, and no intent short of them."""

import re
import unicodedata
from collections import defaultdict

import pytest
from ruamel.yaml import YAML

from outreach.places import CONFIG, ROOT

FEWEST = 60
"""Examples of an intent; with fewer the model knows phrases, not what they mean."""

FILLING = re.compile(r"^(?:呃|嗯|啊|哦|那个|这个|唉|哎)+(?=.)|(?<=.)[啊呀哦噢呢嘛哈哟呗]+$")
"""What surrounds words without changing them: 呃那个不用了啊 is 不用了."""


@pytest.fixture(scope="module")
def examples():
    """Every shipped example, with its intent and its place."""
    found = []
    for path in sorted((ROOT / "data" / "nlu").glob("*.yml")):
        for part in YAML(typ="safe").load(path.read_text(encoding="utf-8"))["nlu"]:
            said = part["examples"].splitlines()
            found += [(line.removeprefix("- "), part["intent"], f"{path.name}: {part['intent']}") for line in said]
    return found


def alike(examples, key):
    """The groups of examples that have one key, with their intents."""
    groups = defaultdict(list)
    for words, intent, place in examples:
        groups[key(words)].append((intent, words, place))
    return groups.values()


def bare(words):
    """The words in one width and case, without points and blanks; an emoji is a word."""
    whole = unicodedata.normalize("NFKC", words).casefold()
    return "".join(sign for sign in whole if unicodedata.category(sign)[0] in "LNSM") or whole


def core(words):
    """What is left of the words without points, fillers and doubling."""
    kept = FILLING.sub("", bare(words))
    kept = kept if len(kept) > 1 else bare(words)  # 哦哦 and 嗯呢 are nothing but fillers
    said = re.fullmatch(r"(.{2,}?)\1+", kept)
    return said[1] if said else kept


def test_no_example_stands_twice(examples):
    assert not [same for same in alike(examples, bare) if len(same) > 1]


def test_no_words_have_two_meanings(examples):
    """Near-copies under two intents teach the model to guess; what a step makes of them is the step's business."""
    assert not [same for same in alike(examples, core) if len({intent for intent, _, _ in same}) > 1]


def test_every_intent_has_examples_enough(examples):
    counted = defaultdict(int)
    for _, intent, _ in examples:
        counted[intent] += 1
    catalogue = YAML(typ="safe").load((CONFIG / "intents.yml").read_text(encoding="utf-8"))["intents"]
    assert set(counted) == set(catalogue)
    assert not {intent: n for intent, n in counted.items() if n < FEWEST}
