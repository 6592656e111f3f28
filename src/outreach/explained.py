"""What a person can put right."""

from __future__ import annotations


class Explained(ValueError):
    """Something given cannot be used; the message names it and says what would be right, so no traceback is needed."""
