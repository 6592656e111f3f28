"""A report worked out anew from the rows, one customer after the other, in plain words of docs/reports.md."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from outreach.campaigns import reckoning
from outreach.campaigns.report_scope import LISTED, NOBODY, Measured, taking_part
from outreach.clock import local

LEFT = {"accepted", "sent", "delivered", "failed"}
TIERS = ((1_000_000, "100万以上"), (300_000, "30-100万"), (50_000, "5-30万"), (10_000, "1-5万"), (0, "1万以下"))

type Row = dict[str, Any]


class Rows:
    """One campaign's rows."""

    def __init__(self, db: Session, scope: Measured) -> None:
        self.scope, self.reckon = scope, reckoning.shipped()

        def read(query: str) -> list[Row]:
            return [dict(row) for row in db.execute(text(query)).mappings()]

        self.attempts = read(f"SELECT * FROM attempt WHERE campaign_id = '{scope.id}'")
        self.talks = {row["attempt_id"]: row for row in read("SELECT * FROM conversation")}
        self.said: dict[Any, list[Row]] = defaultdict(list)
        for row in read("SELECT * FROM message ORDER BY position"):
            self.said[row["conversation_id"]].append(row)
        self.calls = {row["id"]: row for row in read("SELECT * FROM call")}
        self.customers = {row["id"]: row for row in read("SELECT * FROM customer")}
        self.branches = {row["id"]: row["name"] for row in read("SELECT id, name FROM branch")}
        self.deposits = {row["customer_id"]: row["deposits"] for row in read("SELECT * FROM account")}
        self.facts: dict[Any, list[Row]] = defaultdict(list)
        for row in read("SELECT * FROM bank_fact"):
            self.facts[row["customer_id"]].append(row)

    def parts(self, by: str) -> dict[str, dict[str, Any]]:
        """The figures of each part."""
        split: dict[str, list[Row]] = defaultdict(list)
        for attempt in self.attempts:
            split[PARTS[by](self, attempt) or NOBODY].append(attempt)
        return {name: self.figures(attempts) for name, attempts in split.items()}

    def figures(self, attempts: Iterable[Row]) -> dict[str, Any]:
        """Every figure that a report has of some attempts."""
        of_each: dict[Any, list[Row]] = defaultdict(list)
        for attempt in attempts:
            of_each[attempt["customer_id"]].append(attempt)
        figures: dict[str, Any] = Counter()
        before = after = 0.0
        for customer, theirs in of_each.items():
            one = self._customer(customer, theirs)
            had, has = one.pop("had"), one.pop("has")
            figures.update({name: int(value) for name, value in one.items()})
            if had is not None and has is not None:
                before, after = before + had, after + has
        for attempt in attempts:
            self._effort(figures, attempt)
        price = self.reckon.cost(figures["segments"], figures["call_minutes"])
        return figures | {
            "cost": float(price),
            "aum_growth": after - before,
            "participation": _share(figures["participating"], figures["reached"]),
            "conversion": _share(figures["converted_participants"], figures["participating"]),
            "retention": _share(figures["kept"], figures["keepable"]),
            "satisfaction": _share(figures["content"], figures["replied"]),
            "rating": _share(figures["rating_points"], figures["rated"]),
        }

    def objections(self) -> dict[str, int]:
        """Customers who raised each."""
        raised: dict[str, set[Any]] = defaultdict(set)
        for attempt in self.attempts:
            for said in self._said(attempt):
                heard = said["heard"] or {}
                read_as = heard.get("reading") or heard.get("intent") or ""
                if said["side"] == "customer" and read_as.startswith("object"):
                    raised[read_as].add(attempt["customer_id"])
        return {name: len(customers) for name, customers in raised.items()}

    def steps(self, version: Any, waiting: Iterable[str]) -> dict[str, Counter[str]]:
        """The funnel: for each step how many came to it, answered at it, and ended there with the goal or without it."""
        funnel: dict[str, Counter[str]] = defaultdict(Counter)
        for attempt in self.attempts:
            talk = self.talks.get(attempt["id"])
            main = attempt["step"] in {"opening", "instead_of_call"} or attempt["step"].startswith("callback:")
            if talk is None or talk["script_version_id"] != version or not main:
                continue
            heard = [(one["heard"] or {}).get("step") for one in self._said(attempt) if one["side"] == "customer"]
            heard = [step for step in heard if step in waiting]
            now = (talk["flow_state"] or {}).get("step")
            now = now if now in waiting else None
            for step in {*heard, *filter(None, [now])}:
                funnel[step].update(reached=1, answered=int(step in heard))
            if talk["state"] == "closed" and (last := now or (heard[-1] if heard else None)):
                funnel[last]["won" if attempt["outcome"] in self.scope.goal else "lost"] += 1
        return funnel

    def _customer(self, customer: Any, theirs: list[Row]) -> dict[str, Any]:
        ends = {one["outcome"] for one in theirs}
        openings = [(one, said) for one in theirs for said in self._said(one) if said["starts_contact"]]
        talks = [self.talks[one["id"]] for one in theirs if one["id"] in self.talks]
        replied = any(talk["last_heard_at"] for talk in talks)
        sent = [said for _, said in openings if said["state"] in LEFT]
        delivered = [one for one, said in openings if said["state"] == "delivered"]
        succeeded = bool(ends & set(self.scope.goal))
        part = succeeded or bool(ends & set(taking_part()))
        day = min((local(said["at"]).date() for said in sent), default=None)
        done, opened, had, has = self._seen(customer, day)
        converted = succeeded if self.scope.fact is None else done
        ratings = [talk["rating"] for talk in sorted(talks, key=lambda talk: str(talk["id"])) if talk["rating"]]
        value = float(self.reckon.value_client_from)
        return {
            "planned": True,
            "held_out": any((one["outcome"], one["reason"]) == ("not_permitted", "holdout") for one in theirs),
            "permitted": any(one["outcome"] != "not_permitted" for one in theirs),
            "sent": bool(sent),
            "delivered": bool(delivered),
            "reached": replied or any(one["outcome"] != "machine" for one in delivered),
            "replied": replied,
            "participating": part,
            "succeeded": succeeded,
            "converted": bool(sent) and converted,
            "converted_participants": part and converted,
            "opted_out": "opted_out" in ends,
            "complained": "complained" in ends,
            "content": replied and not ends & {"opted_out", "complained", "suspected_fraud"},
            "rated": bool(ratings),
            "rating_points": ratings[-1] if ratings else 0,
            "accounts_opened": opened,
            "with_balances": had is not None and has is not None,
            "keepable": bool(had) and has is not None,
            "kept": bool(had) and has is not None and has >= float(self.reckon.kept_share) * had,
            "new_value_clients": (had or 0) < value and has is not None and has >= value,
            "had": had,
            "has": has,
        }  # fmt: skip

    def _seen(self, customer: Any, day: date | None) -> tuple[bool, bool, float | None, float | None]:
        """Whether the fact was seen, an account opened, and the balances of before and after a first contact."""
        if day is None:
            return False, False, None, None
        within = [one for one in self.facts[customer] if day <= one["day"] <= day + timedelta(self.scope.window_days)]
        earlier = [one for one in self.facts[customer] if day - timedelta(90) <= one["day"] < day]
        kinds = {one["kind"] for one in within}
        return str(self.scope.fact) in kinds, "account_opened" in kinds, _balance(earlier), _balance(within)

    def _effort(self, figures: dict[str, Any], attempt: Row) -> None:
        for said in self._said(attempt):
            if said["side"] != "bank" or said["state"] not in LEFT:
                continue
            if said["channel"] == "sms":
                figures.update(texts=1, segments=said["segments"])
            if call := self.calls.get(said["id"]):
                seconds = call["duration_seconds"] or 0
                figures.update(calls=1, call_seconds=seconds, call_minutes=math.ceil(seconds / 60))

    def _said(self, attempt: Row) -> list[Row]:
        talk = self.talks.get(attempt["id"])
        return self.said[talk["id"]] if talk else []


PARTS: Mapping[str, Callable[[Rows, Row], str | None]] = {
    "campaign": lambda rows, _: rows.scope.name,
    "segment": lambda rows, _: rows.scope.segment or LISTED,
    "branch": lambda rows, one: rows.branches.get(rows.customers[one["customer_id"]]["branch_id"]),
    "manager": lambda rows, one: rows.customers[one["customer_id"]]["manager"],
    "variant": lambda _, one: one["variant"],
    "channel": lambda _, one: one["channel"],
    "tier": lambda rows, one: _tier(rows.deposits.get(one["customer_id"])),
}


def _tier(deposits: Any) -> str | None:
    return None if deposits is None else next(name for least, name in TIERS if deposits >= least)


def _balance(facts: list[Row]) -> float | None:
    balances = [(one["day"], one["amount"]) for one in facts if one["kind"] == "balance"]
    return float(max(balances)[1]) if balances else None


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
