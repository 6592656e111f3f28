"""Scripts in the console: drawn with counts, read line by line, compared, proposed, approved, taken back, tried."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from threading import Thread

import pytest
from sqlmodel import select

from outreach.campaigns import publication, report_steps
from outreach.clock import Anchor, Clock, machine_now
from outreach.conversations import wording
from outreach.dialogue.rehearsal import Rehearsal
from outreach.model import AuditEntry, Conversation, Customer, ScriptVersion
from outreach.scripts import catalog
from tests.conftest import TUESDAY
from tests.web.console.talks import listed
from tests.web.console.work import READINGS, staged, talk

SCRIPT = "/scripts/card_activation"
OPENING = "card_activation/sms/opening.j2"
FLOW = "card_activation/script.yml"


@pytest.fixture
def shipped(product) -> ScriptVersion:
    product.__dict__["clock"] = Clock.fixed(Anchor(machine_now(), TUESDAY))
    product.__dict__["dialogue"] = Rehearsal(lambda words: READINGS.get(words, "nlu_fallback"))
    with product.sessions.begin() as db:
        version = publication.propose(db, "card_activation", publication.SHIPPED, TUESDAY)
        version.approved_by, version.approved_at = publication.SHIPPED, TUESDAY
        return version


def proposed(product, by: str = "marketer.one", words: str = "您方便时回复，我帮您约时间，带身份证就好。") -> str:
    """A version with other words for one line; its name."""
    files = dict(catalog.files("card_activation")) | {"card_activation/sms/details.j2": words + "\n"}
    with product.sessions.begin() as db:
        return publication.propose_files(db, "card_activation", files, by, TUESDAY).version


def in_use(product) -> ScriptVersion:
    with product.sessions.reading() as db:
        return publication.published(db, "card_activation")


def verbs(product) -> list[tuple[str, str, str]]:
    with product.sessions.reading() as db:
        rows = db.exec(select(AuditEntry).order_by(AuditEntry.id)).all()
        done = [one for one in rows if one.verb.startswith("script_") and not one.verb.endswith("_viewed")]
        return [(one.verb, one.who, one.why) for one in done if one.who != "shipped"]


def test_the_list_says_what_is_in_use_what_waits_and_what_the_check_finds(product, shipped, signed_in):
    proposed(product)
    page = signed_in("reviewer").get("/scripts").text
    assert "信用卡激活邀约" in page
    assert "No. 2 by marketer.one" in page
    assert page.count("nothing wrong") == 1
    assert page.count("never published") == len(catalog.names()) - 1


def test_a_script_is_drawn_with_those_who_came_and_those_who_were_lost(product, signed_in):
    stage = staged(product)
    talk(stage, "方便", "行", "后天上午")
    talk(stage, "不用了", "真不用", phone="+8613800138001")
    listed(product)
    page = signed_in("marketer").get(SCRIPT).text
    stage.sender.close()
    assert "2 got there · 1 lost" in page
    row = re.search(r"<tr>\s*<td><code>introduce</code>.*?</tr>", page, re.DOTALL)[0]
    assert re.findall(r"</small> (\d+%?)</td>", row) == ["2", "2", "0", "1", "50%"]
    assert "the latest 5,000 conversations at most" in page


def test_the_figures_are_those_of_the_latest_conversations_however_many_there_are(product, monkeypatch):
    stage = staged(product)
    talk(stage, "方便", "行", "后天上午")
    stage.later(timedelta(hours=1))
    talk(stage, "不用了", "真不用", phone="+8613800138001")
    stage.sender.close()
    listed(product)
    assert f"LIMIT {report_steps.LATEST}\n" in report_steps.OF_LATEST
    monkeypatch.setattr(report_steps, "OF_LATEST", report_steps.OF_LATEST.replace("LIMIT 5000", "LIMIT 1"))
    with product.sessions.reading() as db:
        version = publication.published(db, "card_activation")
        counted = report_steps.of_latest(db, wording.script_of(db, version.id), version, None)
    assert [(one.step, one.reached, one.lost) for one in counted] == [("introduce", 1, 1)]


def test_the_whole_flow_has_more_stations_than_the_folded_one(shipped, signed_in):
    client = signed_in("marketer")
    assert client.get(SCRIPT).text.count('class="station') < client.get(f"{SCRIPT}?whole=true").text.count(
        'class="station'
    )


def test_every_line_is_read_on_every_channel(shipped, signed_in):
    page = signed_in("compliance").get(f"{SCRIPT}/lines").text
    assert "王女士您好，我是" in page
    assert "尾号6612" in page
    assert "card_activation/voice/opening.j2" in page


def test_one_proposes_another_approves_and_both_are_in_the_audit(product, shipped, signed_in):
    version = proposed(product)
    address = f"{SCRIPT}/versions/{version}"
    page = signed_in("marketer").get(address).text
    assert "<ins>您方便时回复，我帮您约时间，带身份证就好。</ins>" in page
    assert "Approve and publish" not in page
    assert signed_in("marketer").post(f"{address}/approval").status_code == 403
    assert signed_in("compliance").post(f"{address}/approval").status_code == 303
    assert in_use(product).version == version
    assert verbs(product) == [("script_proposed", "marketer.one", ""), ("script_approved", "compliance.one", "")]


def test_nobody_approves_their_own(product, shipped, signed_in):
    version = proposed(product, by="compliance.one")
    answer = signed_in("compliance").post(f"{SCRIPT}/versions/{version}/approval")
    assert answer.status_code == 409
    assert "You proposed this version yourself" in answer.text
    assert in_use(product).number == 1


def test_of_two_who_approve_at_once_the_second_is_told(product, shipped, signed_in):
    version = proposed(product)
    clients = [signed_in("compliance"), signed_in("compliance", login="compliance.two")]
    for one in clients:  # each builds its console when first asked
        assert one.get("/account").status_code == 200
    answers = []
    both = [
        Thread(target=lambda one=one: answers.append(one.post(f"{SCRIPT}/versions/{version}/approval")))
        for one in clients
    ]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert sorted(answer.status_code for answer in answers) == [303, 409]
    assert "approved this version meanwhile" in next(one.text for one in answers if one.status_code == 409)
    assert len([verb for verb, _, _ in verbs(product) if verb == "script_approved"]) == 1


def test_a_version_is_sent_back_with_why_and_the_same_words_are_not_proposed_again(product, shipped, signed_in):
    version = proposed(product)
    judge = signed_in("compliance")
    assert judge.post(f"{SCRIPT}/versions/{version}/rejection", data={"why": "太随便"}).status_code == 303
    assert "太随便" in judge.get(SCRIPT).text
    assert "waits for approval" not in judge.get(SCRIPT).text
    assert judge.post(f"{SCRIPT}/versions/{version}/approval").status_code == 409
    with pytest.raises(publication.NotPublished, match="太随便"):
        proposed(product)


def test_an_earlier_version_comes_back_into_use(product, shipped, signed_in):
    version = proposed(product)
    judge = signed_in("compliance")
    judge.post(f"{SCRIPT}/versions/{version}/approval")
    address = f"{SCRIPT}/versions/{shipped.version}/restoration"
    assert judge.post(address).status_code == 422
    assert judge.post(address, data={"why": "客户听不懂"}).status_code == 303
    assert in_use(product).version == shipped.version
    again = judge.post(address, data={"why": "客户听不懂"})
    assert (again.status_code, "in use already" in again.text) == (409, True)
    assert verbs(product)[-1] == ("script_restored", "compliance.one", "客户听不懂")


def test_what_the_check_refuses_is_named_and_never_approved(product, shipped, signed_in):
    version = proposed(product, words="本产品保本保收益，绝对安全。")
    judge = signed_in("compliance")
    page = judge.get(f"{SCRIPT}/versions/{version}").text
    assert "card_activation/sms/details.j2:1" in page
    assert "Approve and publish" not in page
    assert judge.post(f"{SCRIPT}/versions/{version}/approval").status_code == 409
    assert in_use(product).number == 1


def test_a_version_whose_files_are_gone_is_shown_and_can_do_nothing(product, shipped, signed_in):
    with product.sessions.begin() as db:
        db.add(
            ScriptVersion(
                script="card_activation",
                version="0123456789ab",
                number=2,
                source={},
                proposed_by="x",
                proposed_at=TUESDAY,
            )
        )
    judge = signed_in("compliance")
    for path in ("?version=0123456789ab", "/lines?version=0123456789ab", "/versions/0123456789ab"):
        page = judge.get(SCRIPT + path)
        assert page.status_code == 200, path
        assert "does not exist" in page.text, path
    assert "cannot be tried" in judge.get(f"{SCRIPT}/trial?version=0123456789ab").text
    assert "cannot be read" in signed_in("marketer").get(f"{SCRIPT}/draft?version=0123456789ab").text
    assert judge.post(f"{SCRIPT}/versions/0123456789ab/approval").status_code == 409


@pytest.mark.parametrize(
    "path",
    [
        "/scripts/no_such_script", "/scripts/..%2F..%2Fetc", f"{SCRIPT}?version=ffffffffffff", f"{SCRIPT}/versions/ffffffffffff",
        f"{SCRIPT}?campaign=nobody", f"{SCRIPT}/trial?version=ffffffffffff", f"{SCRIPT}/trial?channel=fax",
        f"{SCRIPT}/trial?variant=z", f"{SCRIPT}/lines?version=ffffffffffff", "/scripts/no_such_script/trial",
    ],
)  # fmt: skip
def test_what_there_is_not_is_not_there(shipped, signed_in, path):
    assert signed_in("compliance").get(path).status_code == 404


def test_the_shipped_folder_is_proposed_where_it_is_not_what_is_in_use(product, shipped, signed_in):
    client, judge = signed_in("marketer"), signed_in("compliance")
    assert "Propose the shipped folder" not in client.get(SCRIPT).text
    version = proposed(product)
    judge.post(f"{SCRIPT}/versions/{version}/approval")
    assert "Propose the shipped folder" in client.get(SCRIPT).text
    answer = client.post(f"{SCRIPT}/proposal")
    assert answer.headers["location"] == f"{SCRIPT}/versions/{shipped.version}?done=version_known"


def draft(client, act: str, *texts: tuple[str, str], version: str = ""):
    fields = {"version": version, "act": act, "path": [path for path, _ in texts], "text": [text for _, text in texts]}
    return client.post(f"{SCRIPT}/draft", data=fields)


def test_words_are_changed_checked_and_proposed(product, shipped, signed_in):
    client = signed_in("marketer")
    page = client.get(f"{SCRIPT}/draft?path={OPENING}").text
    now = html.unescape(re.search(r'<textarea class="file".*?>(.*?)</textarea>', page, re.DOTALL)[1])
    assert now.startswith("{{ customer.surname }}")
    changed = now.replace("现在方便吗", "您现在方便聊两句吗")
    checked = draft(client, "check", (OPENING, changed))
    assert checked.status_code == 200
    assert "您现在方便聊两句吗？拒收请回复R" in checked.text
    answer = draft(client, "propose", (OPENING, changed.replace("\n", "\r\n")))
    assert answer.status_code == 303
    with product.sessions.reading() as db:
        made = publication.waiting(db, "card_activation")[0]
        assert made.source[OPENING] == changed.strip() + "\n"
        assert {path for path in made.source if made.source[path] != shipped.source[path]} == {OPENING}
    assert verbs(product) == [("script_proposed", "marketer.one", "")]


def test_a_flow_is_changed_and_its_new_line_worded(product, shipped, signed_in):
    client = signed_in("marketer")
    page = client.get(f"{SCRIPT}/draft?path={FLOW}").text
    flow = html.unescape(re.search(r'<textarea class="file".*?>(.*?)</textarea>', page, re.DOTALL)[1])
    changed = flow.replace("      ask_offer: benefits\n", "      ask_offer: gifts\n").replace(
        "  benefits:\n",
        "  gifts:\n    say: gifts\n    asks: yes_no\n    replies:\n      affirm: ask_time\n  benefits:\n",
        1,
    )
    checked = draft(client, "propose", (FLOW, changed))
    assert checked.status_code == 422
    assert "sms has no wording for gifts" in checked.text
    assert '<option value="card_activation/sms/gifts.j2"' in checked.text
    words = ("card_activation/sms/gifts.j2", "来就送{{ offer.gift }}，您看方便吗？")
    answer = draft(client, "propose", (FLOW, changed), words)
    assert answer.status_code == 303, answer.text
    with product.sessions.reading() as db:
        made = publication.waiting(db, "card_activation")[0]
        before = publication.published(db, "card_activation").source
        assert {path for path in made.source if made.source[path] != before.get(path)} == {FLOW, words[0]}
    assert "gifts" in client.get(f"{SCRIPT}?version={made.version}").text


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("ask_offer: benefits", "ask_offre: benefits", "ask_offre is not an intent"),
        ("ask_offer: benefits", "ask_offer: nowhere", "leads to nowhere, which does not exist"),
        ("opening: {sms: introduce", "opening: {sms: nowhere", "names the step nowhere, which does not exist"),
        ("channels: [sms, voice]", "channels: [sms, fax]", "fax is not a channel"),
        ("script: card_activation", "script: another", "is not the name of the folder"),
        ("goal: [visit_booked, agreed]", "goal: [visit_booked", "cannot be read"),
        ("opening: {sms: introduce, voice: identify}\n", "", "is missing"),
    ],
)
def test_a_flow_that_cannot_be_used_is_refused_with_its_line(product, shipped, signed_in, old, new, said):
    changed = shipped.source[FLOW].replace(old, new)
    answer = draft(signed_in("marketer"), "propose", (FLOW, changed))
    assert answer.status_code == 422
    assert said in html.unescape(answer.text)
    assert re.search(rf"<code>{FLOW}:\d+</code>", answer.text)
    with product.sessions.reading() as db:
        assert publication.waiting(db, "card_activation") == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("{{ customer.surname }}您好，无风险，保本保收益。拒收请回复R", OPENING),
        ("{{ customer.surname }}您好", "拒收请回复R"),
        ("{{ customer.salary }}您好。拒收请回复R", "customer.salary"),
        ("{% for one in customer %}{{ one }}{% endfor %}", "is not allowed"),
        ("{{ customer.", OPENING),
        ("", "says nothing"),
        ("您好。" * 2000 + "拒收请回复R", "segments"),
    ],
)
def test_words_that_must_not_be_said_are_refused_with_their_file(product, shipped, signed_in, words, said):
    client = signed_in("marketer")
    answer = draft(client, "propose", (OPENING, words))
    assert answer.status_code == 422
    assert said in answer.text
    assert len(verbs(product)) == 0


def test_what_the_check_refuses_is_said_in_chinese_too(shipped, signed_in):
    client = signed_in("marketer")
    client.headers["Accept-Language"] = "zh-CN"
    page = draft(client, "check", (OPENING, "{{ customer.surname }}您好，保本保收益。" + "好" * 200)).text
    assert "没有以拒收方式结尾 (拒收请回复R)" in page
    assert "条短信 (连同签名最多 2 条)" in page
    assert "不得有承诺或绝对化用语" in page


def test_only_files_of_the_script_itself_are_changed(shipped, signed_in):
    client = signed_in("marketer")
    for path in (
        "card_activation/other.yml",
        "_shared/replies.yml",
        "_shared/sms/goodbye.j2",
        "../etc/passwd",
        "dual_card_binding/sms/opening.j2",
    ):
        assert draft(client, "propose", (path, "x")).status_code == 404
        assert client.get(f"{SCRIPT}/draft", params={"path": path}).status_code == 404


def test_a_shared_line_is_changed_for_this_script_alone(product, shipped, signed_in):
    path = "card_activation/sms/goodbye.j2"
    assert draft(signed_in("marketer"), "propose", (path, "祝您生活愉快，再见。")).status_code == 303
    with product.sessions.reading() as db:
        made = publication.waiting(db, "card_activation")[0].source
    assert made["_shared/sms/goodbye.j2"] == shipped.source["_shared/sms/goodbye.j2"]
    assert made[path] == "祝您生活愉快，再见。\n"


def test_what_was_not_changed_is_not_proposed(product, shipped, signed_in):
    answer = draft(signed_in("marketer"), "propose", (OPENING, shipped.source[OPENING]))
    assert (answer.status_code, "Nothing was changed" in answer.text) == (409, True)


def carried(page: str) -> str:
    return html.unescape(re.search(r'name="talk" value="(.*?)"', page)[1])


def say(client, page, words: str, **fields):
    return client.post(f"{SCRIPT}/trial", data={"talk": carried(page.text), "said": words, **fields})


def test_a_script_is_tried_and_nothing_of_it_is_kept_but_that_it_was(product, shipped, signed_in):
    client = signed_in("reviewer")
    page = client.get(f"{SCRIPT}/trial")
    for words in ("方便", "行", "后天上午"):
        page = say(client, page, words)
    assert page.status_code == 200
    assert "visit booked" in page.text
    assert "2026-11-26" in page.text or "后天" in page.text
    with product.sessions.reading() as db:
        assert db.exec(select(Conversation)).all() == db.exec(select(Customer)).all() == []
    assert verbs(product) == [("script_tried", "reviewer.one", "")] * 4


def test_a_proposed_version_is_tried_before_it_is_approved(product, shipped, signed_in):
    version = proposed(product)
    assert "No. 2" in signed_in("compliance").get(f"{SCRIPT}/trial?version={version}&channel=voice").text


def test_a_bot_that_is_down_keeps_what_was_typed(product, shipped, signed_in):
    client = signed_in("marketer")
    page = client.get(f"{SCRIPT}/trial")
    product.dialogue.down = True
    answer = say(client, page, "我想问问额度")
    assert answer.status_code == 503
    assert "The bot does not answer now" in answer.text
    assert "我想问问额度</textarea>" in answer.text
    assert carried(answer.text) == carried(page.text)


def test_markup_and_ten_thousand_characters_are_only_words(product, shipped, signed_in):
    client = signed_in("marketer")
    page = say(client, client.get(f"{SCRIPT}/trial"), "<script>alert(1)</script>")
    assert "<script>alert" not in page.text
    assert "&lt;script&gt;alert(1)" in page.text
    page = say(client, page, "好" * 10_000)
    assert page.status_code == 200
    assert "and 9400 characters more" in page.text


@pytest.mark.parametrize("talk_so_far", ["", "{}", "no json", '{"version": "x", "channel": "fax"}'])
def test_a_talk_that_cannot_be_read_begins_anew_with_what_was_typed(shipped, signed_in, talk_so_far):
    answer = signed_in("marketer").post(f"{SCRIPT}/trial", data={"talk": talk_so_far, "said": "方便"})
    assert answer.status_code == 409
    assert "方便</textarea>" in answer.text


def test_an_expired_session_in_the_middle_of_a_trial_loses_nothing(product, shipped, signed_in, visitor):
    page = signed_in("marketer").get(f"{SCRIPT}/trial")
    answer = say(visitor, page, "我下午有空")
    assert answer.status_code == 401
    assert "我下午有空" in answer.text
    assert html.unescape(re.search(r'type="hidden" name="talk" value="(.*?)"', answer.text)[1]) == carried(page.text)
