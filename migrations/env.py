"""Alembic's entry: migrations run on the connection they are given, inside the caller's transaction and lock."""

from alembic import context
from sqlmodel import SQLModel

import outreach.model  # noqa: F401 - registers every table

QUEUE_TABLES = "procrastinate_"


def ours(_object: object, name: str | None, kind: str, _reflected: bool, _compared: object) -> bool:
    """The queue's tables belong to procrastinate."""
    return not (kind == "table" and (name or "").startswith(QUEUE_TABLES))


def plain(kind: str, value: object, _context: object) -> str | bool:
    """Migrations name the database's types, not the code's, which may change under them."""
    names = {"UtcTime": "sa.DateTime(timezone=True)", "Word": "sa.Text()", "AutoString": "sa.String()"}
    return names.get(type(value).__name__, False) if kind == "type" else False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    include_object=ours,
    compare_type=True,
    render_item=plain,
)
with context.begin_transaction():
    context.run_migrations()
