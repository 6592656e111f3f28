"""Who acts: somebody signed in, as verbs and queries know them."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from outreach.model import Role
from outreach.staff.permissions import Permission, may


@dataclass(frozen=True)
class Person:
    """Somebody signed in. `login` is what rows and the audit keep as who did it."""

    id: UUID
    login: str
    name: str
    role: Role
    branch_id: UUID | None = None
    """The only branch whose customers they see; all where there is none. Queries take it as their `branch`."""

    def may(self, permission: Permission) -> bool:
        """Decide whether they may do something."""
        return may(self.role, permission)
