"""One conversation as staff and tools see it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from outreach.model import (
    Branch,
    Callback,
    Conversation,
    Customer,
    Message,
    ScriptVersion,
    Side,
    StaffTask,
    Visit,
    VisitState,
    suppressions,
)
from outreach.rules.delivery import outward
from outreach.scripts.names import outcomes

RECEIVED = "received"


def of(db: Session, conversation_id: UUID) -> dict[str, Any] | None:
    """The whole conversation as JSON (README, Interfaces), or None when there is none of that id."""
    conversation = db.get(Conversation, conversation_id)
    if conversation is None:
        return None
    customer = db.get_one(Customer, conversation.customer_id)
    version = db.get_one(ScriptVersion, conversation.script_version_id)
    texts = messages(db, conversation_id)
    outcome = conversation.outcome
    stopped = customer.phone_hash is not None and suppressions.stands(db, customer.phone_hash, conversation.channel)
    return {
        "id": str(conversation.id),
        "script": version.script,
        "script_version": version.version,
        "channel": str(conversation.channel),
        "customer": str(customer.id),
        "state": str(conversation.state),
        "outcome": outcome,
        "grade": outcomes()[outcome].grade if outcome else None,
        "reason": conversation.reason,
        "rating": conversation.rating,
        "visit": _visit(db, conversation_id),
        "callback": _callback(db, conversation_id),
        "contact_stopped": stopped,
        "unanswered": sum(text.side is Side.CUSTOMER and text.answered_at is None for text in texts),
        "tasks": _tasks(db, conversation_id),
        "messages": [_message(text) for text in texts],
    }


def messages(db: Session, conversation_id: UUID) -> Sequence[Message]:
    """Both sides in the order in which the store learned of them."""
    ordered = select(Message).where(Message.conversation_id == conversation_id).order_by(col(Message.position))
    return db.exec(ordered).all()


def _message(text: Message) -> dict[str, Any]:
    heard = text.heard
    return {
        "id": str(text.id),
        "at": text.at.isoformat(),
        "from": str(text.side),
        "text": text.text,
        "intent": heard.get("reading") or heard.get("intent"),
        "confidence": heard.get("confidence"),
        "line": ",".join(text.lines) or None,
        "status": outward(text.state) if text.state else RECEIVED,
    }


def _visit(db: Session, conversation_id: UUID) -> dict[str, Any] | None:
    booked = select(Visit).where(Visit.conversation_id == conversation_id, Visit.state == VisitState.BOOKED)
    visit = db.exec(booked).first()
    if visit is None:
        return None
    return {
        "date": visit.date.isoformat(),
        "part": str(visit.part),
        "hour": f"{visit.hour:%H:%M}" if visit.hour else None,
        "branch": db.get_one(Branch, visit.branch_id).name,
        "party_size": visit.party_size,
    }


def _callback(db: Session, conversation_id: UUID) -> dict[str, Any] | None:
    standing = select(Callback).where(Callback.conversation_id == conversation_id, col(Callback.cancelled_at).is_(None))
    callback = db.exec(standing).first()
    if callback is None:
        return None
    return {"date": callback.date.isoformat(), "from": f"{callback.starts:%H:%M}" if callback.starts else None}


def _tasks(db: Session, conversation_id: UUID) -> list[dict[str, Any]]:
    raised = select(StaffTask).where(StaffTask.conversation_id == conversation_id).order_by(col(StaffTask.created_at))
    return [
        {
            "kind": str(task.kind),
            "state": str(task.state),
            "due": task.due_at.isoformat() if task.due_at else None,
            "note": task.note,
        }
        for task in db.exec(raised).all()
    ]
