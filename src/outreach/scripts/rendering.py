"""Word a line from its file: names, listed filters, `if` and `include`; nothing else parses, nothing else runs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from jinja2 import DictLoader, StrictUndefined, TemplateError, TemplateNotFound, TemplateSyntaxError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from outreach.said import said
from outreach.scripts.script import Script

FILTERS = frozenset({"trim", "default"})
ALLOWED = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Getattr, nodes.Filter, nodes.If, nodes.Include,
    nodes.Const, nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not, nodes.Test,
)  # fmt: skip
"""Names, conditions and includes. No calls, no arithmetic, no loops, no assignments: a line is not a program."""

DEFAULT_VARIANT = "a"
Facts = Mapping[str, Mapping[str, str]]
"""Two levels, as lines name them: {"customer": {"name": …}, "offer": {"gift": …}}."""


class CannotRender(ValueError):
    """A line could not be worded: no file, a fact that is missing, or syntax that is not allowed."""


def render(script: Script, channel: str, line: str, facts: Facts, variant: str = DEFAULT_VARIANT) -> str:
    """Word one line for a channel; raises CannotRender rather than say a half-filled sentence."""
    path = wording_path(script, channel, line, variant)
    if path is None:
        raise CannotRender(f"{script.name}: no {channel}/{line}.j2")
    known = {name: {key: value for key, value in group.items() if value} for name, group in facts.items()}
    try:
        worded = _environment(script.wording_by_path).get_template(path).render(known)
    except TemplateError as error:
        raise CannotRender(f"{path}: {error.message}") from error
    except RecursionError:
        raise CannotRender(f"{path} includes itself") from None
    return re.sub(r"\s*\n\s*", "", worded).strip()


def wording_path(script: Script, channel: str, line: str, variant: str = DEFAULT_VARIANT) -> str | None:
    """The file that words a line: the variant before the plain one, the script's own before the shared one."""
    suffixes = ["", f"@{variant}"] if variant == DEFAULT_VARIANT else [f"@{variant}", ""]
    candidates = (f"{home}/{channel}/{line}{suffix}.j2" for suffix in suffixes for home in (script.name, "_shared"))
    return next((path for path in candidates if path in script.wording), None)


def variants(script: Script) -> tuple[str, ...]:
    """The variants that any of a script's own files words, the usual one first."""
    named = {found[1] for path in script.wording if (found := re.search(r"@(\w+)\.j2\Z", path))}
    return (DEFAULT_VARIANT, *sorted(named - {DEFAULT_VARIANT}))


def has_variant(script: Script, channel: str, variant: str) -> bool:
    """Whether a script words any line of a channel differently for a variant."""
    return any(
        path.startswith(f"{script.name}/{channel}/") and path.endswith(f"@{variant}.j2") for path in script.wording
    )


def syntax_problems(text: str) -> Iterator[tuple[int, str]]:
    """Line and reason for everything in a wording file that is not allowed."""
    try:
        tree = _environment(()).parse(text)
    except TemplateSyntaxError as error:
        yield error.lineno, said("cannot be read: %(why)s", why=error.message)
        return
    for node in tree.find_all(nodes.Node):
        if not isinstance(node, ALLOWED):
            yield node.lineno, said("%(what)s is not allowed", what=type(node).__name__)
        elif isinstance(node, nodes.Filter) and node.name not in FILTERS:
            yield node.lineno, said("filter %(name)s is not on the list", name=node.name)
        elif isinstance(node, nodes.Test) and node.name != "defined":
            yield node.lineno, said("test %(name)s is not on the list", name=node.name)
        elif isinstance(node, nodes.Getattr) and not isinstance(node.node, nodes.Name):
            yield node.lineno, said("%(name)s is not a field of a fact", name=node.attr)
        elif isinstance(node, nodes.Include) and not isinstance(node.template, nodes.Const):
            yield node.lineno, said("include takes the name of a file")
    for node in tree.find_all(nodes.Name):
        if node.ctx != "load":
            yield node.lineno, said("assigns a name")


def names_used(text: str) -> Iterator[tuple[int, str]]:
    """Line and dotted name of every fact that a wording file mentions, such as customer.name."""
    tree = _environment(()).parse(text)
    owners = set()
    for node in tree.find_all(nodes.Getattr):
        if isinstance(node.node, nodes.Name):
            owners.add(id(node.node))
            yield node.lineno, f"{node.node.name}.{node.attr}"
    for name in tree.find_all(nodes.Name):
        if id(name) not in owners:
            yield name.lineno, name.name


def facts_named(script: Script, channel: str, lines: Iterable[str], variant: str = DEFAULT_VARIANT) -> frozenset[str]:
    """The facts that the wording of some lines mentions, such as customer, by itself or in what it includes."""
    paths = {path for line in lines if (path := wording_path(script, channel, line, variant))}
    read, named = set[str](), set[str]()
    while paths - read:
        read |= {path := (paths - read).pop()}
        facts, included = _mentions(script.wording[path])
        named |= facts
        paths |= included
    return frozenset(named)


@lru_cache(maxsize=4096)
def _mentions(text: str) -> tuple[frozenset[str], frozenset[str]]:
    """The facts and the files that a wording file mentions."""
    return frozenset(name.partition(".")[0] for _, name in names_used(text)), frozenset(
        path for _, path in includes(text)
    )


def includes(text: str) -> Iterator[tuple[int, str]]:
    """Line and file of every include."""
    for node in _environment(()).parse(text).find_all(nodes.Include):
        if isinstance(node.template, nodes.Const):
            yield node.lineno, str(node.template.value)


@lru_cache(maxsize=64)
def _environment(wording: tuple[tuple[str, str], ...]) -> ImmutableSandboxedEnvironment:
    return ImmutableSandboxedEnvironment(
        loader=DictLoader(dict(wording)), undefined=StrictUndefined, autoescape=False, cache_size=400
    )


__all__ = [
    "DEFAULT_VARIANT", "CannotRender", "Facts", "TemplateNotFound", "facts_named", "has_variant", "includes", "names_used", "render",
    "syntax_problems", "variants", "wording_path",
]  # fmt: skip
