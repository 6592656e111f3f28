"""Everything the console says is said in Chinese, too."""

from __future__ import annotations

import re

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from outreach.model import ConversationState, Role, TaskKind, TaskResult, TaskState, VisitState
from outreach.places import ROOT
from outreach.rules.channel import Channel
from outreach.rules.delivery import MessageState, outward
from outreach.scripts import checks
from outreach.scripts.names import DOES, EVENTS, intents, outcomes
from outreach.staff.permissions import Permission
from outreach.web.console import languages
from outreach.web.console.languages import CHINESE, TRANSLATIONS

METHODS = [("**.py", "python"), ("**.html", "jinja2")]
WAYS = {f"way {result}" for result in {*frozenset().union(*DOES.values()), *checks.MISSING_KEYS, "then"}}
"""What leads from one step of a script to another, beside intents."""
DONE = re.compile(r'''(?:\bverb=|\.note\(\s*db, |\bnote\(db, )"([a-z_]+)"''')
VERBS = {verb for path in (ROOT / "src").rglob("*.py") for verb in DONE.findall(path.read_text(encoding="utf-8"))}
"""What the audit says that somebody did."""
WORDS = sorted(
    {*Role, *Permission, *outcomes(), *intents(), *EVENTS, *Channel, *ConversationState, *TaskKind, *TaskState}
    | {*TaskResult, *VisitState, *DOES, *WAYS, *VERBS}
    | {outward(state) for state in MessageState}
)


def translated(name: str) -> dict[str, str]:
    with (TRANSLATIONS / CHINESE / "LC_MESSAGES" / name).open("rb") as file:
        return {message.id: message.string for message in read_po(file) if message.id and not message.fuzzy}


def test_every_sentence_of_every_page_is_translated():
    keywords = {"_": None, "gettext": None, "ngettext": (1, 2), "N_": None, "said": None}
    options = {"**.html": {"newstyle_gettext": "true"}}
    said = {one[2] for one in extract_from_dir(ROOT / "src" / "outreach", METHODS, options, keywords)}
    said = {message for one in said for message in ([one] if isinstance(one, str) else one)}
    known = translated("console.po")
    assert sorted(message for message in said if not known.get(message)) == []
    assert sorted(known.keys() - said) == [], "no page says this any more"


@pytest.mark.parametrize("word", WORDS, ids=str)
def test_every_word_of_the_code_that_is_shown_has_a_name_in_chinese(word):
    assert translated("words.po").get(str(word).replace("_", " "))


@pytest.mark.parametrize(
    ("chosen", "accepted", "language"),
    [
        (None, None, "zh"),
        (None, "en-GB,en;q=0.9", "en"),
        (None, "zh-TW,zh;q=0.9,en;q=0.8", "zh"),
        (None, "fr-FR,fr", "zh"),
        ("en", "zh-CN", "en"),
        ("xx", "en", "en"),
    ],
)
def test_a_language_is_chosen_in_the_page_else_by_the_browser(chosen, accepted, language):
    assert languages.choose(chosen, accepted) == language
