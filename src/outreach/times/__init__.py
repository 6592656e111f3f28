"""Times as customers name them.

`reading` their words · `slot` what was named · `opening_hours` whether a branch is open then · `wording` how it is said
"""

from outreach.times.opening_hours import Closed, Hours, Open, fits, next_opening, weekdays
from outreach.times.reading import Past, Reading, Unclear, Why, read
from outreach.times.slot import Part, Slot
from outreach.times.wording import say, say_hours

__all__ = [
    "Closed", "Hours", "Open", "Part", "Past", "Reading", "Slot", "Unclear", "Why", "fits", "next_opening", "read", "say",
    "say_hours", "weekdays",
]  # fmt: skip
