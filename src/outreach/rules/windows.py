"""The hours of the day in which each channel is open."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field

from outreach.rules.channel import Channel
from outreach.said import said


@dataclass(frozen=True, order=True)
class Span:
    """A part of the day on the customer's clock: from its first minute up to, not including, its last."""

    opens: time
    closes: time

    def __contains__(self, at: time) -> bool:
        """Decide whether a time of day lies in the span."""
        return self.opens <= at < self.closes

    def __str__(self) -> str:
        """Write the span as the policy file does."""
        return f"{self.opens:%H:%M}-{self.closes:%H:%M}"


def read_span(written: object) -> Span:
    """Read one span.

    "09:00-12:00"
    """
    if isinstance(written, Span):
        return written
    clock = r"([01]\d|2[0-3]):([0-5]\d)"
    found = re.fullmatch(f"{clock}-{clock}", written) if isinstance(written, str) else None
    if found is None:
        raise ValueError(said('write it as "09:00-12:00"'))
    opens_hour, opens_minute, closes_hour, closes_minute = (int(part) for part in found.groups())
    span = Span(time(opens_hour, opens_minute), time(closes_hour, closes_minute))
    if span.closes <= span.opens:
        raise ValueError(said("it has to end after it begins"))
    return span


@dataclass(frozen=True, kw_only=True)
class Window:
    """When one channel is open; a statutory holiday never is, and an adjusted working day counts as a weekend."""

    __pydantic_config__ = ConfigDict(extra="forbid")
    local_hours: Annotated[tuple[Annotated[Span, BeforeValidator(read_span)], ...], Field(min_length=1)]
    weekends: Annotated[bool, Field(strict=True)]


# Tighter is a setting; wider is a change of this table that compliance reviews.
WIDEST: Mapping[Channel, tuple[Span, ...]] = {
    # Vendors and the US rule end at 21:00; half an hour is kept for messages that arrive late.
    Channel.SMS: (Span(time(8), time(20, 30)),),
    # The hours of rest at noon are left alone; no national text fixes hours for marketing calls.
    Channel.VOICE: (Span(time(9), time(12)), Span(time(14), time(20))),
}


def _within(channel: Channel) -> AfterValidator:
    def check(window: Window) -> Window:
        widest = WIDEST[channel]
        for span in window.local_hours:
            if not any(most.opens <= span.opens and span.closes <= most.closes for most in widest):
                msg = f"{span} is wider than permitted; stay within {', '.join(map(str, widest))}"
                raise ValueError(msg)
        return window

    return AfterValidator(check)


@dataclass(frozen=True, kw_only=True)
class Windows:
    """The window of each channel."""

    __pydantic_config__ = ConfigDict(extra="forbid")
    sms: Annotated[Window, _within(Channel.SMS)]
    voice: Annotated[Window, _within(Channel.VOICE)]

    def of(self, channel: Channel) -> Window:
        """Give the window of one channel."""
        return self.sms if channel is Channel.SMS else self.voice
