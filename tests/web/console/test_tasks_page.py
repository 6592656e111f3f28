"""Tasks: the overdue first, each somebody's, finished with a result that goes back into the outcome."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import select

from outreach.model import AuditEntry, Conversation, OutcomeCorrection, Role, StaffTask, TaskKind, TaskResult, TaskState
from tests.conftest import TUESDAY
from tests.web.console.conftest import a_branch
from tests.web.console.forms import sent_again
from tests.web.console.work import staged, talk, the_task


@pytest.fixture
def stage(product):
    built = staged(product)
    yield built
    built.sender.close()


def tasks_due(product, *hours: int, **fields) -> None:
    with product.sessions.begin() as db:
        for ahead in hours:
            due = TUESDAY + timedelta(hours=ahead)
            db.add(
                StaffTask(
                    **{"kind": TaskKind.UNSENT, "note": f"due {ahead}", "due_at": due, "created_at": TUESDAY, **fields}
                )
            )


def test_the_most_overdue_task_is_first(product, stage, signed_in):
    tasks_due(product, 5, -3, -1)
    tasks_due(product, 0, due_at=None, note="whenever")
    page = signed_in("agent").get("/tasks").text
    assert [page.index(said) for said in ("due -3", "due -1", "due 5", "whenever")] == sorted(
        page.index(said) for said in ("due -3", "due -1", "due 5", "whenever")
    )
    assert "4 open, 2 overdue" in page


def test_the_next_page_goes_on_where_this_one_ends(product, stage, signed_in):
    tasks_due(product, *range(60))
    client = signed_in("agent")
    first = client.get("/tasks").text
    second = client.get("/tasks" + first.split('href="/tasks?after=')[1].split('"')[0].join(["?after=", ""])).text
    assert "due 49<" in first
    assert "due 50<" not in first
    assert "due 50<" in second
    assert "due 49<" not in second


def test_staff_of_a_branch_see_only_its_customers_tasks(product, stage, signed_in):
    hers = talk(stage, "转人工")
    task = the_task(product, TaskKind.HANDOVER, hers)
    elsewhere = signed_in("agent", login="agent.north", branch_id=a_branch(product, "城北支行"))
    assert "王芳" in signed_in("branch_manager").get("/tasks").text
    assert "王芳" not in elsewhere.get("/tasks").text
    assert elsewhere.get(f"/tasks/{task.id}").status_code == 404
    assert elsewhere.post(f"/tasks/{task.id}/take", data={"revision": 0}).status_code == 404


def test_filters_leave_out_other_kinds_and_owners(product, stage, signed_in):
    tasks_due(product, 1, kind=TaskKind.UNSENT, owner="agent.one")
    tasks_due(product, 2, kind=TaskKind.TOO_MANY)
    client = signed_in("agent")
    assert "due 2" not in client.get("/tasks", params={"kind": "unsent"}).text
    assert "due 2" not in client.get("/tasks", params={"owner": "agent.one"}).text
    assert "due 1" not in client.get("/tasks", params={"owner": "-"}).text
    assert "No task matches" in client.get("/tasks", params={"kind": "complaint"}).text


def test_a_task_is_taken_put_off_and_given_back(product, stage, signed_in):
    talk(stage, "转人工")
    client, task = signed_in("agent"), the_task(product, TaskKind.HANDOVER)
    client.post(f"/tasks/{task.id}/take", data={"revision": 0})
    assert the_task(product, TaskKind.HANDOVER).owner == "agent.one"
    client.post(f"/tasks/{task.id}/put-off", data={"revision": 1, "due": "2026-11-26T15:00", "why": "在开会"})
    put_off = the_task(product, TaskKind.HANDOVER)
    assert put_off.due_at.isoformat() == "2026-11-26T07:00:00+00:00"
    client.post(f"/tasks/{task.id}/give-back", data={"revision": 2})
    assert the_task(product, TaskKind.HANDOVER).owner is None
    with product.sessions.reading() as db:
        verbs = list(db.exec(select(AuditEntry.verb).where(AuditEntry.what == task.id).order_by(AuditEntry.id)))
    assert verbs == ["task_taken", "task_put_off", "task_given_back"]


@pytest.mark.parametrize(
    "due", ["0001-01-01T00:00", "2020-01-01T00:00", "2026-11-24T09:00", "2027-12-01T09:00", "9999-12-31T23:59"]
)
def test_a_task_is_not_put_off_into_the_past_or_beyond_a_year(product, stage, signed_in, due):
    talk(stage, "转人工")
    client, task = signed_in("agent"), the_task(product, TaskKind.HANDOVER)
    answer = client.post(f"/tasks/{task.id}/put-off", data={"revision": 0, "due": due, "why": "words that stay"})
    assert (answer.status_code, "words that stay" in answer.text) == (422, True)
    assert the_task(product, TaskKind.HANDOVER).due_at == task.due_at
    assert [client.get(path).status_code for path in ("/tasks", "/tasks.csv", f"/tasks/{task.id}")] == [200] * 3


def test_a_result_goes_back_into_the_outcome_and_the_old_one_is_kept(product, stage, signed_in):
    conversation = talk(stage, "我早就激活了")
    task = the_task(product, TaskKind.CLAIM_CHECK)
    done = {"revision": 0, "result": "settled", "note": "没有激活，她说会来", "outcome": "considering"}
    answer = signed_in("agent").post(f"/tasks/{task.id}/finish", data=done)
    assert answer.headers["location"].endswith("done=finished")
    finished = the_task(product, TaskKind.CLAIM_CHECK)
    assert (finished.state, finished.result, finished.done_by) == (TaskState.DONE, TaskResult.SETTLED, "agent.one")
    with product.sessions.reading() as db:
        assert db.get_one(Conversation, conversation).outcome == "considering"
        kept = db.exec(select(OutcomeCorrection)).one()
    assert (kept.before, kept.after, kept.by, kept.why) == ("already_done", "considering", "agent.one", done["note"])


def test_an_outcome_that_does_not_exist_finishes_nothing(product, stage, signed_in):
    talk(stage, "我早就激活了")
    task = the_task(product, TaskKind.CLAIM_CHECK)
    done = {"revision": 0, "result": "settled", "note": "words that stay", "outcome": "happy"}
    answer = signed_in("agent").post(f"/tasks/{task.id}/finish", data=done)
    assert answer.status_code == 422
    assert "words that stay" in answer.text
    assert the_task(product, TaskKind.CLAIM_CHECK).state is TaskState.OPEN


def test_whoever_saves_second_is_told_by_whom_and_loses_nothing(product, stage, signed_in):
    talk(stage, "转人工")
    task = the_task(product, TaskKind.HANDOVER)
    signed_in("agent").post(f"/tasks/{task.id}/take", data={"revision": 0})
    late = signed_in("compliance").post(
        f"/tasks/{task.id}/finish", data={"revision": 0, "result": "settled", "note": "a long note <b>"}
    )
    assert late.status_code == 409
    assert "agent.one saved this meanwhile" in late.text
    assert "a long note &lt;b&gt;" in late.text
    assert the_task(product, TaskKind.HANDOVER).owner == "agent.one"


def test_who_has_seen_what_another_did_with_a_task_goes_on(product, stage, signed_in):
    talk(stage, "转人工")
    task, late = the_task(product, TaskKind.HANDOVER), signed_in("compliance")
    signed_in("agent").post(f"/tasks/{task.id}/take", data={"revision": 0})
    told = late.post(f"/tasks/{task.id}/finish", data={"revision": 0, "result": "settled", "note": "she was reached"})
    assert sent_again(late, told).status_code == 303
    assert the_task(product, TaskKind.HANDOVER).done_by == "compliance.one"


def test_a_task_that_another_finished_leaves_nothing_to_send(product, stage, signed_in):
    talk(stage, "转人工")
    task = the_task(product, TaskKind.HANDOVER)
    done = {"revision": 0, "result": "settled", "note": "she was reached"}
    signed_in("agent").post(f"/tasks/{task.id}/finish", data=done)
    told = signed_in("compliance").post(f"/tasks/{task.id}/finish", data={**done, "note": "words that stay"})
    assert (told.status_code, "words that stay" in told.text, "Send once more" in told.text) == (409, True, False)
    assert "agent.one was faster" in told.text


def test_the_number_is_masked_until_somebody_says_why(product, stage, signed_in):
    talk(stage, "转人工")
    task, client = the_task(product, TaskKind.HANDOVER), signed_in("agent")
    page = client.get(f"/tasks/{task.id}").text
    assert "138****8000" in page
    assert "13800138000" not in page
    assert client.post(f"/tasks/{task.id}/number", data={"why": ""}).status_code == 422
    assert "13800138000" in client.post(f"/tasks/{task.id}/number", data={"why": "to call her back"}).text
    with product.sessions.reading() as db:
        entry = db.exec(select(AuditEntry).where(AuditEntry.verb == "number_shown")).one()
    assert (entry.who, entry.why) == ("agent.one", "to call her back")
    assert "138" not in str(entry.details)


def test_script_in_every_field_is_only_text(product, stage, signed_in):
    tasks_due(product, 1, note="<script>alert(1)</script>", owner="<script>2</script>")
    page = signed_in("agent").get("/tasks").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.MARKETER, Role.ADMIN])
def test_other_roles_do_no_tasks(product, signed_in, role):
    assert signed_in(role).get("/tasks").status_code == 403
