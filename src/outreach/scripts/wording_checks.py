"""Refuse wording that must not be published: a line without a file, an undeclared fact, what the law or the ear forbids."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from outreach.documents import Document, Problem
from outreach.rules import content
from outreach.rules.sms_length import segments
from outreach.said import said
from outreach.scripts import names, reach, rendering, samples, spoken
from outreach.scripts.catalog import SHARED
from outreach.scripts.rendering import Facts
from outreach.scripts.script import Script

SYNTAX = "syntax"
MOST_SEGMENTS = 2
"""The most that a policy may permit, unless the script says less; campaigns are held to the policy's own figure."""
WAY_TO_REFUSE = "拒收请回复R"
SPOKEN_WAY_TO_REFUSE = re.compile(r"按9|按九")
MACHINE_NOTICE = re.compile("智能语音|语音机器人|AI语音|自动语音")
"""生成合成内容标识办法: an audible, explicit label, at the start."""
LONGEST_TURN = 240
"""Characters said before the customer may answer: about fifty seconds, longer than anybody listens."""


class Bank(Protocol):
    """What a line needs to know of the bank."""

    @property
    def name(self) -> str: ...
    @property
    def signature(self) -> str: ...
    @property
    def hotline(self) -> str: ...


def check(script: Script, own: Document, bank: Bank) -> Iterator[Problem]:
    """Every problem of the wording files of a script whose flow is in order."""
    in_files = list(_files(script, own))
    yield from in_files
    if any(problem.field == SYNTAX for problem in in_files):
        return  # what cannot be parsed cannot be worded
    told = {"name": bank.name, "hotline": bank.hotline, "signature": bank.signature}
    for channel in script.channels:
        for variant in rendering.variants(script):
            for base in (samples.TYPICAL, samples.LONGEST):
                known = samples.facts(script, told, base)
                worded, problems = _worded(script, channel, known, variant)
                yield from problems
                judge = _text_problems if channel == "sms" else _speech_problems
                yield from judge(script, own, bank, worded, variant)


def _files(script: Script, own: Document) -> Iterator[Problem]:
    for channel in script.channels:
        for line in reach.lines(script.flow, channel):
            if rendering.wording_path(script, channel, line) is None:
                fix = said(
                    "%(own)s or %(shared)s",
                    own=f"{script.name}/{channel}/{line}.j2",
                    shared=f"{SHARED}/{channel}/{line}.j2",
                )
                yield own.problem(
                    ["channels"], said("%(channel)s has no wording for %(line)s", channel=channel, line=line), fix
                )
    allowed = {*script.facts, *names.ALWAYS, *names.COMPUTED, *(f"offer.{field}" for field in script.offer)}
    optional = {"manager.name", "manager.phone", "branch.address", *allowed}
    for path, text in script.wording.items():
        wrong = list(rendering.syntax_problems(text))
        yield from (
            Problem(path, number, SYNTAX, what, said("names, listed filters, if and include")) for number, what in wrong
        )
        if wrong or not path.startswith(f"{script.name}/"):
            continue
        for number, name in rendering.names_used(text):
            if name not in optional:
                yield Problem(
                    path, number, name, said("is not declared"), said("a fact in script.yml, or one of offer")
                )
        for number, included in rendering.includes(text):
            if included not in script.wording:
                fix = said("the path of a wording file")
                yield Problem(path, number, included, said("is included and does not exist"), fix)


def _worded(script: Script, channel: str, known: Facts, variant: str) -> tuple[dict[str, str], list[Problem]]:
    """Every line with sample facts, and what is wrong with its words."""
    worded: dict[str, str] = {}
    problems = []
    for line in reach.lines(script.flow, channel):
        path = rendering.wording_path(script, channel, line, variant) or line
        try:
            worded[line] = rendering.render(script, channel, line, known, variant)
        except rendering.CannotRender as error:
            problems.append(
                Problem(path, 1, line, said("cannot be worded: %(why)s", why=error), said("facts that are declared"))
            )
            continue
        if not worded[line]:
            problems.append(Problem(path, 1, line, said("says nothing"), said("some words, or no such line")))
        if wrong := content.problem(worded[line]):
            problems.append(Problem(path, 1, line, wrong, said("words without promises or superlatives")))
    return worded, problems


def _text_problems(
    script: Script, own: Document, bank: Bank, worded: Mapping[str, str], variant: str
) -> Iterator[Problem]:
    budget = int(own.root.get("budget", MOST_SEGMENTS))
    path, line, text = _opening(script, "sms", worded, variant)
    if not (bank.signature.startswith("【") and bank.signature.endswith("】")):
        yield Problem(
            "config/bank.yml", 1, "signature", said("is %(signature)s", signature=repr(bank.signature)), "【…】"
        )
    if not text.endswith(WAY_TO_REFUSE):
        yield Problem(path, 1, line, said("does not end with the way to refuse"), WAY_TO_REFUSE)
    yield from _opening_problems(script, path, line, text)
    yield from _too_long(script, "sms", too_long_texts(script, worded, bank.signature, budget), variant)


def _speech_problems(
    script: Script, _own: Document, bank: Bank, worded: Mapping[str, str], variant: str
) -> Iterator[Problem]:
    path, line, text = _opening(script, "voice", worded, variant)
    disclosure, _question = spoken.disclosure_and_question(text)
    for missing, fix in (
        (bank.name not in disclosure, said("the bank's name, %(name)s, before the question", name=bank.name)),
        (not MACHINE_NOTICE.search(disclosure), said("that a machine speaks, as 智能语音助手, before the question")),
        (
            not SPOKEN_WAY_TO_REFUSE.search(disclosure),
            said("the way to refuse, as 不想再接到来电请按9, before the question"),
        ),
    ):
        if missing:
            yield Problem(path, 1, line, said("does not say all that a call must begin with"), fix)
    yield from _opening_problems(script, path, line, text)
    yield from _too_long(script, "voice", too_long_turns(script, worded), variant)


@dataclass(frozen=True)
class TooLong:
    """Lines that leave as one and are longer than may be."""

    lines: Sequence[str]
    characters: int
    problem: str
    fix: str


def too_long_texts(script: Script, worded: Mapping[str, str], signature: str, most: int) -> Iterator[TooLong]:
    """Texts of more segments than may be."""
    fix = said("at most %(budget)s segments with signature", budget=most)
    for lines in _said_together(script, "sms"):
        whole = signature + "".join(worded.get(line, "") for line in lines)
        if segments(whole) > most:
            long = said("%(count)s characters are %(segments)s segments", count=len(whole), segments=segments(whole))
            yield TooLong(lines, len(whole), long, fix)


def too_long_turns(script: Script, worded: Mapping[str, str]) -> Iterator[TooLong]:
    """What is said on a call for longer than anybody listens."""
    fix = said("at most %(count)s", count=LONGEST_TURN)
    for lines in _said_together(script, "voice"):
        whole = "".join(worded.get(line, "") for line in lines)
        if len(whole) > LONGEST_TURN:
            long = said("%(count)s characters are more than anybody listens to", count=len(whole))
            yield TooLong(lines, len(whole), long, fix)


def _too_long(script: Script, channel: str, found: Iterator[TooLong], variant: str) -> Iterator[Problem]:
    for one in found:
        path = rendering.wording_path(script, channel, one.lines[0], variant) or one.lines[0]
        yield Problem(path, 1, "+".join(one.lines), one.problem, one.fix)


def _opening(script: Script, channel: str, worded: Mapping[str, str], variant: str) -> tuple[str, str, str]:
    """The file, the name and the words of a channel's first line."""
    line = script.flow.steps[script.flow.openings[channel]].say or ""
    return rendering.wording_path(script, channel, line, variant) or line, line, worded.get(line, "")


def _opening_problems(script: Script, path: str, line: str, text: str) -> Iterator[Problem]:
    """What no channel may open with, or without."""
    if script.product == "wealth" and (missing := content.missing_risk_sentence(text)):
        yield Problem(path, 1, line, missing, "、".join(content.RISK_SENTENCES))
    for number, name in rendering.names_used(script.wording.get(path, "")):
        if name in names.AFTER_REPLY_ONLY:
            yield Problem(
                path, number, name, said("stands in the opening"), said("a line after the customer has replied")
            )


def _said_together(script: Script, channel: str) -> Iterator[Sequence[str]]:
    """Lines that leave as one: each alone, and each answer with the question that follows it."""
    yield from ([line] for line in reach.lines(script.flow, channel))
    steps = [script.flow.steps[name] for name in reach.reachable(script.flow, channel)]
    questions = {line for step in steps if step.waits for line in step.questions}
    before = {line for reply in script.flow.replies.values() for line in reply.lines} | set(
        script.flow.answers.values()
    )
    yield from ([line, question] for line in sorted({*before, "rephrase"}) for question in sorted(questions))
