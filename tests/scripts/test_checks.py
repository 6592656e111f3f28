"""What must not be published is refused, with its file and line."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

import pytest

from outreach.documents import Problem, Refused
from outreach.rules import content
from outreach.scripts import catalog, checks, drawing, rendering
from outreach.web.console.languages import CHINESE
from outreach.web.console.rendering import environment

ENGLISH = re.compile(
    r"\b(is|are|not|the|an|of|and|or|to|be|cannot|one|no|has|have|which|with|that|from|says|such|each|found|expected|key)\b"
)
"""Words that no name in a script has, and every English sentence."""
NAME = "card_activation"
FLOW = f"{NAME}/script.yml"


@dataclass(frozen=True)
class Bank:
    name: str = "XX银行"
    signature: str = "【XX银行】"
    hotline: str = "95000"


def problems(changes: dict[str, tuple[str, str]], bank: Bank | None = None) -> list[Problem]:
    """The problems of the shipped script with some text replaced in some files."""
    source = dict(catalog.files(NAME))
    for path, (old, new) in changes.items():
        assert old in source.get(path, old), path
        source[path] = source.get(path, "").replace(old, new, 1) if path in source else new
    try:
        return checks.check(catalog.assemble(NAME, source), bank or Bank())
    except Refused as refused:
        return list(refused.problems)


@pytest.mark.parametrize("name", catalog.names())
def test_every_shipped_script_passes_its_own_check(name):
    assert checks.check(catalog.load(name), Bank()) == []


CASES = [
    ("an unknown intent", FLOW, "affirm | ask_offer | acknowledge: ask_time", "afirm: ask_time", "afirm"),
    ("an unknown outcome", FLOW, "goal: [visit_booked, agreed]", "goal: [rich]", "rich"),
    ("an unknown fact", FLOW, "card.tail,", "card.colour,", "card.colour"),
    ("an unknown key", FLOW, "title:", "titel:", "titel"),
    ("an unknown step", FLOW, "reopen: ask_time", "reopen: nowhere", "nowhere"),
    ("a reply that leads nowhere", FLOW, "ask_offer: benefits", "ask_offer: nowhere", "nowhere"),
    ("an unknown action", "_shared/replies.yml", "do: book_visit", "do: fly", "fly"),
    ("a result that is not mapped", "_shared/replies.yml", "      past: ask_time_again\n", "", "results"),
    ("a thing that cannot be collected", FLOW, "collect: visit_time", "collect: shoe_size", "shoe_size"),
    (
        "a step that cannot be reached",
        FLOW,
        "  explain:  ",
        "  lonely:\n    say: explain\n    replies: {affirm: explain}\n  explain:  ",
        "lonely",
    ),
    ("a channel without an opening", FLOW, "voice: identify}", "}", "voice"),
    ("a channel that is not one", FLOW, "channels: [sms, voice]", "channels: [sms, voice, fax]", "fax"),
    ("a line without a file", FLOW, "say: benefits", "say: riches", "riches"),
    ("the same key twice", FLOW, "title:", "script: x\ntitle:", "script"),
    (
        "an override of the opt-out",
        FLOW,
        "steps:\n",
        "steps:\n  end_opted_out: {say: explain, outcome: refused}\n",
        "end_opted_out",
    ),
    (
        "an undeclared variable",
        f"{NAME}/sms/benefits.j2",
        "{{ offer.benefits }}",
        "{{ customer.salary }}",
        "customer.salary",
    ),
    (
        "a call in a wording file",
        f"{NAME}/sms/benefits.j2",
        "{{ offer.benefits }}",
        "{{ offer.benefits.upper() }}",
        "Call",
    ),
    (
        "a loop in a wording file",
        f"{NAME}/sms/benefits.j2",
        "{{ offer.benefits }}",
        "{% for x in offer %}{% endfor %}",
        "For",
    ),
    ("arithmetic in a wording file", f"{NAME}/sms/benefits.j2", "{{ offer.benefits }}", "{{ 'a' * 10 }}", "Mul"),
    ("an include of nothing", f"{NAME}/sms/benefits.j2", "{{ offer.benefits }}", '{% include "x.j2" %}', "x.j2"),
    (
        "an include of itself",
        f"{NAME}/sms/benefits.j2",
        "{{ offer.benefits }}",
        f'{{% include "{NAME}/sms/benefits.j2" %}}',
        "benefits.j2 includes itself",
    ),
    (
        "an opening without the way to refuse",
        f"{NAME}/sms/opening.j2",
        '{% include "_shared/sms/refuse.j2" %}',
        "",
        "拒收请回复R",
    ),
    (
        "an opening that names the card",
        f"{NAME}/sms/opening.j2",
        "现在方便吗",
        "尾号{{ card.tail }}现在方便吗",
        "card.tail",
    ),
    (
        "a call that does not say how to refuse",
        f"{NAME}/voice/opening.j2",
        '{% include "_shared/voice/disclosure.j2" %}',
        "",
        "按9",
    ),
    ("a superlative", f"{NAME}/sms/benefits.j2", "很多优惠", "最好的优惠", "广告法9条"),
    ("a promise of safety", f"{NAME}/sms/benefits.j2", "很多优惠", "保本的优惠", "广告法25条"),
    ("a text over its budget", f"{NAME}/sms/benefits.j2", "很多优惠", "很多优惠" * 30, "segments"),
    ("a wealth script without its risk sentence", FLOW, "title:", "product: wealth\ntitle:", "风险"),
]


@pytest.mark.parametrize(("path", "old", "new", "said"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_a_bad_script_is_refused_with_file_and_line(path, old, new, said):
    found = problems({path: (old, new)})
    assert any(said in str(problem) for problem in found), [str(problem) for problem in found]
    assert all(problem.file and problem.line >= 1 and problem.fix for problem in found)


@pytest.mark.parametrize(("path", "old", "new"), [case[1:4] for case in CASES], ids=[case[0] for case in CASES])
def test_a_chinese_page_says_in_chinese_what_is_refused(path, old, new):
    found = problems({path: (old, new)})
    page = environment(CHINESE).get_template("script_parts.html").module.refused(found)
    told = re.findall(r"</code> <b>.*?</b>: (.*?)</li>", page)
    assert len(told) == len(found) > 0
    assert [one for one in told if ENGLISH.search(re.sub(r"`[^`]*`", "", html.unescape(one)))] == []


def test_a_bank_without_signature_can_text_nobody():
    assert any("signature" in str(problem) for problem in problems({}, Bank(signature="XX银行")))


@pytest.mark.parametrize(
    "text",
    [
        "保底收益,无风险,月复利",
        "重点企业员工专属理财,起点*万,预期收益率*%",
        "保 本",
        "保*本",
        "最·佳",
        "零风险",
        "点击 t.cn/abc",
    ],
)
def test_what_the_law_forbids_is_found_through_its_disguises(text):
    assert content.problem(text)


@pytest.mark.parametrize(
    "text",
    [
        "理财非存款、产品有风险、投资须谨慎",
        "最近怎么样",
        "最后一步",
        "我们不会向您要密码或验证码",
        "9元洗车、9元看电影",
    ],
)
def test_ordinary_words_and_denials_pass(text):
    assert content.problem(text) is None


def test_a_missing_fact_is_an_error_and_never_a_gap():
    script = catalog.load(NAME)
    with pytest.raises(rendering.CannotRender):
        rendering.render(script, "sms", "explain", {"card": {}})


def test_a_drawing_names_every_step_of_the_script_once():
    script = catalog.load(NAME)
    drawn = drawing.mermaid(script.flow)
    for name in ("introduce", "explain", "soothe_limit", "benefits", "ask_time", "book", "confirm"):
        assert f"    {name}[" in drawn or f"    {name}(" in drawn
