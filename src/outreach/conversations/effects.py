"""Carry out what the bot proposed: one function per event, in one visible table. An unknown kind is an error.

An effect writes rows and may answer with a result, which the script maps to its next step. Nothing is sent here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any

from sqlmodel import col, select

from outreach.clock import local
from outreach.conversations.branch_choice import branch_named, note_branch
from outreach.conversations.scene import Scene, close, raise_task, transfer_line
from outreach.conversations.visits import SIX, book_visit, cancel_visit, is_past
from outreach.model import (
    Callback,
    ConversationState,
    TaskKind,
    suppressions,
)
from outreach.model.suppression import Source
from outreach.rules.channel import Channel
from outreach.rules.delivery import AttemptState
from outreach.rules.quiet_hours import next_permitted
from outreach.scripts import rating
from outreach.times import Part, Slot

CALLBACK_NOT_BEFORE = timedelta(hours=2)
"""Who is busy now is not called back within two hours unless they said so."""
Effect = Callable[[Scene, Mapping[str, Any]], str | None]


def carry_out(scene: Scene, event: Mapping[str, Any]) -> str | None:
    """Apply one proposed event; the result where the script waits for one."""
    return EFFECTS[event["kind"]](scene, event)


def request_callback(scene: Scene, _event: Mapping[str, Any]) -> str:
    """Keep the time the customer named, or the next permitted slot, and a task for it."""
    slot = Slot.from_json(scene.kept.pop("callback_time", None) or {"date": None, "part": None, "hour": None})
    here = local(scene.now)
    standing = scene.db.exec(
        select(Callback).where(Callback.conversation_id == scene.conversation.id, col(Callback.cancelled_at).is_(None)),
    ).first()
    named = bool(slot.date or slot.part or slot.hour)
    if standing and not named and not is_past(Slot(standing.date, None, standing.starts), here):
        return "noted"  # 好的，到时候打给我 leaves the time as it was promised
    if named:
        today = here.date()
        over = is_past(replace(slot, date=today), here)
        day = slot.date or (today + timedelta(days=1) if over else today)
        starts = slot.hour or {Part.MORNING: None, Part.AFTERNOON: time(14), Part.EVENING: SIX}.get(slot.part)  # type: ignore[arg-type]
    else:
        soonest = scene.now + CALLBACK_NOT_BEFORE
        permitted = next_permitted(
            soonest, scene.channel, tuple(scene.customer.zones), scene.house.policy, scene.house.calendar
        )
        at = local(permitted or soonest)
        day, starts = at.date(), at.time().replace(second=0, microsecond=0)
    if standing:
        standing.cancelled_at = scene.now
        scene.db.add(standing)
        scene.db.flush()
    scene.db.add(
        Callback(conversation_id=scene.conversation.id, date=day, starts=starts, named=named, at=scene.now),
    )
    due = datetime.combine(day, starts or time(9), here.tzinfo)
    raise_task(scene, TaskKind.CALLBACK, due=due)
    scene.db.flush()
    return "noted"


def hand_over(scene: Scene, _event: Mapping[str, Any]) -> str:
    """Leave the rest to a person: at once on a call in somebody's hours, else as a task with the transcript."""
    raise_task(scene, TaskKind.HANDOVER)
    if scene.channel is Channel.VOICE:
        scene.transfer_to = transfer_line(scene)
    return "transferring" if scene.transfer_to else "handed_over"


def withdraw_consent(scene: Scene, _event: Mapping[str, Any]) -> str:
    """Never contact this number again, on any channel, in any campaign."""
    _suppress(scene, None)
    return "withdrawn"


def stop_calls(scene: Scene, _event: Mapping[str, Any]) -> str:
    """No calls to this number any more; texts may go on."""
    _suppress(scene, Channel.VOICE)
    return "stopped_here" if scene.channel is Channel.VOICE else "stopped"


def stop_texts(scene: Scene, _event: Mapping[str, Any]) -> str:
    """No texts to this number any more; calls may go on."""
    _suppress(scene, Channel.SMS)
    return "stopped_here" if scene.channel is Channel.SMS else "stopped"


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


def machine_heard(scene: Scene, _event: Mapping[str, Any]) -> None:
    """A machine took the call, which ends it; a text it sent changes nothing, the customer may still read ours."""
    if scene.channel is Channel.VOICE:
        close(scene.db, scene.conversation, scene.attempt, "machine", None, scene.now)


def rating_given(scene: Scene, event: Mapping[str, Any]) -> None:
    """Keep how satisfied the customer says they are; the last word counts."""
    grade = rating.read(str(event.get("words", "")))
    if grade is not None:
        scene.conversation.rating = grade
        scene.db.add(scene.conversation)


def nothing_more(_scene: Scene, _event: Mapping[str, Any]) -> None:
    """Recorded with the turn; changes nothing else."""


EFFECTS: Mapping[str, Effect] = {
    "book_visit": book_visit,
    "cancel_visit": cancel_visit,
    "note_branch": note_branch,
    "branch_named": branch_named,
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
    "machine_heard": machine_heard,
    "rating_given": rating_given,
    "party_size_stated": nothing_more,
    "left_unanswered": nothing_more,
}


def _suppress(scene: Scene, channel: Channel | None) -> None:
    scene.confirmation = True
    number = scene.customer.phone_hash
    if number is not None:
        suppressions.add(scene.db, number, channel, Source.SAID, scene.words, scene.now, scene.customer.id)
