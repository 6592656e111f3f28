"""A store full of openings that wait to be sent, made row by row in SQL, and the carrier they are sent to."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import httpx
from sqlalchemy import insert, text
from sqlmodel import Session, select

from outreach.campaigns import publication
from outreach.cli.stage import OUR_NUMBER
from outreach.model import (
    Account,
    Attempt,
    Campaign,
    CampaignState,
    Card,
    Consent,
    Conversation,
    Customer,
    Message,
    ScriptVersion,
    Sessions,
)
from outreach.model.columns import new_id
from outreach.model.sealing import Sealer
from outreach.places import ROOT
from outreach.scripts.state import State
from outreach.settings import DEMO_ACCOUNT
from tests.running import free_ports

TUESDAY = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)
TOKEN = "token-of-the-benchmarks"
FIRST = 13_500_000_000
BODY = (
    "【XX银行】王女士您好，您尾号6612的信用卡尚未激活，激活后可享9元洗车、9元看电影，请问方便和您说两句吗？拒收请回复R"
)
OPENED = State("introduce", "introduce").to_json()
"""Where the script stands once this was sent."""
BATCH = 5_000
START_SECONDS = 60


def campaign(db: Session) -> Campaign:
    """An active campaign over the shipped card script."""
    publication.publish_shipped(db, TUESDAY - timedelta(days=1))
    db.flush()
    version = db.exec(select(ScriptVersion).where(ScriptVersion.script == "card_activation")).one()
    made = Campaign(
        name=f"bench-{new_id()}", script="card_activation", script_version_id=version.id, channels=["sms"],
        starts_on=TUESDAY.date(), ends_on=TUESDAY.date() + timedelta(days=60), pace=1000.0, offer={}, definition={},
        launched_at=TUESDAY, planned_at=TUESDAY, state=CampaignState.ACTIVE,
    )  # fmt: skip
    db.add(made)
    db.flush()
    return made


def fill(sessions: Sessions, sealer: Sealer, count: int, first: int = FIRST) -> None:
    """Put so many customers into the store, each with an opening that waits."""
    with sessions.begin() as db:
        made = campaign(db)
        campaign_id, version_id = made.id, made.script_version_id
    for start in range(0, count, BATCH):
        rows: dict[type, list[dict]] = {
            table: [] for table in (Customer, Card, Account, Consent, Attempt, Conversation, Message)
        }
        for index in range(start, min(start + BATCH, count)):
            number = f"+86{first + index}"
            customer, attempt, talk = new_id(), new_id(), new_id()
            phone_hash = sealer.find(number)
            rows[Customer].append(
                {
                    "id": customer, "name": "王芳", "gender": "f", "phone_sealed": sealer.seal(number), "phone_hash": phone_hash,
                    "phone_country": "CN", "phone_kind": "mobile", "zones": ["Asia/Shanghai"],
                    "manager": "张经理", "created_at": TUESDAY, "birth_year": 1980,
                }
            )  # fmt: skip
            rows[Card].append({"id": new_id(), "customer_id": customer, "tail": "6612", "product": "信用卡"})
            rows[Account].append({"customer_id": customer})
            rows[Consent].append(
                {
                    "id": new_id(), "customer_id": customer, "channel": "sms", "purpose": "marketing",
                    "given_at": TUESDAY - timedelta(days=90), "source": "开户协议",
                }
            )  # fmt: skip
            rows[Attempt].append(
                {
                    "id": attempt, "campaign_id": campaign_id, "customer_id": customer, "step": "opening", "number": 1,
                    "channel": "sms", "script_version_id": version_id, "offer": {}, "state": "contacting", "verdict": {},
                    "created_at": TUESDAY,
                }
            )  # fmt: skip
            rows[Conversation].append(
                {
                    "id": talk, "attempt_id": attempt, "customer_id": customer, "channel": "sms", "variant": "a",
                    "script_version_id": version_id, "state": "open", "flow_state": OPENED, "turn": 0, "failures": 0,
                    "opened_at": TUESDAY,
                }
            )  # fmt: skip
            rows[Message].append(
                {
                    "id": new_id(), "conversation_id": talk, "customer_id": customer, "phone_hash": phone_hash, "side": "bank",
                    "channel": "sms", "text": BODY, "media": 0, "at": TUESDAY, "state": "queued", "starts_contact": True,
                    "after_call": False, "confirmation": False, "lines": [], "turn": 0, "tries": 0, "claims": 0, "repeats": 0,
                    "segments": 2, "verdict": {}, "heard": {},
                }
            )  # fmt: skip
        with sessions.begin() as db:
            for table, many in rows.items():
                db.execute(insert(table), many)
    with sessions.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))


@dataclass(frozen=True)
class LocalCarrier:
    """The running local carrier."""

    base: str

    def faults(self, *rules: dict) -> None:
        httpx.put(f"{self.base}/control/faults", json=list(rules), timeout=10).raise_for_status()

    def counters(self) -> dict:
        return httpx.get(f"{self.base}/control/counters", timeout=60).json()

    def alerts(self) -> list[dict]:
        return httpx.get(f"{self.base}/control/alerts", timeout=60).json()

    def forget(self) -> None:
        httpx.delete(f"{self.base}/control/state", timeout=10).raise_for_status()


@contextmanager
def local_carrier(*switches: str, inbound: str = "") -> Iterator[LocalCarrier]:
    """The local carrier in a process of its own, without people and without a limit of its own."""
    port = free_ports(1)[0]
    environment = {
        "PATH": "/usr/bin:/bin", "TWILIO_ACCOUNT_SID": DEMO_ACCOUNT, "TWILIO_AUTH_TOKEN": TOKEN, "OUTREACH_SENDER": OUR_NUMBER,
    }  # fmt: skip
    command = [
        sys.executable,
        "-m",
        "local_carrier",
        "--port",
        str(port),
        "--requests-per-second",
        "0",
        "--personas",
        "none",
    ]
    command += ["--inbound-url", inbound] if inbound else []
    process = subprocess.Popen([*command, *switches], cwd=ROOT, env=environment)
    built = LocalCarrier(f"http://127.0.0.1:{port}")
    try:
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                httpx.get(f"{built.base}/health", timeout=2).raise_for_status()
                break
            except httpx.HTTPError:
                assert time.monotonic() < deadline, "the local carrier did not start"
                time.sleep(0.1)
        yield built
    finally:
        process.terminate()
        process.wait(timeout=20)
