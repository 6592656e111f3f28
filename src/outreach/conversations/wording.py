"""Word the lines of one turn, for the eye or for the ear."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import Session

from outreach.conversations.house import House
from outreach.model import ScriptVersion
from outreach.rules.channel import Channel
from outreach.scripts import catalog, rendering, spoken
from outreach.scripts.rendering import Facts
from outreach.scripts.script import Script

SCRIPTS_HELD = 64
"""Published versions kept assembled in a process; beyond, they are read again."""
_held: dict[UUID, Script] = {}


def worded(script: Script, channel: Channel, lines: Sequence[str], facts: Facts, house: House, variant: str) -> str:
    """Every line once: a text with the signature first, spoken words without figures.

    Raises CannotRender rather than say half a sentence.
    """
    said = "".join(rendering.render(script, channel, line, facts, variant) for line in dict.fromkeys(lines))
    return spoken.for_ear(said) if channel is Channel.VOICE else house.bank.signature + said


def script_of(db: Session, version_id: UUID) -> Script:
    """The published script a conversation began with. A version never changes, so a process reads it once."""
    script = _held.get(version_id)
    if script is None:
        version = db.get_one(ScriptVersion, version_id)
        script = catalog.assemble(version.script, version.source)
        if len(_held) >= SCRIPTS_HELD:
            _held.clear()
        _held[version_id] = script
    return script
