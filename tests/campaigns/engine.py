"""A campaign over a few invented customers, on a store of its own: planned, opened, sent, answered, moved in time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import update
from sqlmodel import col, select

from outreach.campaigns import campaign_file, following, launching, plan
from outreach.campaigns import open as opening
from outreach.campaigns.customer_import import import_customers
from outreach.cli.demo_data import HEADERS
from outreach.cli.stage import Stage
from outreach.cli.stage_call import CallOnStage
from outreach.model import Attempt, Campaign, Conversation, Customer
from tests.conftest import TUESDAY

FILE = """\
name: try-one
script: card_activation
segment: card_not_activated
channels: [sms]
start: 2026-11-24
end: 2026-12-24
pace: 200
offer: {benefits: 9元洗车、9元看电影, gift: 一把雨伞}
"""
FIRST = 13_800_130_000
COLUMNS = (*HEADERS, "出生年", "风险等级", "风险到期")


def customers(count: int, folder: Path, change: Callable[[int], dict[str, str]] = lambda _: {}) -> Path:
    """A list of customers who did not activate their card and agreed to texts and calls."""
    rows = [",".join(COLUMNS)]
    for number in range(count):
        row = dict.fromkeys(COLUMNS, "") | {
            "客户号": f"C{number:05}", "姓名": "王芳", "性别": "女", "手机号": str(FIRST + number), "网点": "城南支行",
            "客户经理": "张经理", "卡尾号": f"{number % 10_000:04}", "发卡日": "2026-01-05", "短信同意": "是", "电话同意": "是",
            "同意日期": "2026-02-01", "同意来源": "开户协议",
        }  # fmt: skip
        rows.append(",".join((row | change(number))[header] for header in COLUMNS))
    path = folder / "customers.csv"
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


def phone(number: int) -> str:
    return f"+86{FIRST + number}"


class Engine:
    """One campaign on a stage, driven as a worker drives it."""

    def __init__(self, stage: Stage, folder: Path) -> None:
        self.stage, self.folder, self.name = stage, folder, "try-one"

    def load(self, count: int, change: Callable[[int], dict[str, str]] = lambda _: {}) -> None:
        import_customers(self.stage.sessions, self.stage.sealer, TUESDAY, customers(count, self.folder, change))

    def file(self, more: str = "", text: str = FILE) -> campaign_file.CampaignFile:
        path = self.folder / "c.yml"
        path.write_text(text + more, encoding="utf-8")
        return campaign_file.read(path)

    def launch(self, more: str = "", text: str = FILE) -> Campaign:
        file = self.file(more, text)
        self.name = file.name
        with self.stage.sessions.begin() as db:
            campaign = launching.launch(db, self.stage.house, file, self.stage.clock.now())
        plan.plan(self.stage.sessions, self.stage.clock, self.stage.house, campaign.id)
        return campaign

    def work(self) -> None:
        """What a worker does until nothing is due."""
        while self.tick():
            pass

    def tick(self) -> int:
        """One look at what is due, and the sending of it."""
        with self.stage.sessions.begin() as db:
            db.execute(update(Campaign).values(paced_until=None))
        opened = opening.open_due(self.stage.sessions, self.stage.clock, self.stage.house)
        self.stage.deliver()
        return opened

    def later(self, ahead: timedelta) -> None:
        """Let time pass, and do what has fallen due."""
        self.stage.later(ahead)
        self.work()

    def hears(self, number: int, *words: str) -> None:
        for said in words:
            self.stage.hears(said, phone(number))
        following.follow(self.stage.sessions, self.stage.clock)

    def texts(self, number: int) -> list[str]:
        return [request.body for request in self.stage.carrier.requests if request.to == phone(number)]

    def calls(self, number: int) -> int:
        return sum(call.to == phone(number) for call in self.stage.carrier.calls.values())

    def call(self, number: int) -> CallOnStage:
        """The latest call to a customer."""
        with self.stage.sessions.reading() as db:
            latest = select(Conversation.id).join(Customer, col(Customer.id) == col(Conversation.customer_id))
            latest = latest.where(Customer.ref == f"C{number:05}").order_by(col(Conversation.opened_at).desc())
            return CallOnStage(self.stage, db.exec(latest.limit(1)).one())

    def attempts(self, ref: str | None = None) -> list[Attempt]:
        with self.stage.sessions.reading() as db:
            rows = select(Attempt).join(Customer, col(Customer.id) == col(Attempt.customer_id))
            rows = rows.where(Customer.ref == ref) if ref else rows
            in_turn = (col(Attempt.created_at), col(Attempt.step), col(Attempt.number), col(Customer.ref))
            return list(db.exec(rows.order_by(*in_turn)).all())

    def campaign(self) -> Campaign:
        with self.stage.sessions.reading() as db:
            return db.exec(select(Campaign).where(Campaign.name == self.name)).one()

    def now(self) -> datetime:
        return self.stage.clock.now()
