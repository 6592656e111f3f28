"""Everything kept about one customer: to be shown, handed over, or erased on request (PIPL 45, 47)."""

from __future__ import annotations

from base64 import b64encode
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from outreach.conversations import transcript
from outreach.model import (
    Account,
    Attempt,
    AuditEntry,
    BankFact,
    Branch,
    Call,
    Card,
    Consent,
    Conversation,
    Customer,
    Recording,
    Suppression,
)
from outreach.model.sealing import Sealer
from outreach.rules.redaction import mask_phone


def of(db: Session, customer: Customer, sealer: Sealer, *, masked: bool) -> dict[str, Any]:
    """The record as JSON; conversations are whole only where it is not masked."""
    number = sealer.open(customer.phone_sealed) if customer.phone_sealed else None
    branch = db.get(Branch, customer.branch_id) if customer.branch_id else None
    mine = customer.id
    talks = db.exec(
        select(Conversation).where(Conversation.customer_id == mine).order_by(col(Conversation.opened_at))
    ).all()
    standing = select(Suppression).where(Suppression.phone_hash == customer.phone_hash)
    return {
        "id": str(mine),
        "ref": customer.ref,
        "name": customer.name,
        "gender": customer.gender,
        "phone": mask_phone(number) if number and masked else number,
        "branch": branch.name if branch else None,
        "manager": customer.manager,
        "birth_year": customer.birth_year,
        "risk_level": customer.risk_level,
        "last_contact_on": _text(customer.last_contact_on),
        "erased_at": _text(customer.erased_at),
        "cards": _rows(db, select(Card).where(Card.customer_id == mine)),
        "account": _rows(db, select(Account).where(Account.customer_id == mine)),
        "facts": _rows(db, select(BankFact).where(BankFact.customer_id == mine).order_by(col(BankFact.day))),
        "consents": _rows(db, select(Consent).where(Consent.customer_id == mine)),
        "suppressions": _rows(db, standing) if customer.phone_hash else [],
        "attempts": _rows(db, select(Attempt).where(Attempt.customer_id == mine)),
        "conversations": [
            {"id": str(talk.id), "state": str(talk.state), "outcome": talk.outcome}
            if masked
            else {**(transcript.of(db, talk.id) or {}), "recordings": _recordings(db, talk, sealer)}
            for talk in talks
        ],
    }


def _recordings(db: Session, talk: Conversation, sealer: Sealer) -> list[dict[str, Any]]:
    """The calls of a conversation as they were recorded, with the WAV file in base64 as long as it is kept."""
    recorded = select(Recording).join(Call, col(Call.id) == col(Recording.id)).where(Call.conversation_id == talk.id)
    return [
        {
            "announced_at": _text(one.announced_at),
            "seconds": one.seconds,
            "wav": b64encode(sealer.open_sound(one.sound)).decode() if one.sound else None,
        }
        for one in db.exec(recorded.order_by(col(Recording.announced_at), col(Recording.id))).all()
    ]


def shown_number(db: Session, customer: Customer, sealer: Sealer, by: str, why: str, now: datetime) -> str:
    """The whole number, for somebody who said why; that they saw it is in the audit."""
    note(db, "number_shown", customer, by, why, now)
    return sealer.open(customer.phone_sealed) if customer.phone_sealed else ""


def note(db: Session, verb: str, customer: Customer, by: str, why: str, now: datetime) -> None:
    """Keep who did it."""
    db.add(AuditEntry(at=now, who=by, verb=verb, what=customer.id, why=why))


def _rows(db: Session, statement: Any) -> list[dict[str, Any]]:
    hidden = {"phone_hash", "phone_sealed", "id", "customer_id", "script_version_id"}
    return [
        {key: _text(value) for key, value in row.model_dump().items() if key not in hidden}
        for row in db.exec(statement).all()
    ]


def _text(value: object) -> Any:
    return value if value is None or isinstance(value, str | int | float | bool | dict | list) else str(value)
