"""Which function performs which verb, in one table."""

from collections.abc import Mapping

from .dial import perform_dial
from .gather import perform_gather
from .moves import perform_end, perform_redirect
from .program import Perform
from .record import perform_record, perform_start, perform_stop
from .sounds import perform_sound

VERBS: Mapping[str, Perform] = {
    "Say": perform_sound,
    "Play": perform_sound,
    "Pause": perform_sound,
    "Gather": perform_gather,
    "Dial": perform_dial,
    "Record": perform_record,
    "Start": perform_start,
    "Stop": perform_stop,
    "Redirect": perform_redirect,
    "Hangup": perform_end,
    "Reject": perform_end,
}
