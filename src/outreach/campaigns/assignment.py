"""Who looks after whom: every customer of a branch a manager, and no manager too many (D16). Pure.

1. A customer stays with the manager they have, if that manager is still at the branch.
2. A manager with more than the maximum keeps those with the largest balances.
3. Everybody else goes to the manager of the branch with the fewest customers, the largest balances first.
4. When every manager is full, the rest stay without one, and it is said how many managers are missing.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

MOST, FEWEST = 800, 500
"""合理管户标准为500-800之间 (D16)."""


@dataclass(frozen=True, slots=True)
class Client:
    """A customer, as far as the assignment looks."""

    id: UUID
    manager: str | None
    balance: Decimal


@dataclass
class Assigned:
    """What an assignment makes of one branch."""

    changes: dict[UUID, str | None] = field(default_factory=dict)
    """Customers who get another manager, or lose one that the branch no longer has."""
    before: dict[str, int] = field(default_factory=dict)
    after: dict[str, int] = field(default_factory=dict)
    """Customers of each manager."""
    left: int = 0
    """Customers without a manager, since all are full."""


def assign(clients: Sequence[Client], managers: Sequence[str], most: int) -> Assigned:
    """Assign the customers of one branch to its managers."""
    made = Assigned(before=dict.fromkeys(managers, 0), after=dict.fromkeys(managers, 0))
    moving = []
    for client in sorted(clients, key=lambda one: (-one.balance, one.id)):
        if client.manager is not None:
            made.before[client.manager] = made.before.get(client.manager, 0) + 1
        if client.manager in made.after and made.after[client.manager] < most:
            made.after[client.manager] += 1
        else:
            moving.append(client)
    free = [(count, place, name) for place, (name, count) in enumerate(made.after.items()) if count < most]
    heapq.heapify(free)
    for client in moving:
        manager = None
        if free:
            count, place, manager = heapq.heappop(free)
            made.after[manager] = count + 1
            if count + 1 < most:
                heapq.heappush(free, (count + 1, place, manager))
        made.left += manager is None
        if manager != client.manager:
            made.changes[client.id] = manager
    return made
