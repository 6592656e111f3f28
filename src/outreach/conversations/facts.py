"""What a line may name about a customer and a conversation, from the store, ready to be read out."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from outreach import times
from outreach.clock import ZONE, local
from outreach.conversations.house import House
from outreach.model import Branch, Callback, Card, Conversation, Customer, Gender, Visit, VisitState
from outreach.times import Hours, Open, Part, Slot

COMPOUND_SURNAMES = frozenset(
    [
        "欧阳",
        "司马",
        "上官",
        "诸葛",
        "夏侯",
        "皇甫",
        "尉迟",
        "公孙",
        "慕容",
        "令狐",
        "司徒",
        "东方",
        "端木",
        "独孤",
        "南宫",
        "长孙",
        "宇文",
        "轩辕",
        "司空",
        "闻人",
        "百里",
        "申屠",
        "澹台",
        "公冶",
    ],
)
HONORIFICS = {Gender.FEMALE: "女士", Gender.MALE: "先生", None: "女士/先生"}
MORNING_STILL_OFFERED_HOURS = 1
"""Today is offered as 'morning or afternoon' only while an hour of the morning is left to come in."""
DAYS_AHEAD = 21
"""Longer than any span of holidays; an opening is always found within it."""

LOOKED_UP = frozenset({"card", "visit", "callback"})
"""The facts that cost a journey to the store each; a turn, which is waited for, spares itself those its lines do not name."""

ARRANGED = ("visit", "callback", "branch")
"""The facts that what was arranged decides: the branch is the visit's, where there is one, and not the customer's own."""

Facts = dict[str, dict[str, str]]


def of_customer(db: Session, customer: Customer) -> Facts:
    """The facts of a customer's record; what the record lacks is left out."""
    return of_customers(db, [customer], branches_of(db, [customer]))[customer.id]


def branches_of(db: Session, customers: Sequence[Customer]) -> dict[UUID, Branch]:
    """The branches of some customers, by id."""
    ids = {customer.branch_id for customer in customers if customer.branch_id}
    return {branch.id: branch for branch in db.exec(select(Branch).where(col(Branch.id).in_(ids)))} if ids else {}


def of_customers(
    db: Session, customers: Sequence[Customer], branches: Mapping[UUID, Branch], named: Container[str] = LOOKED_UP
) -> dict[UUID, Facts]:
    """The facts of some customers' records, in their order; cards only where lines name them."""
    cards = _newest_cards(db, customers) if "card" in named else {}
    told_of = {branch.id: _branch(branch) for branch in branches.values()}
    return {
        customer.id: _of_record(
            customer, cards.get(customer.id), told_of[customer.branch_id] if customer.branch_id else {}
        )
        for customer in customers
    }


def _newest_cards(db: Session, customers: Sequence[Customer]) -> dict[UUID, Card]:
    held = (
        select(Card)
        .where(col(Card.customer_id).in_([customer.id for customer in customers]))
        .order_by(col(Card.issued_on).nulls_first(), col(Card.id))  # the newest last, which stays
    )
    return {card.customer_id: card for card in db.exec(held)}


def _of_record(customer: Customer, card: Card | None, branch: Mapping[str, str | None]) -> Facts:
    return _without_gaps(
        {
            "customer": {
                "name": customer.name,
                "surname": surname(customer.name),
                "honorific": HONORIFICS[customer.gender],
            },
            "card": {"tail": card.tail, "product": card.product} if card else {},
            "branch": _place(branch),
            "manager": {"name": customer.manager, "phone": branch.get("phone")},
        }
    )


def of_bank(house: House) -> Facts:
    """The facts about the bank."""
    bank = house.bank
    return {
        "bank": {"name": bank.name, "hotline": bank.hotline, "signature": bank.signature},
        "call": {"recorded": "是"} if bank.calling.recording else {},
    }


def of_conversation(
    db: Session,
    conversation: Conversation,
    hours: Hours | None,
    house: House,
    now: datetime,
    named: Container[str] = LOOKED_UP,
) -> Facts:
    """The facts that arise in a conversation: the visit and its branch, the callback, the day a line offers."""
    said = _arranged(db, conversation, now) if any(one in named for one in ARRANGED) else Facts()
    said |= offered(hours, house, now)
    kept = conversation.flow_state.get("kept", {})
    if proposed := kept.get("proposed"):
        said["opens"] = {"when": times.say(Slot.from_json(proposed), now, ZONE)}
    chosen = db.get(Branch, kept["branch"]) if "branch" in kept else None
    if chosen and "branch" not in said:
        said["branch"] = _place(_branch(chosen))
    if choice := _choice(db, chosen, kept):
        said["chosen"] = choice
    return said


def _arranged(db: Session, conversation: Conversation, now: datetime) -> Facts:
    """The visit that is booked, the branch it is at, and the callback that is promised."""
    said = Facts()
    booked = (col(Visit.conversation_id) == col(Conversation.id)) & (col(Visit.state) == VisitState.BOOKED)
    called = (col(Callback.conversation_id) == col(Conversation.id)) & col(Callback.cancelled_at).is_(None)
    visit, callback = db.exec(
        select(Visit, Callback)
        .select_from(Conversation)
        .outerjoin(Visit, booked)
        .outerjoin(Callback, called)
        .where(Conversation.id == conversation.id)
        .limit(1)
    ).one()
    if visit:
        branch = db.get_one(Branch, visit.branch_id)
        when = times.say(Slot(visit.date, visit.part, visit.hour), now, ZONE)
        people = str(visit.party_size) if (visit.party_size or 1) > 1 else ""
        said["visit"] = {"when": when, "branch": branch.name, "address": branch.address or "", "people": people}
        said["branch"] = _place(_branch(branch))
    if callback:
        said["callback"] = {"when": times.say(Slot(callback.date, None, callback.starts), now, ZONE)}
    return said


def _choice(db: Session, chosen: Branch | None, kept: Mapping[str, Any]) -> dict[str, str]:
    """The branch the customer chose, and those to choose among."""
    among = [db.get_one(Branch, id_).name for id_ in kept.get("branch_choices", ())]
    words = "还是".join(filter(None, ["、".join(among[:-1]), *among[-1:]]))
    return {key: value for key, value in (("branch", chosen.name if chosen else ""), ("among", words)) if value}


def offered(hours: Hours | None, house: House, now: datetime) -> Facts:
    """The day a line offers, where there is one."""
    day = offered_day(hours, house, now) if hours else None
    return {"offered": {"day": day_word(day, now), "date": day.isoformat()}} if day else {}


def offered_day(hours: Hours, house: House, now: datetime) -> date | None:
    """The first day on which the customer can still choose between morning and afternoon."""
    here = local(now)
    soonest = here + timedelta(hours=MORNING_STILL_OFFERED_HOURS)
    for ahead in range(DAYS_AHEAD):
        day = here.date() + timedelta(days=ahead)
        if ahead == 0 and (soonest.date() != day or soonest.hour >= 12):  # noqa: PLR2004 - noon
            continue
        parts = (times.fits(Slot(day, part, None), hours, house.calendar) for part in (Part.MORNING, Part.AFTERNOON))
        if all(isinstance(fit, Open) for fit in parts):
            return day
    return None


def day_word(day: date, now: datetime) -> str:
    """今天, 明天, 后天 or the date, as one would offer it."""
    ahead = (day - local(now).date()).days
    near = ("今天", "明天", "后天")
    return near[ahead] if ahead < len(near) else f"{day.month}月{day.day}日"


def hours_of(branch: Branch | None) -> Hours | None:
    """A branch's opening hours."""
    return Hours.from_json(branch.hours) if branch else None


def surname(name: str) -> str:
    """The family name: two characters where it is a compound one; the whole name where it is not Chinese."""
    if name[:2] in COMPOUND_SURNAMES and len(name) > 2:  # noqa: PLR2004
        return name[:2]
    return name[:1] if name and "\u4e00" <= name[0] <= "\u9fff" else name


def _branch(branch: Branch) -> dict[str, str | None]:
    hours = times.say_hours(Hours.from_json(branch.hours))
    return {"name": branch.name, "address": branch.address, "hours": hours, "phone": branch.phone}


def _place(branch: Mapping[str, str | None]) -> dict[str, str]:
    """What is said of a branch; its telephone is the manager's."""
    return {key: value for key, value in branch.items() if value and key != "phone"}


def _without_gaps(facts: Any) -> Facts:
    return {group: {key: value for key, value in values.items() if value} for group, values in facts.items()}
