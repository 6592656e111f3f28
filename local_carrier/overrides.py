"""What the fragment of a webhook's URL asks of the carrier: http://bank/text#rc=2&rp=ct,rt,5xx."""

from dataclasses import dataclass
from urllib.parse import parse_qsl, urldefrag

CONNECT_MS = (100, 5_000, 10_000)  # least, usual, most; Twilio's figures, here and below
READ_MS = (100, 15_000, 15_000)
TOTAL_MS = (100, 15_000, 15_000)
RETRIES = (0, 1, 5)
POLICIES = frozenset({"4xx", "5xx", "ct", "rt", "all"})


@dataclass(frozen=True, slots=True)
class Overrides:
    """How often and how patiently one URL is called."""

    retries: int = RETRIES[1]
    retried: frozenset[str] = frozenset({"ct"})
    connect_seconds: float = CONNECT_MS[1] / 1000
    read_seconds: float = READ_MS[1] / 1000
    total_seconds: float = TOTAL_MS[1] / 1000

    def covers(self, failure: str) -> bool:
        """Tell whether this kind of failure is tried again: ct, rt, 4xx or 5xx."""
        return failure in self.retried or "all" in self.retried


def split(url: str) -> tuple[str, Overrides]:
    """Cut the fragment off a URL and read it; what is out of range or unknown keeps Twilio's default."""
    bare, fragment = urldefrag(url)
    asked = dict(parse_qsl(fragment))
    policies = frozenset(asked.get("rp", "ct").split(",")) & POLICIES
    return bare, Overrides(
        retries=_within(asked.get("rc"), RETRIES),
        retried=policies or frozenset({"ct"}),
        connect_seconds=_within(asked.get("ct"), CONNECT_MS) / 1000,
        read_seconds=_within(asked.get("rt"), READ_MS) / 1000,
        total_seconds=_within(asked.get("tt"), TOTAL_MS) / 1000,
    )


def _within(text: str | None, bounds: tuple[int, int, int]) -> int:
    least, usual, most = bounds
    value = int(text) if text and text.isdecimal() else usual
    return value if least <= value <= most else usual
