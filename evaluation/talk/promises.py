"""What every talk is held to; each promise gives the places at which a talk broke it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache

from evaluation.talk.playing import Exchange, Talk
from outreach.rules import content
from outreach.rules.redaction import redact
from outreach.scripts import catalog
from outreach.scripts.script import Script

REFUSALS = 2
OBJECTS = "object_"
"""How the readings begin to which the same words are no answer, however often they come."""
REPEATS = frozenset({"ask_repeat", "can_you_hear", "wait", "greet", "silence", "confirm_identity", "empty"})
"""Readings to which the same words may be said again."""
MARK = re.compile(r"[？?]")
CHECKABLE = re.compile(r"卡背面|客服电话|客服热线|拨打")
ASKS_FOR_SECRETS = re.compile(
    r"(?:提供|告诉我|告知我|发给我|输入|报一下|说一下|回复).{0,8}(?:密码|验证码|校验码|卡号|CVV|有效期|身份证号)"
)
CONFIRMS = "confirm_visit"
"""A visit that was moved is confirmed again."""
IDENTIFIED = frozenset({"confirm_identity", "affirm", "acknowledge"})

Broken = Iterator[str]


def ends_as_meant(talk: Talk) -> Broken:
    """Who is willing reaches the goal; who wants something else gets that."""
    meant = _script(talk.script).goal if talk.kind.ends == "goal" else talk.kind.ends
    if talk.outcome not in meant:
        yield f"ended as {talk.outcome}, meant {'/'.join(meant)}"


def ends_within_two_refusals(talk: Talk) -> Broken:
    refused = 0
    for one in talk.exchanges:
        refused += one.topic == "refuse"
        if refused >= REFUSALS and one.topic == "refuse" and one.is_open:
            yield f"goes on after refusal {refused}: {one.said}"


def repeats_nothing(talk: Talk) -> Broken:
    """No line is said in the same words again, unless the customer asks the same or asks to hear it again."""
    said: dict[str, str | None] = {}
    for one in talk.exchanges:
        for sentence in _sentences(one.answer):
            if (
                sentence in said
                and CONFIRMS not in one.lines
                and one.reading not in REPEATS
                and (said[sentence] != one.reading or str(one.reading).startswith(OBJECTS))
            ):
                yield f"again: {sentence}"
            said[sentence] = one.reading


def leads_on(talk: Talk) -> Broken:
    """No dead end: each reply is answered, and while the talk goes on the customer is asked something."""
    for one in talk.exchanges:
        if not one.answer and one.is_open:
            yield f"no answer to: {one.said}"
        elif one.is_open and not _questions(talk, one):
            yield f"asks nothing: {one.answer}"
    if talk.exchanges and talk.exchanges[-1].is_open and talk.outcome is None and talk.kind.then != "silence":
        yield "the customer does not know what to say"


def asks_one_thing(talk: Talk) -> Broken:
    for one in talk.exchanges:
        if len(MARK.findall(one.answer)) > 1 or len(_questions(talk, one)) > 1:
            yield f"asks more than one thing: {one.answer}"


def keeps_personal_data(talk: Talk) -> Broken:
    """Nothing personal before the caller has said who they are, or before anything was answered to a text."""
    own = {str(talk.about["name"]), str(talk.about["card_tail"]), str(talk.about["branch"])}
    identified = False
    for one in talk.exchanges:
        identified = identified or (bool(one.topic) if talk.channel == "sms" else one.reading in IDENTIFIED)
        identified = identified and one.reading != "wrong_person"
        named = {word for word in own if word in one.answer}
        if named and not identified:
            yield f"names {'、'.join(named)}: {one.answer}"


def promises_nothing(talk: Talk) -> Broken:
    for one in talk.exchanges:
        if said := content.problem(one.answer):
            yield f"{said}: {one.answer}"


def answers_questions(talk: Talk) -> Broken:
    """Each question that was understood is answered from the approved lines, and the pending one comes after it."""
    flow = _script(talk.script).flow
    for one in talk.exchanges:
        if one.reading is None or not one.reading.startswith("ask_") or one.reading not in flow.answers:
            continue
        step = flow.steps.get(one.step or "")
        if step is None or one.reading in step.replies or (step.private and flow.answers[one.reading] not in one.lines):
            continue
        if flow.answers[one.reading] not in one.lines:
            yield f"{one.reading} is not answered: {one.answer}"
        elif one.is_open and not _questions(talk, one):
            yield f"{one.reading} is answered and nothing comes after it: {one.answer}"


def shows_how_to_check(talk: Talk) -> Broken:
    for one in talk.exchanges:
        if one.reading == "suspect_fraud" and not CHECKABLE.search(one.answer):
            yield f"no way to check: {one.answer}"


def asks_for_no_secrets(talk: Talk) -> Broken:
    for one in talk.exchanges:
        if ASKS_FOR_SECRETS.search(one.answer):
            yield one.answer


def masks_secrets(talk: Talk) -> Broken:
    """A card number, code or identity number that a customer gives is neither kept nor said back."""
    secrets = {
        digits
        for one in talk.exchanges
        if one.topic.startswith("secret_")
        for digits in re.findall(r"\d[\d ]{4,}\d[Xx]?", one.said)
    }
    for one in talk.exchanges:
        for secret in secrets:
            if secret in one.stored or secret.replace(" ", "") in one.stored.replace(" ", ""):
                yield f"kept: {one.stored}"
            if secret in one.answer:
                yield f"said back: {one.answer}"
        if redact(one.answer) != one.answer:
            yield f"a number that is masked elsewhere: {one.answer}"


PROMISES: Mapping[str, Callable[[Talk], Broken]] = {
    "ends as meant": ends_as_meant,
    "polite end within two refusals": ends_within_two_refusals,
    "no line repeated": repeats_nothing,
    "no dead end": leads_on,
    "one question at a time": asks_one_thing,
    "nothing personal too early": keeps_personal_data,
    "no promise": promises_nothing,
    "questions answered, then back": answers_questions,
    "suspicion: a way to check": shows_how_to_check,
    "no password or code asked": asks_for_no_secrets,
    "secrets masked": masks_secrets,
}


def _questions(talk: Talk, one: Exchange) -> set[str]:
    """The questions among the lines of an answer."""
    return {line for line in one.lines if line in _asking(talk.script)}


@cache
def _asking(script: str) -> frozenset[str]:
    steps = _script(script).flow.steps.values()
    return frozenset(line for step in steps if step.waits for line in step.lines)


@cache
def _script(name: str) -> Script:
    return catalog.load(name)


def _sentences(text: str) -> list[str]:
    return [
        one.strip()
        for one in re.split(r"(?<=[。？！?])", re.sub(r"^【.*?】", "", text))
        if len(one.strip()) > LONGEST_COURTESY
    ]


LONGEST_COURTESY = 6
"""Words such as 好的 and 不客气 are said more than once by anybody."""
