"""The verbs that lead away: Redirect, Hangup and Reject."""

from local_carrier.calls.call import Source

from .document import Verb
from .program import Leave, Program


async def perform_redirect(program: Program, verb: Verb) -> Leave:
    """Go on with another document."""
    return Leave(Source(program.absolute(verb.words), verb.get("method", "POST")))


async def perform_end(_: Program, __: Verb) -> Leave:
    """End the call; a Reject comes too late for a call that the bank placed itself, so it only hangs up."""
    return Leave()
