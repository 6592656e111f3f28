"""Work for people."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from outreach.model.columns import UtcTime, Word, new_id, one_of


class TaskKind(StrEnum):
    """What kind of work."""

    HANDOVER = "handover"  #: the customer wants a person, or was not understood
    COMPLAINT = "complaint"  #: at once
    CALLBACK = "callback"  #: contact at the time named
    CLAIM_CHECK = "claim_check"  #: the customer says it is done, or never had the product
    CLOSING = "closing"  #: the customer wants to close the card or account
    CARD_LOST = "card_lost"  #: the card is lost, damaged or stolen
    WRONG_NUMBER = "wrong_number"  #: the number does not reach the customer
    LATE_REPLY = "late_reply"  #: words after the end that the script has no answer for
    UNKNOWN_SENDER = "unknown_sender"  #: a text from a number that no record has
    ACTIVITY = "activity"  #: the customer wants to join an activity
    REFERRAL = "referral"  #: the customer wants to recommend somebody
    BOT_FAILED = "bot_failed"  #: a text has been waiting because the bot gives no answer
    TOO_MANY = "too_many"  #: so many texts in an hour that automatic answers stopped
    UNSENT = "unsent"  #: an answer could not be sent
    UNKNOWN_SEND = "unknown_send"  #: the carrier may or may not have sent it


class TaskState(StrEnum):
    """Where a task stands."""

    OPEN = "open"  #: waiting for somebody
    DONE = "done"  #: somebody did it


class TaskResult(StrEnum):
    """What came of a task."""

    SETTLED = "settled"  #: done, and the customer knows where they stand
    NOT_REACHED = "not_reached"  #: tried as often as is decent, and given up
    NOT_NEEDED = "not_needed"  #: nothing was left to do


class StaffTask(SQLModel, table=True):
    """One thing for a member of staff to do. At most one open task of a kind per conversation."""

    __tablename__ = "staff_task"
    __table_args__ = (
        one_of("kind", TaskKind),
        one_of("state", TaskState),
        one_of("result", TaskResult),
        Index(
            "task_open_once", "conversation_id", "kind", unique=True,
            postgresql_where="state = 'open' AND conversation_id IS NOT NULL",
        ),
        Index("task_open", text("coalesce(due_at, 'infinity'::timestamptz)"), "id", postgresql_where="state = 'open'"),
        Index("task_done", "done_at", "id", postgresql_where="state = 'done'"),
        Index("task_of_customer", "customer_id"),
    )  # fmt: skip
    id: UUID = Field(default_factory=new_id, primary_key=True)
    kind: TaskKind = Field(sa_type=Word(TaskKind))
    customer_id: UUID | None = Field(default=None, foreign_key="customer.id")
    conversation_id: UUID | None = Field(default=None, foreign_key="conversation.id")
    message_id: UUID | None = Field(default=None, foreign_key="message.id")
    due_at: datetime | None = Field(default=None, sa_type=UtcTime)
    note: str = ""
    state: TaskState = Field(default=TaskState.OPEN, sa_type=Word(TaskState))
    created_at: datetime = Field(sa_type=UtcTime)
    done_at: datetime | None = Field(default=None, sa_type=UtcTime)
    done_by: str | None = None
    owner: str | None = None
    """Who took it, by login; nobody yet where there is none."""
    result: TaskResult | None = Field(default=None, sa_type=Word(TaskResult))
    result_note: str = ""
    revision: int = 0
    """Counts changes by people; a form names the one it was drawn from."""
    changed_by: str | None = None
    """Who changed it last, so that whoever comes second can be told."""
