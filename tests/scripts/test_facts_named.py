"""The facts that lines name, so that a turn looks up no others."""

from __future__ import annotations

import pytest

from outreach.scripts import catalog, rendering

NAME = "card_activation"


@pytest.fixture
def worded():
    """A script in which two lines say this."""

    def made(explain: str, again: str):
        files = {f"{NAME}/sms/explain.j2": explain, f"{NAME}/sms/explain_again.j2": again}
        return catalog.assemble(NAME, {**catalog.load(NAME).source, **files})

    return made


def test_a_line_names_its_facts_once_each(worded):
    script = worded(
        "{{ card.tail }}，{{ card.product }}{% if visit.when is defined %}{{ visit.when }}{% endif %}", "好吗？"
    )
    assert rendering.facts_named(script, "sms", ["explain"]) == {"card", "visit"}
    assert rendering.facts_named(script, "sms", ["explain_again"]) == set()


def test_a_line_names_the_facts_of_what_it_includes(worded):
    script = worded('好，{% include "card_activation/sms/explain_again.j2" %}', "{{ callback.when }}好吗？")
    assert rendering.facts_named(script, "sms", ["explain"]) == {"callback"}


def test_includes_that_go_round_end(worded):
    script = worded(
        '{{ card.tail }}{% include "card_activation/sms/explain_again.j2" %}',
        '{{ visit.when }}{% include "card_activation/sms/explain.j2" %}',
    )
    assert rendering.facts_named(script, "sms", ["explain"]) == {"card", "visit"}


def test_a_line_without_a_file_names_nothing(worded):
    assert rendering.facts_named(worded("好", "好"), "sms", ["nowhere"]) == set()
