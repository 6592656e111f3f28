"""Every route that shows or changes something leaves an entry in the audit, or stands below with the reason why not."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pyotp
import pytest
from fastapi.routing import APIRoute
from sqlalchemy import func, update
from sqlmodel import select

from outreach.campaigns import publication
from outreach.campaigns.customer_import import import_customers
from outreach.clock import Anchor, Clock, machine_now
from outreach.model import (
    AuditEntry,
    Call,
    Campaign,
    Customer,
    Message,
    Recording,
    Role,
    SamplingPlan,
    SavedView,
    ScriptVersion,
    Side,
    StaffMember,
    Stop,
    TaskKind,
)
from outreach.staff import accounts, links
from outreach.web import bank_door
from outreach.web.console.safety import OPERATORS
from tests.campaigns import engine
from tests.conftest import TUESDAY
from tests.web.console.conftest import browser
from tests.web.console.talks import a_talk
from tests.web.console.test_permissions import flat
from tests.web.console.work import BOOKS, staged, talk, the_task, visits_of

NOBODYS = "figures of many, nobody's own"
KEEPS_NOTHING = "checks what was typed and keeps nothing of it"
UNTRACED: Mapping[tuple[str, str], str] = {
    ("GET", "/"): "leads to another page",
    ("GET", "/assets/{name}"): "what pages are drawn with",
    ("GET", "/sign-in"): "an empty form",
    ("GET", "/sample/{token}"): "a button; pressing it is noted",
    ("GET", "/welcome/{token}"): "a form; sending it is noted",
    ("GET", "/sign-in/elsewhere"): "leads to the bank's issuer",
    ("GET", "/sign-in/elsewhere/callback"): "noted as a sign-in, or as one refused: tests/web/console/test_oidc.py",
    ("POST", "/language"): "a cookie of the browser's own",
    ("GET", "/account"): "one's own account",
    ("GET", "/staff"): "accounts, no customers; what is changed of them is noted",
    ("GET", "/staff/{staff_id}"): "an account, no customer; what is changed of it is noted",
    ("GET", "/customers"): "an empty form",
    ("GET", "/review/next"): "leads to a conversation, where looking at it is noted",
    ("GET", "/campaigns"): NOBODYS,
    ("GET", "/campaigns/new"): "an empty form",
    ("POST", "/campaigns/new/check"): KEEPS_NOTHING,
    ("GET", "/campaigns/{campaign_id}/figures"): NOBODYS,
    ("POST", "/answering/check"): KEEPS_NOTHING,
    ("GET", "/operations"): NOBODYS,
    ("GET", "/operations/figures"): NOBODYS,
    ("GET", "/scripts"): "which scripts there are, not what they say",
}
VARIANTS = "variants:\n  a: {weight: 50}\n  b: {weight: 50, offer: {gift: 一个背包}}\n"
WHY = {"why": "the customer asked"}
SECRET, PASSWORD = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", "seven quiet herons at dusk"
SCRIPT = {"script": "card_activation"}


@dataclass
class Walk:
    """Somebody who takes every route once, and notes which of them left nothing in the audit."""

    product: Any
    signed_in: Any
    stage: Any
    clients: dict[str, Any] = field(default_factory=dict)
    taken: set[tuple[str, str]] = field(default_factory=set)
    silent: list[str] = field(default_factory=list)

    def get(self, role: str, path: str, query: str = "", **ids: Any) -> Any:
        return self._take("GET", role, path, query, None, ids)

    def post(self, role: str, path: str, form: Mapping[str, Any] | None = None, **ids: Any) -> Any:
        return self._take("POST", role, path, "", form or {}, ids)

    def as_(self, role: str) -> Any:
        """A browser; one that nobody signed in on for `visitor`."""
        if role not in self.clients:
            self.clients[role] = browser(self.product) if role == "visitor" else self.signed_in(role)
        return self.clients[role]

    def one(self, table: Any, *where: Any) -> Any:
        with self.product.sessions.reading() as db:
            return db.exec(select(table).where(*where)).first()

    def _take(self, method: str, role: str, path: str, query: str, form: Any, ids: Mapping[str, Any]) -> Any:
        before = self.entries()
        answer = self.as_(role).request(method, path.format(**ids) + query, data=form)
        assert answer.status_code < 400, (method, path, answer.status_code, answer.text)
        self.note(method, path, before)
        return answer

    def note(self, method: str, path: str, before: int) -> None:
        self.taken.add((method, path))
        if self.entries() == before:
            self.silent.append(f"{method} {path}")

    def entries(self) -> int:
        with self.product.sessions.reading() as db:
            return db.exec(select(func.count()).select_from(AuditEntry)).one()


@pytest.fixture
def walk(product, signed_in) -> Iterator[Walk]:
    stage = staged(product)
    yield Walk(product, signed_in, stage)
    stage.sender.close()


def every_route(product) -> set[tuple[str, str]]:
    found = [one for one in flat(bank_door.build(product).routes) if isinstance(one, APIRoute)]
    return {(method, one.path) for one in found if one.path not in OPERATORS for method in one.methods}


def test_every_route_leaves_its_trace_or_says_why_not(walk, tmp_path):
    for part in (conversations, campaigns, answering, tasks_and_visits, customers, scripts, console):
        part(walk, tmp_path)
    assert walk.silent == []
    assert sorted(every_route(walk.product) - walk.taken - UNTRACED.keys()) == [], "neither taken here nor listed above"
    assert sorted(UNTRACED.keys() - every_route(walk.product)) == [], "listed above, and no route any more"
    assert sorted(walk.taken & UNTRACED.keys()) == [], "listed above, and taken here"


def conversations(walk: Walk, _folder: Any) -> None:
    one = {"conversation_id": a_talk(walk.product)}
    walk.get("agent", "/conversations", "?q=额度&outcome=refused")
    walk.get("agent", "/conversations.{form}", form="csv")
    walk.get("agent", "/conversations/{conversation_id}", **one)
    walk.get("agent", "/conversations/{conversation_id}/messages", **one)
    walk.post("reviewer", "/conversations/{conversation_id}/review", {"revision": 0, "note": "good"}, **one)
    walk.post("agent", "/conversations/{conversation_id}/numbers", WHY, **one)
    corrected = {"revision": 1, "outcome": "considering", **WHY}
    walk.post("reviewer", "/conversations/{conversation_id}/outcome", corrected, **one)
    said = walk.one(Message, Message.conversation_id == one["conversation_id"], Message.side == Side.CUSTOMER)
    walk.get("reviewer", "/messages/{message_id}/reading", message_id=said.id)
    walk.post("reviewer", "/messages/{message_id}/reading", {"intent": "deny"}, message_id=said.id)
    walk.post("agent", "/views", {"name": "mine", "query": "outcome=refused"})
    before = walk.entries()
    walk.as_("agent").delete(f"/views/{walk.one(SavedView).id}")
    walk.note("DELETE", "/views/{view_id}", before)
    call = recorded(walk.product)
    walk.get(
        "reviewer", "/conversations/{conversation_id}/recordings/{call_id}", conversation_id=call.conversation_id,
        call_id=call.id,
    )  # fmt: skip
    walk.get("compliance", "/review")
    walk.post("compliance", "/review/plans", {"share": 100, "twice": 0, "reviewers": ["reviewer.one"]})
    walk.post("compliance", "/review/plans/{plan_id}/end", plan_id=walk.one(SamplingPlan).id)


def recorded(product) -> Call:
    """A call with its sound."""
    with product.sessions.begin() as db:
        conversation = a_talk(product, "陈晨", channel="voice")
        message = db.exec(select(Message).where(Message.conversation_id == conversation)).first()
        call = Call(id=message.id, conversation_id=conversation, claimed_at=TUESDAY, recorded=True)
        db.add(call)
        db.flush()
        sound = product.sealer.seal_sound(b"RIFF")
        db.add(Recording(id=call.id, carrier_ref="RE1", announced_at=TUESDAY, sound=sound))
        return call


def answering(walk: Walk, _folder: Any) -> None:
    one = {"conversation_id": talk(walk.stage, "转人工")}
    walk.get("agent", "/answering")
    walk.get("agent", "/answering/{conversation_id}", **one)
    walk.post("agent", "/answering/{conversation_id}/take-over", **one)
    walk.post("agent", "/answering/{conversation_id}/write", {"words": "您好，我是张经理。"}, **one)
    walk.post("agent", "/answering/{conversation_id}/hand-back", {"note": "told her the hours"}, **one)


def tasks_and_visits(walk: Walk, _folder: Any) -> None:
    about = talk(walk.stage, "我早就激活了", phone="+8613800138001", card_tail="6613")
    one = {"task_id": the_task(walk.product, TaskKind.CLAIM_CHECK, about).id}
    walk.get("agent", "/tasks")
    walk.get("agent", "/tasks.{form}", form="csv")
    walk.get("agent", "/tasks/{task_id}", **one)
    walk.post("agent", "/tasks/{task_id}/number", WHY, **one)
    walk.post("agent", "/tasks/{task_id}/take", {"revision": 0}, **one)
    walk.post("agent", "/tasks/{task_id}/put-off", {"revision": 1, "due": "2026-11-26T15:00", "why": "在开会"}, **one)
    walk.post("agent", "/tasks/{task_id}/give-back", {"revision": 2}, **one)
    walk.post("agent", "/tasks/{task_id}/finish", {"revision": 3, "result": "settled", "note": "查过了"}, **one)
    comes = talk(walk.stage, *BOOKS, phone="+8613800138002", card_tail="6614")
    walk.get("agent", "/visits", "?day=2026-11-26")
    walk.get("agent", "/visits.{form}", form="xlsx")
    walk.get("agent", "/visits/{visit_id}", visit_id=visits_of(walk.product, comes)[0].id)
    moved = {"seen": "booked", "date": "2026-11-27", "part": "morning"}
    walk.post("agent", "/visits/{visit_id}/move", moved, visit_id=visits_of(walk.product, comes)[0].id)
    walk.stage.later(timedelta(days=3))
    walk.product.__dict__["clock"] = Clock.fixed(
        Anchor(machine_now(), walk.stage.clock.now())
    )  # not the second before's
    came = {"seen": "booked", "state": "arrived"}
    walk.post("agent", "/visits/{visit_id}/came", came, visit_id=visits_of(walk.product, comes)[-1].id)


def customers(walk: Walk, _folder: Any) -> None:
    one = {"customer_id": walk.one(Customer, Customer.name == "王芳", Customer.phone_hash.is_not(None)).id}
    walk.post("agent", "/customers", {"who": str(one["customer_id"])})
    walk.get("agent", "/customers/{customer_id}", **one)
    walk.post("agent", "/customers/{customer_id}/number", WHY, **one)
    walk.post("agent", "/customers/{customer_id}/stop", WHY, **one)
    walk.post("compliance", "/customers/{customer_id}/lift", WHY, **one)
    walk.post("compliance", "/customers/{customer_id}/name", {**WHY, "name": "王方"}, **one)
    walk.post("compliance", "/customers/{customer_id}/export", WHY, **one)
    walk.get("agent", "/lost-contacts")
    walk.get("agent", "/lost-contacts/{customer_id}", **one)
    right = {"number": "139 1234 5678", **WHY}
    walk.post("agent", "/lost-contacts/{customer_id}", right, **one)
    walk.post("compliance", "/customers/{customer_id}/erase", {**WHY, "sure": "yes"}, **one)


def campaigns(walk: Walk, folder: Any) -> None:
    import_customers(walk.product.sessions, walk.product.sealer, TUESDAY, engine.customers(5, folder))
    proposed = []
    for name in ("one", "two"):
        walk.post("marketer", "/campaigns", {"text": engine.FILE.replace("try-one", name) + VARIANTS})
        proposed.append({"campaign_id": walk.one(Campaign, Campaign.name == name).id})
    one, other = proposed
    walk.post("compliance", "/campaigns/{campaign_id}/rejection", WHY, **other)
    walk.post("compliance", "/campaigns/{campaign_id}/approval", **one)
    walk.get("marketer", "/campaigns/{campaign_id}", **one)
    walk.get("marketer", "/campaigns/{campaign_id}/report.{form}", form="xlsx", **one)
    walk.post("marketer", "/campaigns/{campaign_id}/promotion", {"variant": "b"}, **one)
    walk.post("marketer", "/campaigns/{campaign_id}/pause", WHY, **one)
    walk.post("marketer", "/campaigns/{campaign_id}/resumption", WHY, **one)
    walk.post("marketer", "/campaigns/{campaign_id}/end", WHY, **one)


def scripts(walk: Walk, _folder: Any) -> None:
    walk.get("reviewer", "/scripts/{script}", **SCRIPT)
    walk.get("reviewer", "/scripts/{script}/lines", **SCRIPT)
    page = walk.get("reviewer", "/scripts/{script}/trial", **SCRIPT)
    carried = html.unescape(re.search(r'name="talk" value="(.*?)"', page.text)[1])
    walk.post("reviewer", "/scripts/{script}/trial", {"talk": carried, "said": "方便"}, **SCRIPT)
    walk.get("marketer", "/scripts/{script}/draft", **SCRIPT)
    for words in ("带身份证就好。", "带身份证来。"):
        change = {"act": "propose", "path": "card_activation/sms/details.j2", "text": f"您方便时回复，{words}"}
        walk.post("marketer", "/scripts/{script}/draft", change, **SCRIPT)
        proposed = {**SCRIPT, "version": waiting(walk.product).version}
        walk.get("compliance", "/scripts/{script}/versions/{version}", **proposed)
        decided, said = ("rejection", WHY) if words == "带身份证来。" else ("approval", {})
        walk.post("compliance", f"/scripts/{{script}}/versions/{{version}}/{decided}", said, **proposed)
    with walk.product.sessions.reading() as db:
        first = publication.versions(db, "card_activation")[-1].version
    walk.post("compliance", "/scripts/{script}/versions/{version}/restoration", WHY, version=first, **SCRIPT)
    with walk.product.sessions.begin() as db:  # as if the folder had been changed since
        db.execute(update(ScriptVersion).where(ScriptVersion.script == "dormant_reactivation").values(version="0" * 12))
    walk.post("marketer", "/scripts/{script}/proposal", script="dormant_reactivation")


def waiting(product) -> ScriptVersion:
    with product.sessions.reading() as db:
        return publication.waiting(db, "card_activation")[0]


def console(walk: Walk, _folder: Any) -> None:
    walk.get("compliance", "/audit")
    walk.post("admin", "/operations/stops", {"scope": "all", **WHY})
    walk.post("admin", "/operations/stops/{stop_id}/lift", WHY, stop_id=walk.one(Stop).id)
    walk.post("admin", "/staff", {"login": "wang.fang", "name": "王芳", "role": "reviewer"})
    member = walk.one(StaffMember, StaffMember.login == "wang.fang")
    walk.post("admin", "/staff/{staff_id}/role", {"role": "agent", **WHY}, staff_id=member.id)
    walk.post("admin", "/staff/{staff_id}/sessions/end", WHY, staff_id=member.id)
    walk.post("admin", "/staff/{staff_id}/disabling", WHY, staff_id=member.id)
    walk.post("admin", "/staff/{staff_id}/reset", WHY, staff_id=member.id)
    now = machine_now()
    with walk.product.sessions.begin() as db:
        sample = accounts.add(db, "sample", "Sample", Role.AGENT, None, "demo", now)
        tokens = {"setting": links.make(db, member, now), "sample": links.make(db, sample, now, sample=True)}
    chosen = {"secret": SECRET, "password": PASSWORD, "repeated": PASSWORD, "code": pyotp.TOTP(SECRET).now()}
    walk.post("visitor", "/welcome/{token}", chosen, token=tokens["setting"])
    # The code of setting up is used up, and the account of the sample has none.
    with walk.product.sessions.begin() as db:
        db.get_one(StaffMember, member.id).code_counter = None
    typed = {"login": "wang.fang", "password": PASSWORD, "code": pyotp.TOTP(SECRET).now()}
    walk.post("visitor", "/sign-in", typed)
    walk.post("visitor", "/sample/{token}", token=tokens["sample"])
    walk.post("agent", "/account/sessions/end")
    walk.post("agent", "/sign-out")
