"""Segments: named groups of customers, in YAML conditions compiled to one SQL WHERE.

    segment: card_not_activated
    title: 发卡满30天未激活
    where:
      all:
        - {field: card.issued_days_ago, op: gt, value: 30}
        - {field: card.activated, op: eq, value: false}

Fields come from a fixed list; there is no expression language, and nothing is evaluated row by row.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, and_, func, not_, or_
from sqlmodel import Session, col, select

from outreach import documents
from outreach.campaigns.list_cells import BadCell, amount
from outreach.campaigns.segment_fields import FIELDS, Field
from outreach.clock import local
from outreach.documents import Document, Problem, Refused
from outreach.model import Customer
from outreach.places import SEGMENTS
from outreach.said import said

KEYS = frozenset({"segment", "title", "where"})
COMPARISONS: Mapping[str, Callable[[Any, Any], ColumnElement[bool]]] = {
    "eq": lambda column, value: column == value,
    "ne": lambda column, value: column.is_distinct_from(value),
    "lt": lambda column, value: column < value,
    "le": lambda column, value: column <= value,
    "gt": lambda column, value: column > value,
    "ge": lambda column, value: column >= value,
    "in": lambda column, value: column.in_(value),
    "not_in": lambda column, value: or_(column.is_(None), column.not_in(value)),
    "between": lambda column, value: column.between(*value),
    "is_null": lambda column, value: column.is_(None) if value else column.is_not(None),
}


@dataclass(frozen=True)
class Segment:
    """A segment as its file describes it."""

    name: str
    title: str
    where: Mapping[str, Any]
    document: Document


def names() -> list[str]:
    """The segments that have a file."""
    return sorted(path.stem for path in SEGMENTS.glob("*.yml"))


def read(name: str) -> Segment:
    """Read a segment by name, or by the path of its file; raises Refused with every problem."""
    path = Path(name) if name.endswith((".yml", ".yaml")) else SEGMENTS / f"{name}.yml"
    if not path.is_file():
        known = "、".join(names()) or said("none")
        raise Refused(
            [
                Problem(
                    str(path),
                    1,
                    "segment",
                    said("no segment %(name)s", name=repr(name)),
                    said("one of %(known)s", known=known),
                )
            ]
        )
    return parse(documents.read_file(path))


def parse(document: Document) -> Segment:
    """Check a segment's file; raises Refused with every problem, its line and field."""
    root = document.root
    problems = [
        document.problem([str(key)], said("is not a key of a segment"), ", ".join(sorted(KEYS)))
        for key in root
        if key not in KEYS
    ]
    problems += [
        document.problem([key], said("is missing"), f"`{key}:`") for key in ("segment", "where") if key not in root
    ]
    if "where" in root:
        problems += _check(document, ["where"], root["where"])
    if problems:
        raise Refused(problems)
    return Segment(str(root["segment"]), str(root.get("title", root["segment"])), root["where"], document)


def where(condition: Mapping[str, Any], now: datetime) -> ColumnElement[bool]:
    """The condition as one SQL expression over customer rows; it has been checked by `parse`."""
    today = local(now).date()
    if "all" in condition:
        return and_(*(where(one, now) for one in condition["all"]))
    if "any" in condition:
        return or_(*(where(one, now) for one in condition["any"]))
    if "not" in condition:
        # NULL counts as not matching, so its opposite matches.
        return not_(func.coalesce(where(condition["not"], now), False))
    field = FIELDS[condition["field"]]
    comparison, value = COMPARISONS[condition["op"]], _value(field, condition)
    return field.compile(lambda column: comparison(column, value), today)


def preview(db: Session, segment: Segment, now: datetime, sample: int = 5) -> tuple[int, Sequence[Customer]]:
    """How many customers a segment holds, and some of them."""
    mine = and_(where(segment.where, now), col(Customer.erased_at).is_(None))
    count = db.exec(select(func.count()).select_from(Customer).where(mine)).one()
    return count, db.exec(select(Customer).where(mine).order_by(col(Customer.ref)).limit(sample)).all()


def _check(document: Document, path: list[str | int], condition: Any) -> list[Problem]:
    if not isinstance(condition, dict):
        return [document.problem(path, said("is not a condition"), said("all, any, not, or {field, op, value}"))]
    for group in ("all", "any"):
        if group in condition:
            members = condition[group]
            if len(condition) != 1 or not isinstance(members, list) or not members:
                return [
                    document.problem(
                        [*path, group],
                        said("is not a list of conditions"),
                        said("`%(group)s:` alone, with a list below it", group=group),
                    )
                ]
            return [
                problem for index, one in enumerate(members) for problem in _check(document, [*path, group, index], one)
            ]
    if "not" in condition:
        return _check(document, [*path, "not"], condition["not"])
    return _check_comparison(document, path, condition)


def _check_comparison(document: Document, path: list[str | int], condition: Mapping[str, Any]) -> list[Problem]:
    if set(condition) != {"field", "op", "value"}:
        return [
            document.problem(
                path, said("has %(known)s", known=", ".join(map(str, condition))), said("field, op and value")
            )
        ]
    if condition["field"] not in FIELDS:
        return [
            document.problem(
                [*path, "field"],
                said("%(field)s is not a field", field=condition["field"]),
                said("one of %(known)s", known=", ".join(FIELDS)),
            )
        ]
    if condition["op"] not in COMPARISONS:
        return [
            document.problem(
                [*path, "op"],
                said("%(op)s is not an op", op=condition["op"]),
                said("one of %(known)s", known=", ".join(COMPARISONS)),
            )
        ]
    field = FIELDS[condition["field"]]
    if field.kind is bool and condition["op"] not in {"eq", "ne"}:
        return [
            document.problem(
                [*path, "op"],
                said("%(op)s does not go with %(field)s", op=condition["op"], field=condition["field"]),
                "eq",
            )
        ]
    try:
        _value(field, condition)
    except (ValueError, TypeError) as error:
        fix = {
            Decimal: said("a number, such as 100000 or 10万"), int: said("a whole number"),
            bool: said("true or false"), str: said("a text"),
        }  # fmt: skip
        problem = said(
            "%(value)s is not right for %(field)s %(op)s (%(error)s)",
            value=repr(condition["value"]),
            field=condition["field"],
            op=condition["op"],
            error=error,
        )
        return [document.problem([*path, "value"], problem, fix[field.kind])]
    return []


def _value(field: Field, condition: Mapping[str, Any]) -> Any:
    value = condition["value"]
    if condition["op"] == "is_null":
        return _cast(bool, value)
    if condition["op"] in {"in", "not_in", "between"}:
        if not isinstance(value, list) or not value or (condition["op"] == "between" and len(value) != 2):  # noqa: PLR2004
            raise TypeError("a list is needed; two values for between")
        return [_cast(field.kind, one) for one in value]
    return _cast(field.kind, value)


def _cast(kind: type, value: Any) -> Any:
    if kind is Decimal and isinstance(value, str | int | float) and not isinstance(value, bool):
        try:
            return amount(str(value))
        except BadCell as bad:
            raise ValueError(bad.problem) from None
    if type(value) is not kind and not (kind is str and isinstance(value, str)):
        raise TypeError(f"not a {kind.__name__}")
    return value
