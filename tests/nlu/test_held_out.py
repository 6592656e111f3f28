"""The held-out replies: every intent and style is there, no line is there twice, and none was taught.

A file of `held_out/<channel>/` maps intents to styles to lines. Lines are compared by their letters and digits alone, so
that neither punctuation nor an emoji makes a taught line new.
"""

import re
from collections import defaultdict
from collections.abc import Iterator

import pytest
from ruamel.yaml import YAML

from evaluation.held_out import comparable, lines
from outreach.places import CONFIG, ROOT

STYLES = {
    "spoken": {
        "plain",
        "filler",  # 呃, 那个
        "homophone",  # what a recogniser mistakes for a word of the same sound
        "dropped",  # a word or two are all that is left
        "repeated",
        "dialect",
        "background",  # talk to others in the room, or by them
        "cut",  # breaks off
        "several",  # several things at once
        "elderly",
        "near_opt_out",  # sounds like a refusal of contact, and is not (under opt_out: one that sounds like something else)
    },
    "texts": {
        "plain",
        "slip",  # wrong characters of pinyin input
        "pinyin",  # initials, or words in full
        "emoji",
        "traditional",
        "cantonese",
        "keyword",  # one or two words
        "several",  # several things at once
        "elliptic",
        "near_opt_out",  # sounds like a refusal of contact, and is not (under opt_out: one that sounds like something else)
        "polite",
        "angry",
    },
}

channels = pytest.mark.parametrize("channel", STYLES)


def read(path) -> dict:
    return YAML(typ="safe").load(path.read_text(encoding="utf-8"))


def taught() -> Iterator[str]:
    for path in (ROOT / "data" / "nlu").glob("**/*.yml"):
        for part in read(path).get("nlu") or []:
            for line in str(part.get("examples", "")).splitlines():
                yield re.sub(r"\[([^\]]*)\](\([^)]*\)|\{[^}]*\})", r"\1", line.removeprefix("- "))


@channels
def test_every_intent_is_held_out_and_nothing_else(channel):
    assert {line.intent for line in lines(channel)} == set(read(CONFIG / "intents.yml")["intents"])


@channels
def test_every_style_is_held_out_and_nothing_else(channel):
    assert {line.style for line in lines(channel)} == STYLES[channel]


@channels
def test_a_thousand_lines_are_held_out(channel):
    assert sum(1 for _ in lines(channel)) >= 1000


@channels
def test_a_held_out_line_is_words(channel):
    """A bare 886 would be read as a number, and an empty line as nothing."""
    assert not [line for line in lines(channel) if not (isinstance(line.words, str) and line.words.strip())]


def test_no_line_is_held_out_twice():
    places = defaultdict(list)
    for channel in STYLES:
        for line in lines(channel):
            places[comparable(line.words)].append(line)
    assert not [same for same in places.values() if len(same) > 1]


@channels
def test_no_held_out_line_was_taught(channel):
    known = {comparable(words) for words in taught()}
    assert len(known) > 1000
    assert not [line for line in lines(channel) if comparable(line.words) in known]
