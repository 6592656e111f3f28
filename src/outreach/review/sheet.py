"""All that staff wrote on one conversation, saved as one: who saves sees first what somebody else saved meanwhile."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from outreach.conversations import listing
from outreach.model import AuditEntry, Flag, Review, ReviewAssignment, ReviewSheet, StaffNote, Tag
from outreach.model.columns import new_id

MOST_TAGS, LONGEST_TAG = 12, 24


class Overtaken(Exception):
    """Somebody saved the sheet after it was read; it has the revision `revision` now."""

    def __init__(self, by: str, revision: int) -> None:
        super().__init__(by)
        self.by = by
        self.revision = revision


@dataclass(frozen=True)
class Sheet:
    """The sheet of one conversation as somebody sees it."""

    revision: int
    mine: Review | None
    others: Sequence[Review]
    """Of other reviewers; none before one's own is saved, so that nobody is led by them."""
    flag: Flag | None
    tags: Sequence[str]
    notes: Sequence[StaffNote]


@dataclass(frozen=True)
class Writing:
    """What somebody saves: marks where they judged, and how flag and tags are to be from now on."""

    marks: Mapping[str, str] = field(default_factory=dict)
    note: str = ""
    tags: Sequence[str] = ()
    flagged: bool = False
    flag_why: str = ""


def read(db: Session, conversation_id: UUID, by: str) -> Sheet:
    """The sheet, for one reader."""
    row = db.get(ReviewSheet, conversation_id)
    reviews = db.exec(select(Review).where(Review.conversation_id == conversation_id).order_by(col(Review.at))).all()
    mine = next((review for review in reviews if review.by == by), None)
    tags = select(Tag.tag).where(Tag.conversation_id == conversation_id).order_by(col(Tag.tag))
    notes = select(StaffNote).where(StaffNote.conversation_id == conversation_id).order_by(col(StaffNote.at))
    return Sheet(
        revision=row.revision if row else 0,
        mine=mine,
        others=[review for review in reviews if review.by != by] if mine else [],
        flag=_standing_flag(db, conversation_id),
        tags=db.exec(tags).all(),
        notes=db.exec(notes).all(),
    )


def save(db: Session, conversation_id: UUID, writing: Writing, *, seen: int, by: str, now: datetime) -> None:
    """Save it all; raises Overtaken where somebody saved after revision `seen` was read."""
    take(db, conversation_id, seen=seen, by=by, now=now)
    if writing.marks:
        _judge(db, conversation_id, writing.marks, by, now)
    if writing.note.strip():
        db.add(StaffNote(conversation_id=conversation_id, by=by, at=now, words=writing.note.strip()))
        db.add(AuditEntry(at=now, who=by, verb="note_added", what=conversation_id))
    _set_tags(db, conversation_id, writing.tags, by, now)
    _set_flag(db, conversation_id, writing, by, now)
    listing.refresh(db, [conversation_id])


def take(db: Session, conversation_id: UUID, *, seen: int, by: str, now: datetime) -> None:
    """Hold the sheet until the transaction ends and count a saving; raises Overtaken."""
    fresh = insert(ReviewSheet).values(conversation_id=conversation_id, revision=0, by="")
    db.execute(fresh.on_conflict_do_nothing())
    row = db.exec(select(ReviewSheet).where(ReviewSheet.conversation_id == conversation_id).with_for_update()).one()
    if row.revision != seen:
        raise Overtaken(row.by, row.revision)
    row.revision, row.by, row.at = row.revision + 1, by, now
    db.add(row)


def tags_in(typed: str) -> list[str]:
    """The tags that somebody typed, parted by blanks or commas."""
    found = dict.fromkeys(tag[:LONGEST_TAG] for tag in re.split(r"[\s,，、;；]+", typed) if tag)
    return list(found)[:MOST_TAGS]


def _judge(db: Session, conversation_id: UUID, marks: Mapping[str, str], by: str, now: datetime) -> None:
    """Keep one's marks, in place of earlier ones of one's own; it leaves one's queue."""
    row = {"id": new_id(), "conversation_id": conversation_id, "by": by, "at": now, "marks": dict(marks)}
    kept = insert(Review).values(row)
    db.execute(kept.on_conflict_do_update(constraint="review_once", set_={"marks": row["marks"], "at": now}))
    assigned = db.get(ReviewAssignment, (conversation_id, by))
    if assigned is not None and assigned.done_at is None:
        assigned.done_at = now
        db.add(assigned)
    entry = AuditEntry(at=now, who=by, verb="conversation_reviewed", what=conversation_id, details=dict(marks))
    db.add(entry)


def _set_tags(db: Session, conversation_id: UUID, wanted: Sequence[str], by: str, now: datetime) -> None:
    before = set(db.exec(select(Tag.tag).where(Tag.conversation_id == conversation_id)).all())
    if before == set(wanted):
        return
    gone = before - set(wanted)
    db.execute(delete(Tag).where(col(Tag.conversation_id) == conversation_id, col(Tag.tag).in_(gone)))
    db.add_all(Tag(conversation_id=conversation_id, tag=tag, by=by, at=now) for tag in wanted if tag not in before)
    details = {"before": sorted(before), "after": sorted(wanted)}
    db.add(AuditEntry(at=now, who=by, verb="conversation_tagged", what=conversation_id, details=details))


def _set_flag(db: Session, conversation_id: UUID, writing: Writing, by: str, now: datetime) -> None:
    standing = _standing_flag(db, conversation_id)
    if writing.flagged and standing is None:
        why = writing.flag_why.strip()
        db.add(Flag(conversation_id=conversation_id, by=by, at=now, why=why))
        db.add(AuditEntry(at=now, who=by, verb="conversation_flagged", what=conversation_id, why=why))
    elif standing is not None and not writing.flagged:
        standing.lifted_by, standing.lifted_at = by, now
        db.add_all([standing, AuditEntry(at=now, who=by, verb="flag_lifted", what=conversation_id)])


def _standing_flag(db: Session, conversation_id: UUID) -> Flag | None:
    return db.exec(select(Flag).where(Flag.conversation_id == conversation_id, col(Flag.lifted_at).is_(None))).first()
