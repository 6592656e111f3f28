"""Carry out what the bot proposed: one function per event, in one visible table. An unknown kind is an error.

An effect writes rows and may answer with a result, which the script maps to its next step. Nothing is sent here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import func, update
from sqlmodel import Session, col, select

from outreach import times
from outreach.clock import local
from outreach.conversations.house import House
from outreach.model import (
    Attempt,
    Branch,
    Callback,
    Conversation,
    ConversationState,
    Customer,
    StaffTask,
    TaskKind,
    Visit,
    VisitState,
    suppressions,
)
from outreach.model.suppression import Source
from outreach.rules.channel import Channel
from outreach.rules.delivery import AttemptState
from outreach.rules.quiet_hours import next_permitted
from outreach.times import Closed, Hours, Part, Slot

TASK_DUE: Mapping[TaskKind, timedelta] = {
    TaskKind.COMPLAINT: timedelta(0),  # at once
    TaskKind.HANDOVER: timedelta(hours=2),
    TaskKind.LATE_REPLY: timedelta(hours=24),
}
DUE_OTHERWISE = timedelta(hours=48)
CALLBACK_NOT_BEFORE = timedelta(hours=2)
"""Who is busy now is not called back within two hours unless they said so."""
NOON = time(12)
SIX = time(18)


@dataclass
class Scene:
    """Everything an effect may look at and change, inside one transaction."""

    db: Session
    house: House
    now: datetime
    conversation: Conversation
    customer: Customer
    attempt: Attempt
    words: str
    kept: dict[str, Any] = field(default_factory=dict)
    """What the conversation has collected; an effect may correct it."""
    confirmation: bool = False
    """Set when the text of this turn confirms what it just closed."""


Effect = Callable[[Scene, Mapping[str, Any]], str | None]


def carry_out(scene: Scene, event: Mapping[str, Any]) -> str | None:
    """Apply one proposed event; the result where the script waits for one."""
    return EFFECTS[event["kind"]](scene, event)


def book_visit(scene: Scene, _event: Mapping[str, Any]) -> str:
    """Book the visit if the branch is open and has room; a standing one is moved."""
    slot = Slot.from_json(scene.kept.get("visit_time") or {"date": None, "part": None, "hour": None})
    branch = _branch(scene)
    if not slot.complete or slot.date is None or branch is None:
        return "unclear"
    scene.kept.pop("visit_time", None)
    if _is_past(slot, local(scene.now)):
        return "past"
    hours = Hours.from_json(branch.hours)
    fit = times.fits(slot, hours, scene.house.calendar)
    if isinstance(fit, Closed):
        scene.kept["proposed"] = _proposal(fit.next_opening, slot)
        return "closed"
    part = slot.part or Part.MORNING
    if not _has_room(scene, branch, slot.date, part):
        after = datetime.combine(slot.date, NOON if part is Part.MORNING else SIX)
        scene.kept["proposed"] = _proposal(times.next_opening(after, hours, scene.house.calendar), slot)
        return "full"
    _end_visit(scene, VisitState.MOVED)
    scene.db.add(
        Visit(
            customer_id=scene.customer.id,
            conversation_id=scene.conversation.id,
            branch_id=branch.id,
            date=slot.date,
            part=part,
            hour=slot.hour,
            booked_at=scene.now,
        ),
    )
    scene.db.flush()
    return "booked"


def cancel_visit(scene: Scene, _event: Mapping[str, Any]) -> str:
    """Call off the standing visit."""
    return "cancelled" if _end_visit(scene, VisitState.CANCELLED) else "none"


def note_branch(scene: Scene, event: Mapping[str, Any]) -> str:
    """Take the branch the customer named, if their words name exactly one."""
    return "noted" if branch_named(scene, {"words": scene.words, **event}) else "unknown"


def branch_named(scene: Scene, event: Mapping[str, Any]) -> str | None:
    """Take a branch named in passing; words that name none or several change nothing."""
    words = str(event["words"])
    named = [
        branch
        for branch in scene.db.exec(select(Branch)).all()
        if branch.name in words or branch.name.removesuffix("支行").removesuffix("分行") in words
    ]
    longest = [branch for branch in named if not any(branch.name in other.name for other in named if other != branch)]
    if len(longest) != 1:
        return None
    scene.kept["branch"] = str(longest[0].id)
    return longest[0].name


def request_callback(scene: Scene, _event: Mapping[str, Any]) -> str:
    """Keep the time the customer named, or the next permitted slot, and a task for it."""
    slot = Slot.from_json(scene.kept.pop("callback_time", None) or {"date": None, "part": None, "hour": None})
    here = local(scene.now)
    named = bool(slot.date or slot.part or slot.hour)
    if named:
        day = slot.date or here.date()
        starts = slot.hour or {Part.MORNING: None, Part.AFTERNOON: time(14), Part.EVENING: SIX}.get(slot.part)  # type: ignore[arg-type]
    else:
        soonest = scene.now + CALLBACK_NOT_BEFORE
        permitted = next_permitted(
            soonest, scene.conversation.channel, tuple(scene.customer.zones), scene.house.policy, scene.house.calendar
        )
        at = local(permitted or soonest)
        day, starts = at.date(), at.time().replace(second=0, microsecond=0)
    scene.db.execute(
        update(Callback)
        .where(col(Callback.conversation_id) == scene.conversation.id, col(Callback.cancelled_at).is_(None))
        .values(cancelled_at=scene.now),
    )
    scene.db.add(
        Callback(conversation_id=scene.conversation.id, date=day, starts=starts, named=named, at=scene.now),
    )
    due = datetime.combine(day, starts or time(9), here.tzinfo)
    raise_task(scene, TaskKind.CALLBACK, due=due)
    scene.db.flush()
    return "noted"


def hand_over(scene: Scene, _event: Mapping[str, Any]) -> str:
    """Leave the rest to a person."""
    raise_task(scene, TaskKind.HANDOVER)
    return "handed_over"


def withdraw_consent(scene: Scene, _event: Mapping[str, Any]) -> str:
    """Never contact this number again, on any channel, in any campaign."""
    _suppress(scene, None)
    return "withdrawn"


def stop_calls(scene: Scene, _event: Mapping[str, Any]) -> str:
    """No calls to this number any more; texts may go on."""
    _suppress(scene, Channel.VOICE)
    return "stopped"


def stop_texts(scene: Scene, _event: Mapping[str, Any]) -> str:
    """No texts to this number any more; calls may go on."""
    _suppress(scene, Channel.SMS)
    return "stopped"


def restore_consent(scene: Scene, _event: Mapping[str, Any]) -> str:
    """Lift what the customer themselves asked for; a START restores only what consent allows."""
    scene.confirmation = True
    if scene.customer.phone_hash is not None:
        suppressions.lift(
            scene.db,
            scene.customer.phone_hash,
            by="customer",
            why=scene.words,
            now=scene.now,
            sources=suppressions.CUSTOMERS_OWN,
        )
    return "restored"


def file_complaint(scene: Scene, _event: Mapping[str, Any]) -> str:
    """A person deals with it at once; every campaign is silent until they have decided."""
    scene.confirmation = True
    raise_task(scene, TaskKind.COMPLAINT)
    suppressions.drop_pending(scene.db, scene.customer.id, "complaint_open", scene.now)
    return "filed"


def close_number(scene: Scene, _event: Mapping[str, Any]) -> str:
    """Use a number no more that does not reach the customer, and have it corrected."""
    scene.confirmation = True
    scene.customer.phone_bad_since = scene.now
    scene.db.add(scene.customer)
    raise_task(scene, TaskKind.WRONG_NUMBER)
    suppressions.drop_pending(scene.db, scene.customer.id, "bad_number", scene.now)
    return "closed"


def check_claim(scene: Scene, _event: Mapping[str, Any]) -> str:
    """Have somebody look up what the customer says."""
    raise_task(scene, TaskKind.CLAIM_CHECK)
    return "filed"


def task_raised(scene: Scene, event: Mapping[str, Any]) -> None:
    """A task beside the conversation."""
    raise_task(scene, TaskKind(event["task"]))


def outcome_reached(scene: Scene, event: Mapping[str, Any]) -> None:
    """Close the conversation and its attempt."""
    reason = event.get("reason") if event["outcome"] == "refused" else None
    close(scene.db, scene.conversation, scene.attempt, str(event["outcome"]), reason, scene.now)


def reopened(scene: Scene, _event: Mapping[str, Any]) -> None:
    """A change of mind: the conversation goes on where the script lets it back in."""
    conversation, attempt = scene.conversation, scene.attempt
    conversation.state, conversation.outcome, conversation.reason = ConversationState.OPEN, None, None
    conversation.closed_at = None
    attempt.state, attempt.outcome, attempt.reason, attempt.closed_at = AttemptState.OPEN, None, None, None
    attempt.expires_at = scene.now + timedelta(hours=scene.house.policy.follow_up.no_reply_hours)
    scene.db.add_all([conversation, attempt])


def nothing_more(_scene: Scene, _event: Mapping[str, Any]) -> None:
    """Recorded with the turn; changes nothing else."""


EFFECTS: Mapping[str, Effect] = {
    "book_visit": book_visit,
    "cancel_visit": cancel_visit,
    "note_branch": note_branch,
    "branch_named": lambda scene, event: branch_named(scene, event) and None,
    "request_callback": request_callback,
    "hand_over": hand_over,
    "withdraw_consent": withdraw_consent,
    "restore_consent": restore_consent,
    "file_complaint": file_complaint,
    "close_number": close_number,
    "check_claim": check_claim,
    "stop_calls": stop_calls,
    "stop_texts": stop_texts,
    "task_raised": task_raised,
    "outcome_reached": outcome_reached,
    "reopened": reopened,
    "rating_given": nothing_more,
    "party_size_stated": nothing_more,
    "left_unanswered": nothing_more,
}


def raise_task(scene: Scene, kind: TaskKind, note: str = "", due: datetime | None = None) -> None:
    """Add a task unless the conversation already has an open one of the kind."""
    open_one = select(StaffTask).where(
        StaffTask.conversation_id == scene.conversation.id, StaffTask.kind == kind, StaffTask.state == "open"
    )
    task = scene.db.exec(open_one).first() or StaffTask(
        kind=kind,
        customer_id=scene.customer.id,
        conversation_id=scene.conversation.id,
        created_at=scene.now,
    )
    task.note = note or task.note or scene.words
    task.due_at = due or scene.now + TASK_DUE.get(kind, DUE_OTHERWISE)
    scene.db.add(task)
    scene.db.flush()


def close(
    db: Session, conversation: Conversation, attempt: Attempt, outcome: str, reason: str | None, now: datetime
) -> None:
    """End a conversation and its attempt with one outcome."""
    conversation.state, conversation.outcome, conversation.reason = ConversationState.CLOSED, outcome, reason
    conversation.closed_at = now
    attempt.state, attempt.outcome, attempt.reason, attempt.closed_at = AttemptState.CLOSED, outcome, reason, now
    attempt.expires_at = None
    db.add_all([conversation, attempt])


def _suppress(scene: Scene, channel: Channel | None) -> None:
    scene.confirmation = True
    number = scene.customer.phone_hash
    if number is not None:
        suppressions.add(scene.db, number, channel, Source.SAID, scene.words, scene.now, scene.customer.id)


def _branch(scene: Scene) -> Branch | None:
    chosen = scene.kept.get("branch") or scene.customer.branch_id
    return scene.db.get(Branch, chosen) if chosen else None


def _is_past(slot: Slot, here: datetime) -> bool:
    if slot.date is None or slot.date > here.date():
        return False
    ends = slot.hour or {Part.MORNING: NOON, Part.AFTERNOON: SIX}.get(slot.part or Part.EVENING, time(23, 59))
    return slot.date < here.date() or ends <= here.time()


def _has_room(scene: Scene, branch: Branch, day: date, part: Part) -> bool:
    if branch.visits_per_half_day is None:
        return True
    # The branch row is the lock: two customers cannot take the last place at once.
    scene.db.exec(select(Branch.id).where(Branch.id == branch.id).with_for_update()).one()
    others = (
        select(func.count())
        .select_from(Visit)
        .where(
            Visit.branch_id == branch.id,
            Visit.date == day,
            Visit.part == part,
            Visit.state == VisitState.BOOKED,
            Visit.conversation_id != scene.conversation.id,
        )
    )
    return scene.db.exec(others).one() < branch.visits_per_half_day


def _proposal(opening: Slot, wanted: Slot) -> dict[str, Any]:
    """The next opening, as a half day: the exact minute of opening is nobody's wish."""
    part = opening.part or wanted.part or Part.MORNING
    return Slot(opening.date, part, None).to_json()


def _end_visit(scene: Scene, state: VisitState) -> bool:
    visit = scene.db.exec(
        select(Visit).where(Visit.conversation_id == scene.conversation.id, Visit.state == VisitState.BOOKED),
    ).first()
    if visit is None:
        return False
    visit.state = state
    scene.db.add(visit)
    scene.db.flush()
    return True
