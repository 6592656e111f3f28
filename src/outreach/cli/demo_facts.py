"""What the bank of the demo saw after the campaigns: invented facts, likelier for those who agreed."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random

from sqlmodel import Session, col, select

from outreach.campaigns import aims, fact_import, report_scope
from outreach.cli.output import console
from outreach.clock import local
from outreach.model import Account, Attempt, Campaign, Customer, FactKind
from outreach.runtime import Runtime

HEADERS = ("客户号", "事实", "日期", "金额")
AGREED, TALKED, ANYWAY = 0.6, 0.15, 0.04
"""How likely a customer does what the campaign is for: one who agreed, one who took part, anybody else."""
BALANCES = 0.3
"""How many customers the feed has balances of."""


def tell(runtime: Runtime, folder: Path) -> Path:
    """Write a feed of invented facts for everybody the campaigns were for, and import it."""
    path = folder / "facts.csv"
    with runtime.sessions.reading() as db, path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADERS)
        for campaign in db.exec(select(Campaign).where(col(Campaign.launched_at).is_not(None))).all():
            writer.writerows(_facts(db, campaign, local(runtime.clock.now()).date()))
    imported = fact_import.import_facts(runtime.sessions, runtime.clock.now(), path)
    console.print(f"{path}: {imported.stored} bank facts stored, {len(imported.refused)} rows refused")
    return path


def _facts(db: Session, campaign: Campaign, today: date) -> Iterator[tuple[str, str, date, str]]:
    fact, scope, part = aims.of(campaign).fact, report_scope.measured(db, campaign), report_scope.taking_part()
    rows = (
        select(col(Customer.ref), col(Attempt.outcome), col(Account.deposits))
        .join(Attempt, col(Attempt.customer_id) == col(Customer.id))
        .join(Account, col(Account.customer_id) == col(Customer.id), isouter=True)
        .where(Attempt.campaign_id == campaign.id, Attempt.step == "opening", Attempt.number == 1)
        .order_by(col(Customer.ref))
    )
    random = Random(campaign.name)  # noqa: S311 - invented facts, not secrets
    last = min(today, campaign.starts_on + timedelta(days=2))
    for ref, outcome, deposits in db.exec(rows).all():
        likely = AGREED if outcome in scope.goal else TALKED if outcome in part else ANYWAY
        if fact and random.random() < likely:
            yield str(ref), str(fact), last, ""
        if deposits is not None and random.random() < BALANCES:
            grown = float(deposits) * random.uniform(0.9, 1.15 + likely / 4)
            yield str(ref), str(FactKind.BALANCE), campaign.starts_on - timedelta(days=1), f"{deposits:.2f}"
            yield str(ref), str(FactKind.BALANCE), last, f"{grown:.2f}"
