"""How long the console's pages take with 10,000 conversations and with a million (ten million messages): p50 and p95.

Every request is a whole one: signed in, guarded, asked of the store, drawn. The store is filled by SQL; reports are kept as a
worker keeps them (`campaigns.kept_reports`).
"""

from __future__ import annotations

import os
import random
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode
from uuid import UUID

import psycopg
from fastapi.testclient import TestClient
from sqlalchemy import func
from sqlmodel import col, select

from benchmarks import conversations_by_sql
from outreach import runtime
from outreach.campaigns import kept_reports
from outreach.clock import machine_now
from outreach.model import Attempt, Branch, Campaign, Customer, KeptReport, Role, StaffMember, embedded, migrate
from outreach.model.database import plain_url
from outreach.queue import NoQueue
from outreach.runtime import Runtime
from outreach.scripts.names import intents, outcomes
from outreach.settings import Settings
from outreach.staff import sessions
from outreach.web import bank_door, serving
from outreach.web.console import guard
from outreach.web.console.cookies import SESSION
from outreach.web.console.pace import Pace

SIZES = (10_000, 1_000_000)
ASKED = 40
"""Requests of each kind."""
PROMISED_MILLISECONDS = 300
CONSOLE = "http://127.0.0.1:8001"

Paths = Callable[[], str]


def main() -> None:
    """Measure each kind of page at each size."""
    given = os.environ.get("BENCH_CONVERSATIONS")
    for size in [int(given)] if given else SIZES:
        with _store(size) as product:
            _measure(product, size)


def _measure(product: Runtime, size: int) -> None:
    browsers = {
        "": _browser(product, Role.COMPLIANCE),
        "(one branch)": _browser(product, Role.COMPLIANCE, _a_branch(product)),
        "(agent)": _browser(product, Role.AGENT),
    }
    serving.keep_what_is_made()
    _keep_reports(product)
    print(
        f"\nconsole pages with {size:,} conversations and {size * 10:,} messages, {ASKED} requests each, in milliseconds"
    )
    worst = 0.0
    for name, paths in _kinds(product).items():
        client = next(browsers[mark] for mark in reversed(browsers) if name.endswith(mark))
        taken = [_milliseconds(client, paths()) for _ in range(ASKED)]
        p95 = statistics.quantiles(taken, n=20)[18]
        worst = max(worst, p95)
        print(f"  {name:<44} p50 {statistics.median(taken):7.1f}   p95 {p95:7.1f}")
    kept = "kept" if worst < PROMISED_MILLISECONDS else "NOT KEPT"
    print(f"  slowest p95 {worst:.1f}: under {PROMISED_MILLISECONDS} ms is {kept}")


def _keep_reports(product: Runtime) -> None:
    for campaign in [kept_reports.ALL, *_campaigns(product)]:
        kept_reports.make(product.sessions, product.clock, campaign, "campaign" if campaign == kept_reports.ALL else "")
    with product.sessions.reading() as db:
        took = {one.campaign_id: one.seconds for one in db.exec(select(KeptReport)).all()}
        tries = db.exec(select(func.count()).select_from(Attempt).group_by(col(Attempt.campaign_id))).all()
    together = took.pop(kept_reports.ALL)
    print(
        f"counting a report: {together:.1f} s of all {len(took)} campaigns together, {max(took.values()):.1f} s at most of one, of "
        f"{min(tries):,} to {max(tries):,} tries"
    )


def _kinds(product: Runtime) -> dict[str, Paths]:
    chance = random.Random(7)
    ids, campaigns = _some_conversations(product), _campaigns(product)
    with product.sessions.reading() as db:
        customers = db.exec(select(Customer.id).limit(500)).all()

    def listed(**query: Callable[[], object]) -> Paths:
        return lambda: "/conversations?" + urlencode({name: value() for name, value in query.items()})

    def one_of(values: Sequence[object]) -> Callable[[], object]:
        return lambda: chance.choice(values)

    campaign = one_of([f"campaign-{n}" for n in range(1, conversations_by_sql.CAMPAIGNS + 1)])
    manager = one_of([f"经理{n}" for n in range(1, conversations_by_sql.MANAGERS + 1)])
    outcome, intent, grade = one_of(list(outcomes())), one_of(list(intents())), one_of("ABCDE")
    rare = one_of([f"r{n}" for n in range(conversations_by_sql.RARE)])
    common = one_of(["优惠", "身份证", "城南支行", "年费", "激活"])
    some_day = one_of([f"2026-{month:02}-{day:02}" for month in range(1, 10) for day in (1, 11, 21)])
    yes = one_of(["yes"])
    return {
        "list": listed(),
        "list, far down": lambda: "/conversations?" + urlencode({"after": _key(chance.choice(ids))}),
        "list of a campaign": listed(campaign=campaign),
        "list of an outcome": listed(outcome=outcome),
        "list of a grade and a campaign": listed(grade=grade, campaign=campaign),
        "list of a campaign, outcome and manager": listed(campaign=campaign, outcome=outcome, manager=manager),
        "list of an intent": listed(intent=intent),
        "list of an intent and an outcome": listed(intent=intent, outcome=outcome),
        "list of low confidence": listed(doubtful=yes),
        "list of not understood, in a campaign": listed(not_understood=yes, campaign=campaign),
        "list of what was flagged": listed(flagged=yes),
        "list of what was not reviewed": listed(reviewed=one_of(["no"])),
        "list of a variant": listed(variant=one_of("ab"), channel=one_of(["voice"])),
        "list of a manager from a day on": listed(manager=manager, since=some_day),
        "list until a day": listed(until=some_day),
        "list of a tag": listed(tag=one_of(["典型"])),
        "list (one branch)": listed(),
        "list of an outcome (one branch)": listed(outcome=outcome),
        "search of a rare word": listed(q=rare),
        "search of a common word": listed(q=common),
        "search of two words": listed(q=one_of(["优惠 年费", "身份证 额度", "外地 礼品", "洗车 激活"])),
        "search of a common word in a campaign": listed(q=common, campaign=campaign),
        "search of a common word and an outcome": listed(q=common, outcome=outcome),
        "search of words that occur, not together": lambda: "/conversations?" + urlencode({"q": f"{rare()} {rare()}"}),
        "search of a word that never occurs": listed(q=one_of(["鲸鱼", "量子", "玫瑰"])),
        "search of a common word (one branch)": listed(q=common),
        "campaigns": lambda: "/campaigns",
        "campaign": lambda: f"/campaigns/{chance.choice(campaigns)}",
        "scripts": lambda: "/scripts",
        "script": lambda: "/scripts/card_activation",
        "tasks": lambda: "/tasks?" + urlencode({"state": chance.choice(["open", "done"])}),
        "visits of a day (agent)": lambda: "/visits?" + urlencode({"day": some_day()}),
        "visits of a week (agent)": lambda: "/visits?" + urlencode({"day": some_day(), "span": "week"}),
        "lost contacts": lambda: "/lost-contacts",
        "review": lambda: "/review",
        "audit": lambda: "/audit",
        "audit of a person": lambda: "/audit?" + urlencode({"who": f"reviewer.{chance.randrange(50)}"}),
        "audit of a conversation": lambda: "/audit?" + urlencode({"what": chance.choice(ids)[1]}),
        "audit of a day": lambda: "/audit?" + urlencode({"since": (day := some_day()), "until": day}),
        "operations": lambda: "/operations",
        "customer": lambda: f"/customers/{chance.choice(customers)}",
        "conversation": lambda: f"/conversations/{chance.choice(ids)[1]}",
        "conversation, refreshing itself": lambda: f"/conversations/{chance.choice(ids)[1]}/messages",
    }


def _milliseconds(client: TestClient, path: str) -> float:
    begun = time.perf_counter()
    answer = client.get(path)
    taken = (time.perf_counter() - begun) * 1000
    assert answer.status_code == 200, (path, answer.status_code)
    return taken


def _key(one: tuple[str, UUID]) -> str:
    return f"{one[0]}_{one[1]}"


def _some_conversations(product: Runtime) -> list[tuple[str, UUID]]:
    """A few hundred, spread over all of them."""
    with psycopg.connect(plain_url(product.database_url)) as connection:
        rows = connection.execute(
            "SELECT opened_at, conversation_id FROM listing TABLESAMPLE SYSTEM (5) ORDER BY random() LIMIT 500"
        ).fetchall()
    return [(opened_at.isoformat(), conversation) for opened_at, conversation in rows]


def _campaigns(product: Runtime) -> Sequence[UUID]:
    with product.sessions.reading() as db:
        return db.exec(select(Campaign.id)).all()


def _browser(product: Runtime, role: Role, branch: UUID | None = None) -> TestClient:
    now = machine_now()
    with product.sessions.begin() as db:
        member = StaffMember(
            login=f"bench.{role}.{'branch' if branch else 'all'}",
            name="B",
            role=role,
            branch_id=branch,
            created_at=now,
        )
        db.add(member)
        db.flush()
        token = sessions.start(db, member.id, "127.0.0.1", now)
    client = TestClient(bank_door.build(product), base_url=CONSOLE, follow_redirects=False)
    client.cookies.set(SESSION, token)
    return client


def _a_branch(product: Runtime) -> UUID:
    with product.sessions.reading() as db:
        return db.exec(select(Branch.id)).first()


@contextmanager
def _store(size: int) -> Iterator[Runtime]:
    folder = Path(tempfile.mkdtemp(prefix="outreach-bench-"))
    try:
        url = embedded.start(folder)
        product = runtime.build(
            Settings(database_url=url, data_dir=folder, twilio_api_base="http://127.0.0.1:9", console_port=8001)
        )
        product.__dict__["queue"] = NoQueue()
        guard.OF_SESSION = guard.FROM_ADDRESS = Pace("1000000/minute")
        migrate.upgrade(product.sessions.engine)
        now = machine_now()
        with product.sessions.begin() as db:
            version = conversations_by_sql.begin(db, now)
        begun = time.monotonic()
        with psycopg.connect(plain_url(url), autocommit=True) as connection:
            conversations_by_sql.fill(connection, size, version.id)
        print(f"filled with {size:,} conversations in {time.monotonic() - begun:.0f} s")
        yield product
        product.sessions.engine.dispose()
    finally:
        embedded.stop(folder)
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
