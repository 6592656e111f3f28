"""What a person can put right."""

from __future__ import annotations


class Explained(ValueError):
    """Something given cannot be used; the message names it and says what would be right, so no traceback is needed."""

    @property
    def told(self) -> str:
        """The message as it was given, so that a page can say it in its reader's language (`outreach.said`)."""
        text: str = self.args[0]
        return text
