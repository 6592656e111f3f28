"""Whom a campaign is for: a segment as it was at the launch, or a list of customer numbers, without who is left out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, String, and_, any_, exists, func, literal, not_, or_
from sqlmodel import Session, col, select

from outreach.campaigns import segments
from outreach.campaigns.campaign_file import CampaignFile
from outreach.documents import Problem, Refused, plain
from outreach.model import Attempt, Campaign, Customer
from outreach.said import said

FEW = 5
REFS_AT_ONCE = 500
"""Customer numbers of a list that are looked up in one query."""
STRETCH = 500
"""Customers, of the audience or not, of whom the conditions are asked at a time."""


def definition(db: Session, file: CampaignFile) -> dict[str, Any]:
    """The campaign file's content with the conditions of its segments, so that a later edit changes nothing."""
    exclude = {
        "segments": {name: _conditions(name) for name in file.exclude.get("segments", ())},
        "lists": list(file.exclude.get("lists", ())),
        "campaigns": {name: str(_campaign_id(db, name)) for name in file.exclude.get("campaigns", ())},
    }
    conditions = _conditions(file.segment) if file.segment else None
    return file.as_read() | {"where": conditions, "exclude": exclude}


def batch(
    db: Session, campaign: Mapping[str, Any], now: datetime, after: UUID | None, limit: int
) -> Sequence[Customer]:
    """The next customers of an audience in order of id, after one; nothing is held of those before or behind.

    The conditions are asked of one stretch of ids after the other: asked of all that follow, the database would read the cards
    of everybody before them for each batch.
    """
    wanted = select(Customer).where(_members(campaign, now), not_(left_out(campaign, now))).order_by(col(Customer.id))
    if not campaign["where"]:
        listed = wanted if after is None else wanted.where(col(Customer.id) > after)
        return db.exec(listed.limit(limit)).all()
    found: list[Customer] = []
    for stretch in _stretches(db, after):
        found += db.exec(wanted.where(*stretch)).all()
        if len(found) >= limit:
            break
    return found[:limit]


def _stretches(db: Session, after: UUID | None) -> Iterator[Sequence[ColumnElement[bool]]]:
    """Everybody behind an id, so many at a time, as conditions on the id."""
    end = after
    while True:
        behind = () if end is None else (col(Customer.id) > end,)
        end = db.exec(
            select(Customer.id).where(*behind).order_by(col(Customer.id)).offset(STRETCH - 1).limit(1)
        ).first()
        if end is None:
            yield behind
            return
        yield (*behind, col(Customer.id) <= end)


def batches(db: Session, campaign: Mapping[str, Any], now: datetime, limit: int) -> Iterator[Sequence[Customer]]:
    """A whole audience, some customers at a time."""
    after = None
    while customers := batch(db, campaign, now, after, limit):
        after = customers[-1].id
        yield customers
        db.expunge_all()


def excluded(db: Session, campaign: Mapping[str, Any], now: datetime) -> int:
    """How many would belong to the audience and are left out by the file."""
    rows = select(func.count()).select_from(Customer).where(_members(campaign, now), left_out(campaign, now))
    return db.exec(rows).one()


def left_out(campaign: Mapping[str, Any], now: datetime) -> ColumnElement[bool]:
    """Whether the file leaves a customer out: by segment, by list, or because another campaign reached for them."""
    exclude = campaign.get("exclude") or {}
    reasons: list[ColumnElement[bool]] = [
        func.coalesce(segments.where(one, now), False) for one in exclude.get("segments", {}).values()
    ]
    if refs := exclude.get("lists"):
        reasons.append(func.coalesce(_listed(refs), False))
    if campaigns := exclude.get("campaigns"):
        reasons.append(
            exists().where(
                col(Attempt.customer_id) == Customer.id, col(Attempt.campaign_id).in_(list(campaigns.values()))
            )
        )
    return or_(False, *reasons)


def problems(db: Session, file: CampaignFile) -> list[Problem]:
    """What is wrong with whom the file names."""
    document = file.document
    found = _segment_problems(file, ["segment"], file.segment) if file.segment else []
    for number, name in enumerate(file.exclude.get("segments", ())):
        found += _segment_problems(file, ["exclude", "segments", number], name)
    for number, name in enumerate(file.exclude.get("campaigns", ())):
        if _campaign_id(db, name) is None:
            known = "、".join(db.exec(select(Campaign.name).limit(FEW)).all()) or said("none")
            found.append(
                document.problem(
                    ["exclude", "campaigns", number],
                    said("no campaign %(name)s", name=repr(name)),
                    said("one of %(known)s", known=known),
                )
            )
    if missing := unknown(db, file.listed):
        some = "、".join(missing[:FEW])
        fix = said("import them first, or take them out")
        found.append(
            document.problem(
                ["list"], said("%(missing)s numbers have no customer: %(some)s", missing=len(missing), some=some), fix
            )
        )
    return found


def _members(campaign: Mapping[str, Any], now: datetime) -> ColumnElement[bool]:
    mine = segments.where(campaign["where"], now) if campaign["where"] else _listed(campaign["list"])
    return and_(mine, col(Customer.erased_at).is_(None))


def _listed(refs: Sequence[str]) -> ColumnElement[bool]:
    """Whether a customer's number is on a list, which goes to the database as one value however long it is."""
    return col(Customer.ref) == any_(literal(list(refs), ARRAY(String)))


def _conditions(segment: str) -> Any:
    return plain(segments.read(segment).where)


def _campaign_id(db: Session, name: str) -> UUID | None:
    return db.exec(select(Campaign.id).where(Campaign.name == name)).first()


def _segment_problems(file: CampaignFile, path: Sequence[str | int], name: str) -> list[Problem]:
    try:
        segments.read(name)
    except Refused as refused:
        line, where = file.document.line(*path), ".".join(str(part) for part in path)
        return [
            Problem(file.document.name, line, f"{where} ({one.file}:{one.line})", one.problem, one.fix)
            for one in refused.problems
        ]
    return []


def unknown(db: Session, refs: Sequence[str]) -> list[str]:
    """Those of some customer numbers that no customer has."""
    known: set[str | None] = set()
    for start in range(0, len(refs), REFS_AT_ONCE):
        some = refs[start : start + REFS_AT_ONCE]
        known |= set(db.exec(select(Customer.ref).where(col(Customer.ref).in_(some))).all())
    return [ref for ref in refs if ref not in known]
