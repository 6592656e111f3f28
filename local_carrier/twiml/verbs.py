"""Which function performs which verb, in one table."""

from collections.abc import Mapping

from .gather import perform_gather
from .moves import perform_end, perform_redirect
from .program import Perform
from .sounds import perform_sound

VERBS: Mapping[str, Perform] = {
    "Say": perform_sound,
    "Play": perform_sound,
    "Pause": perform_sound,
    "Gather": perform_gather,
    "Redirect": perform_redirect,
    "Hangup": perform_end,
    "Reject": perform_end,
}
