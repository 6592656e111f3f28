"""Find conversations: by filters and by words, the newest first, a page at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import Field
from sqlalchemy import false, func, tuple_
from sqlalchemy.orm import defer
from sqlmodel import Session, col, select

from outreach.clock import ZONE
from outreach.conversations import words
from outreach.model import Branch, Campaign, Customer, Listing
from outreach.model.distinct import MOST, distinct
from outreach.rules.channel import Channel
from outreach.scripts.rating import BEST, WORST

PAGE = 50
FEW = 10_000
"""Matches up to which all are fetched and sorted; of more, the newest are met soon by going back in time."""
Yes = Literal["yes", "no"]


@dataclass(frozen=True)
class Filters:
    """What is looked for; what is not given does not matter."""

    q: str = ""
    """Words that were said, all of them."""
    campaign: str = ""
    script: str = ""
    version: int | None = None
    variant: str = ""
    channel: Channel | None = None
    state: str = ""
    outcome: str = ""
    grade: str = ""
    intent: str = ""
    tag: str = ""
    branch: str = ""
    manager: str = ""
    rating: Annotated[int, Field(ge=WORST, le=BEST)] | None = None
    """The grade that the customer gave, 1 to 5."""
    since: date | None = None
    until: date | None = None
    doubtful: Yes | None = None
    not_understood: Yes | None = None
    refusing: Yes | None = None
    flagged: Yes | None = None
    reviewed: Yes | None = None
    after: str = ""
    """Where the page begins: the end of the one before."""


@dataclass(frozen=True)
class Found:
    """A conversation of the list."""

    listing: Listing
    customer: str
    campaign: str | None
    branch: str | None


@dataclass(frozen=True)
class FoundPage:
    """A page of the list, and where the next one begins."""

    rows: Sequence[Found]
    after: str | None


def find(db: Session, filters: Filters, branch: UUID | None, limit: int = PAGE) -> FoundPage:
    """One page of what matches, of one branch's customers or of all; it costs the same however far down it is."""
    chosen = select(Listing.opened_at, Listing.conversation_id).where(*_conditions(db, filters, branch))
    keys = _few(db, chosen, limit) if filters.q else None
    if keys is None:
        newest = chosen.order_by(col(Listing.opened_at).desc(), col(Listing.conversation_id).desc())
        keys = db.exec(newest.limit(limit + 1)).all()
    shown = keys[:limit]
    rows = _rows(db, [conversation for _, conversation in shown])
    return FoundPage(rows, "_".join((shown[-1][0].isoformat(), str(shown[-1][1]))) if len(keys) > limit else None)


def _few(db: Session, chosen: Any, limit: int) -> Sequence[Any] | None:
    """The newest of what matches, where little does; None where much does. The database cannot tell how rare a word is, and
    where it is to sort, too, would go back through all conversations for it rather than ask the index of words.
    """
    few = chosen.limit(FEW + 1).cte("few").prefix_with("MATERIALIZED")
    newest: Any = select(few, func.count().over()).order_by(few.c.opened_at.desc(), few.c.conversation_id.desc())
    found = db.exec(newest.limit(limit + 1)).all()
    return None if found and found[0][2] > FEW else [row[:2] for row in found]


@dataclass(frozen=True)
class Choices:
    """What the filters can be set to."""

    campaigns: Sequence[str]
    scripts: Sequence[str]
    branches: Sequence[str]
    managers: Sequence[str]


def choices(db: Session, branch: UUID | None) -> Choices:
    """The names that occur; of other branches, none."""
    campaigns = select(Campaign.name).order_by(col(Campaign.launched_at).desc()).limit(MOST)
    branches = select(Branch.name).order_by(col(Branch.name)).limit(MOST)
    if branch is not None:
        branches = branches.where(Branch.id == branch)
    managers = distinct(db, Listing.manager) if branch is None else []
    return Choices(db.exec(campaigns).all(), distinct(db, Listing.script), db.exec(branches).all(), managers)


def _conditions(db: Session, filters: Filters, branch: UUID | None) -> Iterator[Any]:
    if branch is not None:
        yield Listing.branch_id == branch
    yield from _of_names(db, filters)
    yield from _of_columns(filters)
    yield from _of_days(filters)
    if filters.q:
        # Nothing but signs: nothing has them as a word.
        wanted = words.of_query(filters.q)
        yield col(Listing.words).contains(wanted) if wanted else false()
    if filters.after:
        begins = _read_after(filters.after)
        yield tuple_(col(Listing.opened_at), col(Listing.conversation_id)) < begins if begins else false()


def _of_names(db: Session, filters: Filters) -> Iterator[Any]:
    if filters.campaign:
        yield Listing.campaign_id == _known(
            db.exec(select(Campaign.id).where(Campaign.name == filters.campaign)).first()
        )
    if filters.branch:
        yield Listing.branch_id == _known(db.exec(select(Branch.id).where(Branch.name == filters.branch)).first())


def _known(found: UUID | None) -> UUID:
    """The id of a name, or one that nothing has."""
    return found or UUID(int=0)


def _of_columns(filters: Filters) -> Iterator[Any]:
    for name in _EQUAL:
        given = getattr(filters, name)
        if given not in {"", None}:
            yield getattr(Listing, name) == given
    for field, name in _MARKS.items():
        given = getattr(filters, field)
        if given is not None:
            marked = col(getattr(Listing, name))
            yield marked if given == "yes" else ~marked
    for name, wanted in (("intents", filters.intent), ("tags", filters.tag)):
        if wanted:
            yield getattr(Listing, name).contains([wanted])


def _of_days(filters: Filters) -> Iterator[Any]:
    if filters.since:
        yield Listing.opened_at >= _midnight(filters.since)
    if filters.until:
        yield Listing.opened_at < _midnight(filters.until + timedelta(days=1))


_EQUAL = ("script", "version", "variant", "channel", "state", "outcome", "grade", "manager", "rating")
_MARKS = {
    "doubtful": "low_confidence", "not_understood": "not_understood", "refusing": "refusing", "flagged": "flagged",
    "reviewed": "reviewed",
}  # fmt: skip


def _rows(db: Session, ids: Sequence[UUID]) -> list[Found]:
    """The page's rows with their names; the words stay in the store, they are many."""
    rows = (
        select(Listing, Customer.name, Campaign.name, Branch.name)
        .join(Customer, col(Customer.id) == col(Listing.customer_id))
        .join(Campaign, col(Campaign.id) == col(Listing.campaign_id), isouter=True)
        .join(Branch, col(Branch.id) == col(Listing.branch_id), isouter=True)
        .where(col(Listing.conversation_id).in_(ids))
        .options(defer(Listing.words))  # type: ignore[arg-type]
    )
    found = {listing.conversation_id: Found(listing, *names) for listing, *names in db.exec(rows).all()}
    return [found[one] for one in ids if one in found]


def _read_after(after: str) -> tuple[datetime, UUID] | None:
    moment, _, one = after.partition("_")
    try:
        instant = datetime.fromisoformat(moment.replace(" ", "+"))
        return (instant, UUID(one)) if instant.tzinfo else None
    except ValueError:
        return None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(ZONE))
