"""Open the store for a command: the runtime, on a schema that this version knows."""

from __future__ import annotations

from outreach import runtime, settings
from outreach.cli.output import Stop
from outreach.model import readiness, schema
from outreach.runtime import Runtime


def build() -> Runtime:
    """The runtime, without looking at the store."""
    return runtime.build(settings.read())


def opened() -> Runtime:
    """The runtime on a current store; stops with the command that mends an older one."""
    built = build()
    if not schema.serves(built.sessions.engine):
        raise Stop(schema.advice(built.sessions.engine))
    return built


def ready() -> Runtime:
    """The runtime of a process that accepts what it has to keep; raises NotReady or WrongKey."""
    built = build()
    check(built)
    return built


def check(runtime: Runtime) -> None:
    """Raise NotReady or WrongKey where what is accepted could not be kept."""
    settings = runtime.settings
    embedded_in = None if settings.database_url else settings.data_dir
    readiness.check(runtime.sessions, settings.data_key_bytes(), settings.previous_key_bytes(), embedded_in)
