"""How often a campaign reaches one customer, tighter than the policy's caps.

caps: {contacts_per_7_days: 2, contacts: 4}     # of all campaigns in seven days; of this one in all
"""

from __future__ import annotations

from dataclasses import dataclass

from outreach.scripts.form import Form

KEYS = ("caps",)
CAPS = ("contacts_per_7_days", "contacts")


@dataclass(frozen=True)
class Caps:
    """The caps of a campaign; none where the file sets none."""

    contacts_per_7_days: int | None = None
    contacts: int | None = None


def read(form: Form) -> Caps:
    """The caps of a campaign file."""
    entry = form.keys(["caps"], form.document.root.get("caps"), CAPS)
    return Caps(**{key: form.number(["caps", key], value) for key, value in entry.items()})
