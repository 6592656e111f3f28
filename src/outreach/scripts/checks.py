"""Refuse what must not be published: every problem with its file, its line, and what would be right."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from outreach import documents
from outreach.documents import Document, Problem
from outreach.rules import content
from outreach.rules.sms_length import segments
from outreach.scripts import flow, names, rendering, samples
from outreach.scripts.catalog import SHARED
from outreach.scripts.script import BACK, Flow, Script, Step

MOST_SEGMENTS = 2
"""compliance.md: openings and other texts alike, unless the script says less."""
WAY_TO_REFUSE = "拒收请回复R"
GUARDED = frozenset(flow.ENDS.values())
EXPECTED_KEYS = frozenset({"go", "as", "take", "part", "date", "hour"})
MISSING_KEYS = frozenset({"part", "date", "past"})


class Bank(Protocol):
    """What a text needs to know of the bank."""

    @property
    def name(self) -> str: ...
    @property
    def signature(self) -> str: ...
    @property
    def hotline(self) -> str: ...


def check(script: Script, bank: Bank) -> list[Problem]:
    """Every problem of a script that could be read."""
    own = documents.read(script.source[f"{script.name}/script.yml"], f"{script.name}/script.yml")
    shared = documents.read(script.source[f"{SHARED}/replies.yml"], f"{SHARED}/replies.yml")
    problems = [*_names(script, own), *_steps(script, own, shared), *_shared(script, shared)]
    if problems:
        return problems  # the rest walks the flow and would stumble over the same things
    return [*_reach(script, own, shared), *_files(script, own), *_texts(script, own, bank)]


def _names(script: Script, own: Document) -> Iterator[Problem]:
    for outcome in script.goal:
        if outcome not in names.outcomes():
            yield own.problem(["goal"], f"{outcome} is not an outcome", "a name from config/outcomes.yml")
    for fact in script.facts:
        if fact not in names.FACTS:
            yield own.problem(["facts"], f"{fact} is not a fact", f"one of {', '.join(names.FACTS)}")
    for channel in script.channels:
        if channel not in {"sms", "voice"}:
            yield own.problem(["channels"], f"{channel} is not a channel", "sms or voice")
    for field, sample in script.offer.items():
        if not sample:
            yield own.problem(["offer"], f"{field} has no sample", f"`sample: {{{field}: …}}`")
    for key in own.root.get("limits", {}):
        if key not in script.flow.limits or not isinstance(own.root["limits"][key], int):
            yield own.problem(
                ["limits", str(key)], "is not a limit", "not_understood, silence, refusals, tries or turns"
            )
    if script.product not in {"marketing", "wealth"}:
        yield own.problem(["product"], f"is {script.product!r}", "marketing or wealth")
    for name in ("opening", "reopen"):
        target = own.root.get(name)
        if target is not None and target not in script.flow.steps:
            yield own.problem([name], f"names the step {target}, which does not exist", "the name of a step")


def _steps(script: Script, own: Document, shared: Document) -> Iterator[Problem]:
    for step in script.flow.steps.values():
        document = _home(step, own, shared)
        path = ["steps", step.name]
        if document is own and step.name in GUARDED:
            yield own.problem(path, "overrides what no script can change", "another name")
        for intent in step.replies:
            if intent not in {*names.intents(), "nlu_fallback"}:
                fix = "a name from config/intents.yml"
                yield document.problem([*path, "replies"], f"{intent} is not an intent", fix)
        for target in step.targets():
            if target not in script.flow.steps and target != BACK:
                yield document.problem(path, f"leads to {target}, which does not exist", "the name of a step")
        if step.do is not None and step.do not in names.DOES:
            yield document.problem([*path, "do"], f"{step.do} is not an action", f"one of {', '.join(names.DOES)}")
        elif step.do is not None and set(step.results) != names.DOES[step.do]:
            expected = ", ".join(sorted(names.DOES[step.do]))
            yield document.problem([*path, "results"], f"maps {sorted(step.results)}", f"exactly {expected}")
        if step.outcome is not None and step.outcome not in names.outcomes():
            yield document.problem(
                [*path, "outcome"], f"{step.outcome} is not an outcome", "a name from config/outcomes.yml"
            )
        if step.collect is not None and step.collect not in names.COLLECTED:
            yield document.problem(
                [*path, "collect"], f"{step.collect} cannot be collected", ", ".join(names.COLLECTED)
            )
        if not (step.say or step.do or step.outcome or step.then):
            yield document.problem(path, "says nothing and does nothing", "`say:`, `do:` or `outcome:`")
        for heard, meaning in step.expects.items():
            if heard not in names.intents() and not (len(heard) == 1 and heard in "0123456789*#"):
                yield document.problem([*path, "expects"], f"{heard} is not an intent", "an intent or a digit")
            if set(meaning) - EXPECTED_KEYS:
                yield document.problem(
                    [*path, "expects"], f"{dict(meaning)} is not a meaning", ", ".join(sorted(EXPECTED_KEYS))
                )
        if set(step.missing) - MISSING_KEYS:
            yield document.problem([*path, "missing"], f"has {sorted(step.missing)}", ", ".join(sorted(MISSING_KEYS)))
    for intent in script.flow.answers:
        if intent not in names.intents():
            yield own.problem(["answers"], f"{intent} is not an intent", "a name from config/intents.yml")
    for intent, target in script.flow.anywhere.items():
        if intent not in names.intents() or target not in script.flow.steps:
            yield own.problem(
                ["anywhere", intent], f"leads from {intent} to {target}", "an intent and a step that exist"
            )


def _shared(script: Script, shared: Document) -> Iterator[Problem]:
    handled = set(script.flow.replies) | set(script.flow.answers)
    for intent in names.intents():
        if intent not in handled:
            yield shared.problem(["replies"], f"says nothing of {intent}", f"`{intent}: …`")
    groups = {"replies": script.flow.replies} | {
        f"after_end.{key}": value for key, value in script.flow.after_end.items()
    }
    known = {*names.intents(), *names.EVENTS, "nlu_fallback", "otherwise"}
    for where, replies in groups.items():
        for intent, reply in replies.items():
            path = [*where.split("."), intent]
            if intent not in known:
                yield shared.problem(path, f"{intent} is not an intent", "a name from config/intents.yml")
            for target in reply.targets():
                if target not in script.flow.steps:
                    yield shared.problem(path, f"leads to {target}, which does not exist", "the name of a step")
            if reply.keep is not None and reply.keep not in names.KEPT:
                yield shared.problem(path, f"keeps {reply.keep}", ", ".join(names.KEPT))
            if reply.task is not None and reply.task not in names.TASKS:
                yield shared.problem(path, f"raises {reply.task}", ", ".join(names.TASKS))
            if reply.event is not None and reply.event not in names.PROPOSES:
                yield shared.problem(path, f"proposes {reply.event}", ", ".join(names.PROPOSES))


def _reach(script: Script, own: Document, shared: Document) -> Iterator[Problem]:
    reached = _reachable(script.flow)
    for name in own.root.get("steps", {}):
        if name not in reached:
            yield own.problem(["steps", str(name)], "cannot be reached", "a reply that leads to it, or no such step")
    ending = _ending(script.flow)
    for name in reached:
        step = script.flow.steps[name]
        if name not in ending:
            yield _home(step, own, shared).problem(["steps", name], "cannot end", "a way to a step with `outcome:`")
        if _walks_for_ever(script.flow, name):
            yield _home(step, own, shared).problem(["steps", name], "never waits for the customer", "a step that asks")


def _reachable(flow_: Flow) -> set[str]:
    waiting = [
        flow_.opening,
        *(target for target in flow_.anywhere.values()),
        *([flow_.reopen] if flow_.reopen else []),
    ]
    groups = (flow_.replies, *flow_.after_end.values())
    waiting += [name for replies in groups for reply in replies.values() for name in reply.targets()]
    waiting += flow.KEYWORDS.values()
    reached: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name not in reached and name != BACK:
            reached.add(name)
            waiting += flow_.steps[name].targets()
    return reached


def _ending(flow_: Flow) -> set[str]:
    """Steps from which an outcome can be reached; `back` leads to a step that is judged for itself."""
    ending = {name for name, step in flow_.steps.items() if step.outcome}
    grown = True
    while grown:
        more = {
            name
            for name, step in flow_.steps.items()
            if name not in ending and any(target in ending or target == BACK for target in step.targets())
        }
        grown = bool(more)
        ending |= more
    return ending


def _walks_for_ever(flow_: Flow, name: str) -> bool:
    """Whether `then` leads round in a circle without anybody being asked."""
    seen: set[str] = set()
    step: Step | None = flow_.steps[name]
    while step is not None and step.then and step.then != BACK:
        if step.name in seen:
            return True
        seen.add(step.name)
        step = flow_.steps.get(step.then)
    return False


def _files(script: Script, own: Document) -> Iterator[Problem]:
    for channel in script.channels:
        for line in _lines(script):
            if rendering.wording_path(script, channel, line) is None:
                fix = f"{script.name}/{channel}/{line}.j2 or {SHARED}/{channel}/{line}.j2"
                yield own.problem(["channels"], f"{channel} has no wording for {line}", fix)
    allowed = {*script.facts, *names.ALWAYS, *names.COMPUTED, *(f"offer.{field}" for field in script.offer)}
    optional = {"manager.name", "branch.address", *allowed}
    for path, text in script.wording.items():
        wrong = list(rendering.syntax_problems(text))
        yield from (
            Problem(path, number, "syntax", said, "names, listed filters, if and include") for number, said in wrong
        )
        if wrong or not path.startswith(f"{script.name}/"):
            continue
        for number, name in rendering.names_used(text):
            if name not in optional:
                yield Problem(path, number, name, "is not declared", "a fact in script.yml, or one of offer")
        for number, included in rendering.includes(text):
            if included not in script.wording:
                yield Problem(path, number, included, "is included and does not exist", "the path of a wording file")


def _texts(script: Script, own: Document, bank: Bank) -> Iterator[Problem]:
    """What each line says, with typical and with the longest facts."""
    budget = int(own.root.get("budget", MOST_SEGMENTS))
    told = {"name": bank.name, "hotline": bank.hotline, "signature": bank.signature}
    if "sms" not in script.channels:
        return
    for base in (samples.TYPICAL, samples.LONGEST):
        known = samples.facts(script, told, base)
        worded = {}
        for line in _lines(script):
            path = rendering.wording_path(script, "sms", line) or line
            try:
                worded[line] = rendering.render(script, "sms", line, known)
            except rendering.CannotRender as error:
                yield Problem(path, 1, line, str(error), "facts that are declared")
                continue
            if said := content.problem(worded[line]):
                yield Problem(path, 1, line, said, "words without promises or superlatives")
        yield from _opening(script, worded, bank)
        for lines in _spoken_together(script):
            text = bank.signature + "".join(worded.get(line, "") for line in lines)
            if segments(text) > budget:
                path = rendering.wording_path(script, "sms", lines[0]) or lines[0]
                fix = f"at most {budget} segments with signature"
                yield Problem(path, 1, "+".join(lines), f"{len(text)} characters are {segments(text)} segments", fix)


def _opening(script: Script, worded: dict[str, str], bank: Bank) -> Iterator[Problem]:
    line = script.flow.steps[script.flow.opening].say or ""
    path = rendering.wording_path(script, "sms", line) or line
    text = worded.get(line, "")
    if not (bank.signature.startswith("【") and bank.signature.endswith("】")):
        yield Problem("config/bank.yml", 1, "signature", f"is {bank.signature!r}", "【…】")
    if not text.endswith(WAY_TO_REFUSE):
        yield Problem(path, 1, line, "does not end with the way to refuse", WAY_TO_REFUSE)
    if script.product == "wealth" and (said := content.missing_risk_sentence(text)):
        yield Problem(path, 1, line, said, "、".join(content.RISK_SENTENCES))
    for number, name in rendering.names_used(script.wording.get(path, "")):
        if name in names.AFTER_REPLY_ONLY:
            yield Problem(path, number, name, "stands in the opening", "a line after the customer has replied")


def _lines(script: Script) -> list[str]:
    """Every line the script can say."""
    said: dict[str, None] = {}
    reached = _reachable(script.flow)
    for name in reached:
        step = script.flow.steps[name]
        said |= dict.fromkeys(line for line in (step.say, step.again) if line)
    groups = (script.flow.replies, *script.flow.after_end.values())
    said |= dict.fromkeys(reply.say for replies in groups for reply in replies.values() if reply.say)
    said |= dict.fromkeys(script.flow.answers.values())
    return [*said, "rephrase"]


def _spoken_together(script: Script) -> Iterator[Sequence[str]]:
    """Lines that leave as one text: each alone, and each answer with the question that follows it."""
    yield from ([line] for line in _lines(script))
    questions = {step.question for step in script.flow.steps.values() if step.waits and step.question}
    before = {reply.say for reply in script.flow.replies.values() if reply.say} | set(script.flow.answers.values())
    yield from ([line, question] for line in sorted({*before, "rephrase"}) for question in sorted(questions))


def _home(step: Step, own: Document, shared: Document) -> Document:
    return own if step.name in (own.root.get("steps") or {}) else shared
