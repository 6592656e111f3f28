"""The command line: one file per noun. `main` is the entry point."""

from outreach.cli.entry import main

__all__ = ["main"]
