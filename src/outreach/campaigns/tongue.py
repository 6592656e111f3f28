"""The language in which sentences about a campaign are said: English, unless somebody brings translations."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Tongue:
    """Says messages with their fields, and names of the code, in one language."""

    gettext: Callable[[str], str] = str
    """Gives the translation of a message, or the message itself."""

    def __call__(self, message: str, **fields: object) -> str:
        """A message with its fields: `"%(count)s customers"`."""
        return self.gettext(message) % fields

    def word(self, name: str) -> str:
        """A name of the code, such as `no_reply`; as it stands in files where it has no other."""
        blank = str(name).replace("_", " ")
        spoken = self.gettext(blank)
        return str(name) if spoken == blank else spoken


ENGLISH = Tongue()
