"""YAML 1.2 of plain values: texts, numbers, true and false, lists and mappings, each with the line it stands on.

Dates stay the texts that they are: whoever asks for one names the field. What a file never needs, and what would break off
later with no line to name, is refused here: tags, numbers without end, characters that nobody can see, and what is repeated
within what is repeated, which a few lines could make fill the memory.
"""

from __future__ import annotations

import math
import re
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.composer import Composer, MaxDepthExceededError
from ruamel.yaml.constructor import RoundTripConstructor
from ruamel.yaml.error import MarkedYAMLError, StringMark, YAMLError
from ruamel.yaml.events import AliasEvent, CollectionStartEvent, NodeEvent
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode
from ruamel.yaml.reader import ReaderError

from outreach.said import said

DEEPEST = 50
"""Levels; our own files have less than ten."""
MOST_ALIASES = 100
LARGEST = 10**15
"""More than there are customers or cents, and every database and every JSON holds it."""
SHOWN = 20
"""Characters of a number that is refused."""
UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
OFFICIAL = "tag:yaml.org,2002:"
TIMESTAMP = f"{OFFICIAL}timestamp"
NUMBERS = {f"{OFFICIAL}{kind.__name__}": kind for kind in (int, float, bool)}
KEYS = frozenset(f"{OFFICIAL}{name}" for name in ("str", "int", "float", "timestamp", "merge"))
PLAIN = frozenset({*NUMBERS, *(f"{OFFICIAL}{name}" for name in ("str", "null", "seq", "map"))})


class NotPlain(Exception):
    """A text is no YAML of plain values: the line, what is wrong, and what would be right."""

    def __init__(self, line: int, problem: str, fix: str) -> None:
        super().__init__(line, problem, fix)
        self.line, self.problem, self.fix = line, problem, fix


def load(text: str) -> Any:
    """The value that a text holds; raises NotPlain."""
    yaml = YAML(typ="rt", pure=True)
    yaml.Composer, yaml.Constructor, yaml.max_depth = _Composer, _Constructor, DEEPEST
    try:
        return yaml.load(text)
    except MaxDepthExceededError as error:
        fix = said("at most %(count)s levels", count=DEEPEST)
        raise NotPlain(_line(error.problem_mark), said("is nested too deeply"), fix) from None
    except MarkedYAMLError as error:
        why = said("cannot be read: %(why)s", why=(error.problem or "not YAML").split("\n")[0])
        right = said("a YAML mapping with each key once")
        raise NotPlain(_line(error.problem_mark or error.context_mark), why, right) from None
    except ReaderError as error:
        raise NotPlain(text.count("\n", 0, error.position) + 1, _unseen(chr(error.character)), SEEN) from None
    except YAMLError as error:
        why = said("cannot be read: %(why)s", why=str(error).split("\n")[0])
        raise NotPlain(1, why, said("a YAML mapping")) from None


class _Composer(Composer):
    """Puts nodes together, and refuses the second use of a name and what would grow when it is written out."""

    def __init__(self, loader: Any = None) -> None:
        super().__init__(loader=loader)
        self._named = self._aliases = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        event: Any = self.parser.peek_event()  # an alias, a scalar, or where a collection starts
        if isinstance(event, AliasEvent):
            self._aliases += 1
            if self._named or self._aliases > MOST_ALIASES:
                raise _refused(event, said("repeats what repeats something"), said("the value itself, written out"))
            return super().compose_node(parent, index)
        if event.anchor is not None and event.anchor in self.anchors:
            wrong = said("%(name)s stands for something else already", name=f"&{event.anchor}")
            raise _refused(event, wrong, said("each name once"))
        if event.ctag is not None:
            raise _refused(event, said("has the tag %(tag)s", tag=str(event.ctag).replace(OFFICIAL, "!!")), AS_IT_IS)
        named = isinstance(event, CollectionStartEvent) and event.anchor is not None
        self._named += named
        node = super().compose_node(parent, index)
        self._named -= named
        return node


class _Constructor(RoundTripConstructor):
    """Makes values of nodes, and refuses those that could not be stored or counted with."""

    def construct_non_recursive_object(self, node: Node, tag: str | None = None) -> Any:
        """One value."""
        if node.tag == TIMESTAMP:
            return self.construct_scalar(node)
        if node.tag not in PLAIN:
            raise _refused(node, said("is %(value)s", value=repr(node.value)), AS_IT_IS)
        for key in (key for key, _ in node.value) if isinstance(node, MappingNode) else ():
            if key.tag not in KEYS:
                raise _refused(
                    key, said("is no key"), said("a text before the colon, in quotes where it is true or null")
                )
        try:
            made = super().construct_non_recursive_object(node, tag)
        except ValueError:  # more digits than Python reads
            made = math.inf
        if isinstance(made, int | float) and not abs(made) <= LARGEST:
            wrong = said("%(value)s is no number to count with", value=_shortened(node))
            raise _refused(node, wrong, said("a number of at most 15 digits, or a text in quotes"))
        if isinstance(made, str) and (found := UNSEEN.search(made)):
            raise _refused(node, _unseen(found[0]), SEEN)
        # Ours are never written back, so nobody needs a number that remembers how it was written.
        return NUMBERS[node.tag](made) if node.tag in NUMBERS else made


AS_IT_IS = said("the value as it is, in quotes where it is a text")
SEEN = said("only characters that can be seen")


def _refused(at: Node | NodeEvent, problem: str, fix: str) -> NotPlain:
    return NotPlain(_line(at.start_mark), problem, fix)


def _line(mark: StringMark | None) -> int:
    return mark.line + 1 if mark else 1


def _unseen(character: str) -> str:
    return said("has a character that cannot be seen, %(code)s", code=f"U+{ord(character):04X}")


def _shortened(node: Node) -> str:
    text = node.value if isinstance(node, ScalarNode) else ""
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
