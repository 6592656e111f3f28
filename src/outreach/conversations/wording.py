"""Word the lines of one turn, for the eye or for the ear."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from uuid import UUID

from sqlmodel import Session

from outreach.conversations.house import House
from outreach.model import ScriptVersion
from outreach.rules.channel import Channel
from outreach.scripts import catalog, rendering, spoken
from outreach.scripts.rendering import Facts
from outreach.scripts.script import Script

SCRIPTS_HELD = 64
"""Published versions kept assembled in a process; conversations on older ones are read again."""


def worded(script: Script, channel: Channel, lines: Sequence[str], facts: Facts, house: House, variant: str) -> str:
    """Every line once: a text with the signature first, spoken words without figures.

    Raises CannotRender rather than say half a sentence.
    """
    said = "".join(rendering.render(script, channel, line, facts, variant) for line in dict.fromkeys(lines))
    return spoken.for_ear(said) if channel is Channel.VOICE else house.bank.signature + said


def script_of(db: Session, version_id: UUID) -> Script:
    """The published script a conversation began with."""
    version = db.get_one(ScriptVersion, version_id)
    return _assembled(version.script, version.version, tuple(sorted(version.source.items())))


@lru_cache(maxsize=SCRIPTS_HELD)
def _assembled(name: str, _version: str, source: tuple[tuple[str, str], ...]) -> Script:
    return catalog.assemble(name, dict(source))
