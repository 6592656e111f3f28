"""Whom a campaign is for: a segment as it was at the launch, or a list of customer numbers."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from outreach.campaigns import segments
from outreach.campaigns.campaign_file import CampaignFile
from outreach.documents import Problem, Refused
from outreach.model import Customer

FEW = 5


def definition(file: CampaignFile) -> dict[str, Any]:
    """The campaign file's content with the conditions of its segment, so that a later edit changes nothing."""
    conditions = _plain(segments.read(file.segment).where) if file.segment else None
    return file.as_read() | {"where": conditions}


def members(campaign: dict[str, Any], now: datetime) -> SelectOfScalar[UUID]:
    """The ids of everybody a campaign is for, in a fixed order."""
    mine = segments.where(campaign["where"], now) if campaign["where"] else col(Customer.ref).in_(campaign["list"])
    return select(Customer.id).where(mine, col(Customer.erased_at).is_(None)).order_by(col(Customer.id))


def problems(db: Session, file: CampaignFile) -> list[Problem]:
    """What is wrong with whom the file names."""
    if file.segment is not None:
        try:
            segments.read(file.segment)
        except Refused as refused:
            line = file.document.line("segment")
            return [
                Problem(file.document.name, line, f"segment ({one.file}:{one.line})", one.problem, one.fix)
                for one in refused.problems
            ]
        return []
    known = set(db.exec(select(Customer.ref).where(col(Customer.ref).in_(file.listed))).all())
    missing = [ref for ref in file.listed if ref not in known]
    if not missing:
        return []
    some = "、".join(missing[:FEW])
    return [
        file.document.problem(
            ["list"], f"{len(missing)} numbers have no customer: {some}", "import them first, or take them out"
        )
    ]


def _plain(value: Any) -> Any:
    """The YAML reader's values as ordinary ones."""
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list) else value
