"""Refuse what must not be published: every problem with its file, its line, and what would be right."""

from __future__ import annotations

import re
from collections.abc import Iterator

from outreach import documents
from outreach.documents import Document, Problem, Refused
from outreach.said import said
from outreach.scripts import catalog, flow, names, wording_checks
from outreach.scripts.catalog import SHARED, Files
from outreach.scripts.reach import reachable
from outreach.scripts.script import BACK, Flow, Script, Step
from outreach.scripts.wording_checks import Bank

GUARDED = frozenset(flow.ENDS.values())
EXPECTED_KEYS = frozenset({"go", "as", "take", "part", "date", "hour"})
EXPECTED_WORDS = re.compile(r"[0-9*#]|[\u4e00-\u9fff]+")
MISSING_KEYS = frozenset({"part", "date", "past"})


def check_files(name: str, files: Files, bank: Bank) -> list[Problem]:
    """Every problem of a script's files, those among them that keep it from being read."""
    try:
        return check(catalog.assemble(name, files), bank)
    except Refused as refused:
        return list(refused.problems)


def check(script: Script, bank: Bank) -> list[Problem]:
    """Every problem of a script that could be read."""
    own, shared = _documents(script)
    if problems := _of_flow(script, own, shared):
        return problems  # the rest walks the flow and would stumble over the same things
    found = (*_reach(script, own, shared), *wording_checks.check(script, own, bank))
    return list(dict.fromkeys(found))  # with typical and with the longest facts the same may be wrong


def walkable(script: Script) -> bool:
    """Whether all that the flow names is there, so that its lines can be followed."""
    return not _of_flow(script, *_documents(script))


def _documents(script: Script) -> tuple[Document, Document]:
    own, shared = f"{script.name}/script.yml", f"{SHARED}/replies.yml"
    return documents.read(script.source[own], own), documents.read(script.source[shared], shared)


def _of_flow(script: Script, own: Document, shared: Document) -> list[Problem]:
    return [*_names(script, own), *_steps(script, own, shared), *_shared(script, shared)]


def _names(script: Script, own: Document) -> Iterator[Problem]:
    for outcome in script.goal:
        if outcome not in names.outcomes():
            yield own.problem(
                ["goal"],
                said("%(outcome)s is not an outcome", outcome=outcome),
                said("a name from config/outcomes.yml"),
            )
    for fact in script.facts:
        if fact not in names.FACTS:
            yield own.problem(
                ["facts"],
                said("%(fact)s is not a fact", fact=fact),
                said("one of %(known)s", known=", ".join(names.FACTS)),
            )
    for channel in script.channels:
        if channel not in {"sms", "voice"}:
            yield own.problem(["channels"], said("%(channel)s is not a channel", channel=channel), said("sms or voice"))
    for field, sample in script.offer.items():
        if not sample:
            yield own.problem(["offer"], said("%(field)s has no sample", field=field), f"`sample: {{{field}: …}}`")
    for key in own.root.get("limits", {}):
        if key not in script.flow.limits or not isinstance(own.root["limits"][key], int):
            yield own.problem(
                ["limits", str(key)], said("is not a limit"), said("not_understood, silence, refusals, tries or turns")
            )
    if script.product not in {"marketing", "wealth"}:
        yield own.problem(["product"], said("is %(value)s", value=repr(script.product)), said("marketing or wealth"))
    for channel in script.channels:
        if channel not in script.flow.openings:
            yield own.problem(
                ["opening"], said("says nothing of %(channel)s", channel=channel), f"`opening: {{{channel}: STEP}}`"
            )
    entries = [("opening", target) for target in script.flow.openings.values()]
    for name, target in [*entries, *([("reopen", script.flow.reopen)] if script.flow.reopen else [])]:
        if target not in script.flow.steps:
            yield own.problem(
                [name],
                said("names the step %(target)s, which does not exist", target=target),
                said("the name of a step"),
            )


def _steps(script: Script, own: Document, shared: Document) -> Iterator[Problem]:
    for step in script.flow.steps.values():
        document = _home(step, own, shared)
        path = ["steps", step.name]
        if document is own and step.name in GUARDED:
            yield own.problem(path, said("overrides what no script can change"), said("another name"))
        for intent in step.replies:
            if intent not in {*names.intents(), *names.DERIVED}:
                fix = said("a name from config/intents.yml")
                yield document.problem([*path, "replies"], said("%(intent)s is not an intent", intent=intent), fix)
        for target in step.targets():
            if target not in script.flow.steps and target != BACK:
                yield document.problem(
                    path, said("leads to %(target)s, which does not exist", target=target), said("the name of a step")
                )
        if step.do is not None and step.do not in names.DOES:
            yield document.problem(
                [*path, "do"],
                said("%(do)s is not an action", do=step.do),
                said("one of %(known)s", known=", ".join(names.DOES)),
            )
        elif step.do is not None and set(step.results) != names.DOES[step.do]:
            expected = ", ".join(sorted(names.DOES[step.do]))
            yield document.problem(
                [*path, "results"],
                said("maps %(results)s", results=sorted(step.results)),
                said("exactly %(expected)s", expected=expected),
            )
        if step.outcome is not None and step.outcome not in names.outcomes():
            yield document.problem(
                [*path, "outcome"],
                said("%(outcome)s is not an outcome", outcome=step.outcome),
                said("a name from config/outcomes.yml"),
            )
        if step.collect is not None and step.collect not in names.COLLECTED:
            yield document.problem(
                [*path, "collect"],
                said("%(collect)s cannot be collected", collect=step.collect),
                ", ".join(names.COLLECTED),
            )
        if not (step.say or step.do or step.outcome or step.then):
            yield document.problem(path, said("says nothing and does nothing"), said("`say:`, `do:` or `outcome:`"))
        for heard, meaning in step.expects.items():
            if heard not in names.intents() and not EXPECTED_WORDS.fullmatch(heard):
                fix = said("an intent, a digit, or words as the customer says them")
                yield document.problem([*path, "expects"], said("%(intent)s is not an intent", intent=heard), fix)
            if set(meaning) - EXPECTED_KEYS:
                yield document.problem(
                    [*path, "expects"],
                    said("%(meaning)s is not a meaning", meaning=dict(meaning)),
                    ", ".join(sorted(EXPECTED_KEYS)),
                )
        if set(step.missing) - MISSING_KEYS:
            yield document.problem(
                [*path, "missing"],
                said("has %(missing)s", missing=sorted(step.missing)),
                ", ".join(sorted(MISSING_KEYS)),
            )
    for intent in script.flow.answers:
        if intent not in names.intents():
            yield own.problem(
                ["answers"], said("%(intent)s is not an intent", intent=intent), said("a name from config/intents.yml")
            )
    for intent, target in script.flow.anywhere.items():
        if intent not in names.intents() or target not in script.flow.steps:
            yield own.problem(
                ["anywhere", intent],
                said("leads from %(intent)s to %(target)s", intent=intent, target=target),
                said("an intent and a step that exist"),
            )


def _shared(script: Script, shared: Document) -> Iterator[Problem]:
    handled = set(script.flow.replies) | set(script.flow.answers)
    for intent in names.intents():
        if intent not in handled:
            yield shared.problem(["replies"], said("says nothing of %(intent)s", intent=intent), f"`{intent}: …`")
    groups = {"replies": script.flow.replies} | {
        f"after_end.{key}": value for key, value in script.flow.after_end.items()
    }
    known = {*names.intents(), *names.EVENTS, *names.DERIVED, "otherwise"}
    for where, replies in groups.items():
        for intent, reply in replies.items():
            path = [*where.split("."), intent]
            if intent not in known:
                yield shared.problem(
                    path, said("%(intent)s is not an intent", intent=intent), said("a name from config/intents.yml")
                )
            for target in reply.targets():
                if target not in script.flow.steps:
                    yield shared.problem(
                        path,
                        said("leads to %(target)s, which does not exist", target=target),
                        said("the name of a step"),
                    )
            if reply.keep is not None and reply.keep not in names.KEPT:
                yield shared.problem(path, said("keeps %(keep)s", keep=reply.keep), ", ".join(names.KEPT))
            if reply.task is not None and reply.task not in names.TASKS:
                yield shared.problem(path, said("raises %(task)s", task=reply.task), ", ".join(names.TASKS))
            if reply.event is not None and reply.event not in names.PROPOSES:
                yield shared.problem(path, said("proposes %(event)s", event=reply.event), ", ".join(names.PROPOSES))


def _reach(script: Script, own: Document, shared: Document) -> Iterator[Problem]:
    reached = set[str]().union(*(reachable(script.flow, channel) for channel in script.channels))
    for name in own.root.get("steps", {}):
        if name not in reached:
            yield own.problem(
                ["steps", str(name)], said("cannot be reached"), said("a reply that leads to it, or no such step")
            )
    ending = _ending(script.flow)
    for name in reached:
        step = script.flow.steps[name]
        if name not in ending:
            yield _home(step, own, shared).problem(
                ["steps", name], said("cannot end"), said("a way to a step with `outcome:`")
            )
        if _walks_for_ever(script.flow, name):
            yield _home(step, own, shared).problem(
                ["steps", name], said("never waits for the customer"), said("a step that asks")
            )


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


def _home(step: Step, own: Document, shared: Document) -> Document:
    return own if step.name in (own.root.get("steps") or {}) else shared
