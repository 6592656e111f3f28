"""The days and hours that a campaign keeps, within those of the policy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from outreach.calendar import Day, DayKind
from outreach.rules.windows import Span


@dataclass(frozen=True)
class CampaignHours:
    """When a campaign reaches people on one channel, on the customer's own clock. It only takes away."""

    days: Mapping[int, tuple[Span, ...]] = field(hash=False)
    """Weekday (Monday is 0) to its spans; a day that is not named stays closed."""
    adjusted: tuple[Span, ...] | None = None
    """The spans of a weekend day on which people work; none: as on its weekday."""
    closed_on: frozenset[date] = frozenset()

    def on(self, day: Day) -> tuple[Span, ...]:
        """The spans of one day."""
        if day.date in self.closed_on:
            return ()
        if day.kind == DayKind.ADJUSTED_WORKING and self.adjusted is not None:
            return self.adjusted
        return self.days.get(day.date.weekday(), ())

    def spans(self) -> frozenset[Span]:
        """Every span of any day."""
        return frozenset(span for spans in (*self.days.values(), self.adjusted or ()) for span in spans)
