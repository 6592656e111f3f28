"""Work for the console's tests: an invented customer who talked to the bank, on a stage over the product's own store."""

from __future__ import annotations

from uuid import UUID

from sqlmodel import select

from outreach.cli.stage import PHONE, SAMPLE_CUSTOMER, Stage
from outreach.clock import Anchor, Clock, machine_now
from outreach.dialogue.rehearsal import Rehearsal
from outreach.model import StaffTask, TaskKind, Visit
from outreach.runtime import Runtime
from tests.conftest import TUESDAY

READINGS = {
    "方便": "affirm", "行": "affirm", "后天上午": "inform_time", "转人工": "ask_human", "我要投诉你们": "complaint",
    "我不是她": "wrong_person", "我早就激活了": "already_done", "不用了": "deny", "真不用": "deny", "有年费吗": "ask_fee",
    "下午三点再联系我": "callback_at", "明天下午": "inform_time", "谢谢": "thank",
}  # fmt: skip
BOOKS = ("方便", "行", "后天上午")
"""What a customer says who comes the day after tomorrow, in the morning."""


def staged(product: Runtime) -> Stage:
    """A stage on the product's store, at the same frozen time; close its sender afterwards."""
    stage = Stage(
        product.sessions, TUESDAY, product.house, product.sealer,
        Rehearsal(lambda words: READINGS.get(words, "nlu_fallback")),
    )  # fmt: skip
    product.__dict__["dialogue"] = stage.dialogue
    product.__dict__["clock"] = Clock(lambda: Anchor(machine_now(), stage.clock.now()))
    return stage


def talk(stage: Stage, *words: str, phone: str = PHONE, **about: str) -> UUID:
    """Contact a customer and have them say these things; the conversation."""
    made = stage.contact(phone=phone, about={**SAMPLE_CUSTOMER, **about})
    assert made.conversation is not None, made
    for said in words:
        stage.hears(said, phone=phone)
    return made.conversation


def the_task(product: Runtime, kind: TaskKind, conversation: UUID | None = None) -> StaffTask:
    """The one task of a kind."""
    with product.sessions.reading() as db:
        rows = select(StaffTask).where(StaffTask.kind == kind)
        return db.exec(rows.where(StaffTask.conversation_id == conversation) if conversation else rows).one()


def visits_of(product: Runtime, conversation: UUID) -> list[Visit]:
    """Every visit of a conversation, in the order of booking."""
    with product.sessions.reading() as db:
        return list(db.exec(select(Visit).where(Visit.conversation_id == conversation).order_by(Visit.id)).all())
