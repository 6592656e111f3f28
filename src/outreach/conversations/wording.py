"""Word the lines of one turn as one text."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from uuid import UUID

from sqlmodel import Session

from outreach.conversations.house import House
from outreach.model import ScriptVersion
from outreach.scripts import catalog, rendering
from outreach.scripts.rendering import Facts
from outreach.scripts.script import Script

SCRIPTS_HELD = 64
"""Published versions kept assembled in a process; conversations on older ones are read again."""


def text(script: Script, channel: str, lines: Sequence[str], facts: Facts, house: House, variant: str) -> str:
    """The whole text: the signature, then every line once; raises CannotRender rather than say half a sentence."""
    worded = [rendering.render(script, channel, line, facts, variant) for line in dict.fromkeys(lines)]
    return house.bank.signature + "".join(worded)


def script_of(db: Session, version_id: UUID) -> Script:
    """The published script a conversation began with."""
    version = db.get_one(ScriptVersion, version_id)
    return _assembled(version.script, version.version, tuple(sorted(version.source.items())))


@lru_cache(maxsize=SCRIPTS_HELD)
def _assembled(name: str, _version: str, source: tuple[tuple[str, str], ...]) -> Script:
    return catalog.assemble(name, dict(source))
