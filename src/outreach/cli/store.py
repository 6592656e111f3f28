"""Open the store for a command: the runtime, on a schema that this version knows."""

from __future__ import annotations

from outreach import runtime, settings
from outreach.cli.output import Stop
from outreach.model import migrate
from outreach.runtime import Runtime


def build() -> Runtime:
    """The runtime, without looking at the store."""
    return runtime.build(settings.read())


def opened() -> Runtime:
    """The runtime on a current store; stops with the command that mends an older one."""
    built = build()
    if not migrate.is_current(built.sessions.engine):
        raise Stop("the store has an older schema; bring it up to date with: outreach database migrate")
    return built
