"""The figures of a report: what is counted, and the rates that follow from it. docs/reports.md defines every one."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Figures:
    """What came of the customers of a report, or of one part of it."""

    planned: int = 0
    held_out: int = 0
    permitted: int = 0
    sent: int = 0
    delivered: int = 0
    reached: int = 0
    replied: int = 0
    participating: int = 0
    succeeded: int = 0
    converted: int = 0
    converted_participants: int = 0
    opted_out: int = 0
    complained: int = 0
    content: int = 0
    """Replied, and neither complained nor refused further contact nor took it for fraud."""
    rated: int = 0
    """Customers who said how satisfied they are, unasked."""
    rating_points: int = 0
    """The sum of their grades, 1 to 5 each."""
    accounts_opened: int = 0
    with_balances: int = 0
    """Customers whose balance is known from before and from within the window."""
    balance_before: float = 0.0
    balance_after: float = 0.0
    keepable: int = 0
    kept: int = 0
    new_value_clients: int = 0
    texts: int = 0
    segments: int = 0
    calls: int = 0
    call_seconds: int = 0
    call_minutes: int = 0
    cost: float = 0.0

    @property
    def participation(self) -> float | None:
        """參與率 (D85): reached customers who take part."""
        return _share(self.participating, self.reached)

    @property
    def conversion(self) -> float | None:
        """Conversion (D85): participants with the fact that the campaign is for."""
        return _share(self.converted_participants, self.participating)

    @property
    def retention(self) -> float | None:
        """客戶留存率 (D85): customers who kept their balance with us."""
        return _share(self.kept, self.keepable)

    @property
    def aum_growth(self) -> float:
        """AUM增長 (D85), new funds (D84): yuan, over the customers whose balances are known."""
        return round(self.balance_after - self.balance_before, 2)

    @property
    def satisfaction(self) -> float | None:
        """Satisfaction (D84) as far as conversations show it: who replied and had nothing against it."""
        return _share(self.content, self.replied)

    @property
    def rating(self) -> float | None:
        """The grade, 1 to 5, that customers gave on average."""
        return _share(self.rating_points, self.rated)

    def to_json(self) -> dict[str, Any]:
        """As JSON, with the rates."""
        rates = ("participation", "conversion", "retention", "aum_growth", "satisfaction", "rating")
        return asdict(self) | {name: getattr(self, name) for name in rates}


@dataclass(frozen=True)
class Part:
    """One part of a report, such as a branch."""

    name: str
    figures: Figures


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
