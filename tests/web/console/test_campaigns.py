"""Campaigns in the console: checked and proposed by one person, approved by another, held by whoever sees a reason to."""

from __future__ import annotations

import html
import re
from io import BytesIO

import pytest
from openpyxl import load_workbook
from sqlmodel import select

from outreach.campaigns import kept_reports, plan
from outreach.campaigns.customer_import import import_customers
from outreach.model import AuditEntry, Campaign, CampaignState
from tests.campaigns import engine
from tests.conftest import TUESDAY
from tests.web.console.work import staged

FORM = {
    "name": "秋季激活", "script": "card_activation", "segment": "card_not_activated", "channels": ["sms"],
    "start": "2026-11-24", "end": "2026-12-04", "pace": "5", "offer": "benefits: 9元洗车\ngift：一把雨伞",
}  # fmt: skip


@pytest.fixture
def customers(product, tmp_path):
    stage = staged(product)
    refused = {1: {"短信同意": "否", "电话同意": "否"}}
    import_customers(
        product.sessions, product.sealer, TUESDAY, engine.customers(5, tmp_path, lambda n: refused.get(n, {}))
    )
    yield stage
    stage.sender.close()


def the_campaign(product) -> Campaign:
    with product.sessions.reading() as db:
        return db.exec(select(Campaign)).one()


def test_a_form_is_checked_in_words_and_stores_nothing(product, customers, signed_in):
    page = signed_in("marketer").post("/campaigns/new/check", data=FORM)
    assert page.status_code == 200
    assert "<dt>audience</dt><dd>5</dd>" in page.text
    assert "<dt>would be contacted</dt><dd>4</dd>" in page.text
    assert "no consent" in page.text
    with product.sessions.reading() as db:
        assert db.exec(select(Campaign)).all() == []


def test_what_it_would_do_is_said_in_chinese_too(customers, signed_in):
    more = 'windows: {sms: {mon-fri: ["10:00-18:00"]}}\nretry: {no_reply: {after: 2d, times: 1}}\nstop: {target: 3, opt_out_rate: 5%, of: 20}'
    page = signed_in("marketer").post(
        "/campaigns/new/check", data=FORM | {"more": more}, headers={"Accept-Language": "zh-CN"}
    )
    sentences = re.search(r'<ul class="sentences">(.*?)</ul>', page.text, re.DOTALL)[1]
    said = [html.unescape(one) for one in re.findall(r"<li.*?>(.*?)</li>", sentences)]
    assert said[0] == "秋季激活：客群 card_not_activated，共 5 位客户，将联系 4 位"
    assert "1 位不联系：没有同意" in said
    assert "结果为“无回复”时：2 天后再联系，最多 1 次" in said
    assert not [one for one in said if re.search(r"\b(the|of|at|for|not|when|after)\b", one)]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"segment": "/etc/passwd"}, "there is no segment"),
        ({"more": "exclude: {segments: [../config/bank]}"}, "there is no segment"),
        ({"more": "list: people.txt"}, "names a file"),
        ({"more": "exclude: {lists: [a.txt]}"}, "names a file"),
        ({"end": "2026-11-01"}, "is before start"),
        ({"pace": "quick"}, "openings per second"),
        ({"offer": "benefits: 保本保收益\ngift: 伞"}, "offer.benefits"),
        ({"more": "variants: {a: {weight: 30}, b: {weight: 30}}"}, "variants"),
        ({"more": "a: [b"}, "YAML"),
        ({"more": "not_on: [2026-11-31]"}, "2026-11-31 is not a date"),
        ({"more": 'retry: {no_reply: {after: 1d, at: "10:00+08:00"}}'}, "a time of day"),
        ({"more": "stop: {budget: .inf}"}, "no number to count with"),
        ({"more": "not_on: !!int x"}, "has the tag"),
        ({"more": 'exclude: {campaigns: ["\\0"]}'}, "cannot be seen"),
        ({"more": "caps: " + "[" * 100}, "nested too deeply"),
        ({"more": "windows: &all {sms: *all}"}, "repeats what repeats something"),
        ({"more": "? [a]\n: b"}, "is no key"),
        ({"end": "2031-12-24"}, "more than two years"),
        ({"start": "9999-12-30"}, "not a date of this century"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(customers, signed_in, change, said):
    client = signed_in("marketer")
    page = client.post("/campaigns/new/check", data=FORM | change)
    assert page.status_code == 422
    assert said in page.text
    assert "line " in page.text
    chinese = client.post("/campaigns/new/check", data=FORM | change, headers={"Accept-Language": "zh-CN"}).text
    told = re.findall(r"</b>: (.*?)</li>", chinese)
    assert told
    assert [one for one in told if re.search(r"\b(is|no|the|not|of|with|such|which|cannot|between)\b", one)] == []


def test_a_file_is_checked_like_a_form(customers, signed_in):
    file = ("c.yml", engine.FILE.encode(), "application/yaml")
    page = signed_in("marketer").post("/campaigns/new/check", files={"file": file})
    assert page.status_code == 200
    assert "name: try-one" in page.text


def test_one_person_proposes_and_another_launches(product, customers, signed_in):
    assert signed_in("marketer").post("/campaigns", data={"text": engine.FILE}).status_code == 303
    campaign = the_campaign(product)
    assert (campaign.state, campaign.proposed_by) == (CampaignState.PROPOSED, "marketer.one")
    assert signed_in("marketer").post(f"/campaigns/{campaign.id}/approval").status_code == 403
    assert signed_in("compliance").post(f"/campaigns/{campaign.id}/approval").status_code == 303
    assert (the_campaign(product).state, the_campaign(product).approved_by) == (CampaignState.ACTIVE, "compliance.one")
    assert product.queue.deferred[-1][0] == "plan"


def test_a_proposal_that_was_approved_meanwhile_says_so(product, customers, signed_in):
    signed_in("marketer").post("/campaigns", data={"text": engine.FILE})
    address = f"/campaigns/{the_campaign(product).id}/approval"
    signed_in("compliance").post(address)
    again = signed_in("compliance", login="compliance.two").post(address)
    assert again.status_code == 409
    assert "is active, not proposed" in again.text


def test_a_campaign_is_sent_back_paused_resumed_and_ended_with_why(product, customers, signed_in):
    client, judge = signed_in("marketer"), signed_in("compliance")
    client.post("/campaigns", data={"text": engine.FILE})
    judge.post(f"/campaigns/{the_campaign(product).id}/approval")
    address = f"/campaigns/{the_campaign(product).id}"
    assert judge.post(f"{address}/pause", data={"why": "投诉太多"}).status_code == 303
    assert "投诉太多" in client.get(address).text
    assert judge.post(f"{address}/resumption").status_code == 403
    assert client.post(f"{address}/resumption").status_code == 303
    assert client.post(f"{address}/end", data={"why": "目标完成"}).status_code == 303
    assert client.post(f"{address}/pause").status_code == 409
    with product.sessions.reading() as db:
        kept = [(one.verb, one.who) for one in db.exec(select(AuditEntry).order_by(AuditEntry.id)).all()]
        kept = [one for one in kept if one[0].startswith("campaign_") and one[0] != "campaign_viewed"]
    assert kept == [
        ("campaign_proposed", "marketer.one"),
        ("campaign_approved", "compliance.one"),
        ("campaign_paused", "compliance.one"),
        ("campaign_resumed", "marketer.one"),
        ("campaign_ended", "marketer.one"),
    ]


@pytest.mark.parametrize("form", ["html", "xlsx", "csv"])
def test_a_report_is_taken_away_and_the_audit_knows(product, customers, signed_in, form):
    client = signed_in("marketer")
    client.post("/campaigns", data={"text": engine.FILE})
    campaign = the_campaign(product)
    answer = client.get(f"/campaigns/{campaign.id}/report.{form}?by=branch")
    assert answer.status_code == 200
    assert f"report-{campaign.id}.{form}" in answer.headers["content-disposition"]
    if form == "xlsx":
        assert load_workbook(BytesIO(answer.content)).sheetnames
    with product.sessions.reading() as db:
        assert db.exec(select(AuditEntry).where(AuditEntry.verb == "report_exported")).one().details == {"form": form}


@pytest.mark.parametrize("path", ["report.exe", "report.xlsx?by=nobody", "?by=nobody"])
def test_what_there_is_not_is_not_there(product, customers, signed_in, path):
    client = signed_in("marketer")
    client.post("/campaigns", data={"text": engine.FILE})
    address = f"/campaigns/{the_campaign(product).id}"
    assert client.get(address + (path if path.startswith("?") else f"/{path}")).status_code == 404


def test_a_large_campaign_shows_its_figures_once_they_are_counted(product, customers, signed_in, monkeypatch):
    monkeypatch.setattr(kept_reports, "FEW", 1)
    client = signed_in("marketer")
    client.post("/campaigns", data={"text": engine.FILE})
    signed_in("compliance").post(f"/campaigns/{the_campaign(product).id}/approval")
    campaign = the_campaign(product).id
    plan.plan(product.sessions, product.clock, product.house, campaign)
    wanted = {"campaign": str(campaign), "by": "branch"}
    for address in ("/campaigns", f"/campaigns/{campaign}?by=branch"):
        assert "The figures are being counted" in client.get(address).text
    assert ("report", wanted) in product.queue.deferred
    waiting = client.get(f"/campaigns/{campaign}/figures?by=branch&waits=yes")
    assert ("being counted" in waiting.text, "HX-Refresh" in waiting.headers) == (True, False)
    kept_reports.make(product.sessions, product.clock, campaign, "branch")
    kept_reports.make(product.sessions, product.clock, kept_reports.ALL, "campaign")
    there = client.get(f"/campaigns/{campaign}/figures?by=branch&waits=yes")
    assert (there.headers["HX-Refresh"], "Figures as of" in there.text) == ("true", True)
    page = client.get(f"/campaigns/{campaign}?by=branch").text
    assert ("being counted" in page, "Figures as of" in page, "城南支行" in page) == (False, True, True)
    assert "Figures as of" in client.get("/campaigns").text


def test_a_products_risk_is_taken_by_the_form_and_shown_to_whoever_approves(product, customers, signed_in):
    page = signed_in("marketer").post(
        "/campaigns/new/check", data=FORM | {"more": "product_risk: R3"}, headers={"Accept-Language": "zh-CN"}
    )
    said = [html.unescape(one) for one in re.findall(r"<li.*?>(.*?)</li>", page.text)]
    assert "所推产品为 R3 级投资产品：4 位因风险测评或年龄不予推荐" in said
    client = signed_in("marketer")
    client.post("/campaigns", data={"text": engine.FILE + "product_risk: R3\n"})
    assert "product risk R3" in client.get(f"/campaigns/{the_campaign(product).id}").text
