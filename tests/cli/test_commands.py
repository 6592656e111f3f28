"""Commands as tools run them: exit codes, JSON and nothing else, and what to do next."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from datetime import timedelta
from uuid import uuid4

import psycopg
import pytest
import typer
from sqlmodel import select

from outreach.campaigns import publication
from outreach.cli import clock, person, store
from outreach.cli.contents import COMMANDS
from outreach.cli.entry import loaded
from outreach.cli.output import Stop
from outreach.clock import local, machine_now
from outreach.documents import Refused
from outreach.model import Suppression
from outreach.model.database import plain_url
from outreach.places import ROOT


@pytest.fixture
def outreach(database_url, tmp_path):
    """Run a command on an empty store."""

    def run(
        *words: str, url: str = database_url, carrier: str = "http://127.0.0.1:9"
    ) -> subprocess.CompletedProcess[str]:
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("OUTREACH_", "TWILIO_"))}
        environment = {**kept, "DATABASE_URL": url, "OUTREACH_DATA_DIR": str(tmp_path), "TWILIO_API_BASE": carrier}
        environment["TWILIO_AUTH_TOKEN"] = "x" * 32
        command = [sys.executable, "-m", "outreach", *words]
        return subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False
        )

    return run


CONTACT = ("contact", "--phone", "+8613800138000", "--script", "card_activation", "--channel", "sms", "--json")


def test_contact_without_a_worker_exits_3_and_says_how_to_start_one(outreach):
    ran = outreach(*CONTACT)
    assert ran.returncode == 3
    assert "outreach up" in ran.stderr


def test_an_older_schema_is_refused_with_the_command_that_mends_it(outreach, server):
    name = f"empty_{uuid4().hex[:8]}"
    with psycopg.connect(plain_url(server), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    url = plain_url(server).replace("/outreach", f"/{name}", 1)
    assert "outreach database migrate" in outreach("tasks", url=url).stderr
    assert outreach("database", "migrate", url=url).returncode == 0
    assert outreach("tasks", "--json", url=url).stdout.strip() == "[]"
    with psycopg.connect(plain_url(server), autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def test_a_database_that_is_away_is_one_sentence(outreach):
    ran = outreach("tasks", url="postgresql://nobody@127.0.0.1:1/none")
    assert ran.returncode == 2
    assert "Traceback" not in ran.stderr


def test_an_import_prints_json_and_nothing_else(outreach, tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("姓名,手机号,发卡日\n王芳,13800138000,2026-01-05\n李强,12,\n", encoding="utf-8")
    said = json.loads(outreach("customers", "import", str(path), "--json").stdout)
    assert (said["stored"], said["unchanged"]) == (1, 0)
    assert set(said["refused"][0]) == {"line", "field", "value", "problem", "fix"}
    assert (tmp_path / "list.csv.refused.csv").exists()


def test_a_customer_can_be_shown_exported_and_erased_and_the_stop_outlives_them(outreach, tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("客户号,姓名,手机号\nC1,王芳,13800138000\n", encoding="utf-8")
    outreach("customers", "import", str(path))
    outreach("suppressions", "add", "13800138000", "--by", "A", "--why", "asked")
    shown = outreach("customers", "show", "C1", "--json").stdout
    assert "13800138000" not in shown
    assert "+8613800138000" in outreach("customers", "export", "C1", "--by", "A").stdout
    assert outreach("customers", "erase", "C1", "--by", "A", "--why", "asked").returncode == 0
    assert "王芳" not in outreach("customers", "show", "C1", "--json").stdout
    assert len(json.loads(outreach("suppressions", "list", "--json").stdout)) == 1


def test_corrections_are_exported_as_examples(outreach, tmp_path):
    nobody = "01930000-0000-7000-8000-000000000000"
    refused = outreach("nlu", "corrections", "add", nobody, "affirm", "--by", "A")
    assert (refused.returncode, "no customer's message" in refused.stderr) == (2, True)
    assert outreach("nlu", "corrections", "list", "--json").stdout.strip() == "[]"
    out = tmp_path / "corrections.yml"
    assert "no message was corrected yet" in outreach("nlu", "corrections", "export", "--out", str(out)).stderr
    assert not out.exists()


def test_facts_are_imported_and_an_empty_store_has_an_empty_report(outreach, tmp_path):
    path = tmp_path / "facts.json"
    path.write_text('{"id": "C1", "fact": "login", "date": "2026-11-20"}', encoding="utf-8")
    said = json.loads(outreach("facts", "import", str(path), "--json").stdout)
    assert (said["stored"], said["refused"][0]["field"]) == (0, "客户号")
    assert json.loads(outreach("campaign", "report", "--by", "branch", "--json").stdout)["parts"] == []
    assert "no campaign 'x'" in outreach("campaign", "report", "x").stderr
    assert "no campaign 'x'" in outreach("targets", "set", "x", "--visits", "3", "--by", "A").stderr
    assert json.loads(outreach("managers", "assign", "--json").stdout) == {"branches": [], "applied": None}
    assert "--by" in outreach("managers", "assign", "--apply").stderr


def test_a_stop_is_listed_lifted_and_kept(outreach, tmp_path):
    (tmp_path / "l.txt").write_text("13800138000\nnonsense\n", encoding="utf-8")
    said = json.loads(outreach("suppressions", "import", str(tmp_path / "l.txt"), "--by", "A", "--json").stdout)
    assert (said["added"], len(said["refused"])) == (1, 1)
    assert outreach("suppressions", "lift", "13800138000", "--by", "B", "--why", "wrong list").returncode == 0
    kept = json.loads(outreach("suppressions", "list", "--lifted", "--json").stdout)
    assert kept[0]["lifted_by"] == "B"


def test_sending_can_be_stopped_and_started(outreach):
    assert outreach("stop", "--all", "--by", "A").returncode == 0
    assert "already" in outreach("stop", "--all", "--by", "A").stdout
    (stop,) = json.loads(outreach("stops", "--json").stdout)
    assert (stop["scope"], stop["of"], stop["by"]) == ("all", None, "A")
    assert "sending: stopped: all" in outreach("doctor").stdout
    assert outreach("start", "--all", "--by", "A").returncode == 0
    assert "nothing is stopped" in outreach("stops").stdout
    assert outreach("start", "--all", "--by", "A").returncode == 2
    assert outreach("stop", "--by", "A").returncode == 2


def test_a_stop_names_a_carrier_that_there_is(outreach):
    with pytest.raises(typer.BadParameter, match="'local', 'twilio'"):
        loaded("stop").main(["--carrier", "foo", "--by", "A"], standalone_mode=False)
    assert outreach("stop", "--carrier", "Twilio", "--by", "A").returncode == 0
    (stop,) = json.loads(outreach("stops", "--json").stdout)
    assert (stop["scope"], stop["of"]) == ("carrier", "twilio")
    assert outreach("start", "--carrier", "twilio", "--by", "A").returncode == 0


@pytest.mark.parametrize("by", ["", "  ", "\u3000", "a\u200bb", "x" * 81])
def test_what_somebody_answers_for_has_a_name(by):
    with pytest.raises(typer.BadParameter, match="name"):
        loaded("campaign").main(["pause", "x", "--by", by], standalone_mode=False)


def test_a_target_is_no_more_than_the_store_can_count():
    with pytest.raises(typer.BadParameter, match="100000000"):
        loaded("targets").main(["set", "x", "--by", "A", "--visits", "99999999999999"], standalone_mode=False)


def test_every_command_that_asks_who_takes_the_same_names():
    asking = {where: option for where, option in _options() if "--by" in option.opts and where != "campaign report"}
    assert {"stop", "campaign approve", "managers assign", "scripts approve", "backup"} <= asking.keys()
    assert [where for where, option in asking.items() if option.help != person.BY.help] == []


def _options():
    for name in COMMANDS:
        stack = [(name, loaded(name))]
        while stack:
            where, command = stack.pop()
            yield from ((where, option) for option in command.params)
            stack += [(f"{where} {sub}", one) for sub, one in getattr(command, "commands", {}).items()]


def test_a_list_of_stops_is_read_as_a_spreadsheet_writes_it(stage, tmp_path, monkeypatch):
    monkeypatch.setattr(store, "opened", lambda: stage)
    suppressions_import = loaded("suppressions")
    (tmp_path / "l.csv").write_bytes("手机号,备注\r\n13800138000,张女士\r\n13800138001\r\n".encode("gb18030"))
    suppressions_import.main(["import", str(tmp_path / "l.csv"), "--by", "A"], standalone_mode=False)
    with stage.sessions.reading() as db:
        assert len(db.exec(select(Suppression)).all()) == 2
    (tmp_path / "l.csv").write_text("13800138002\n" + "x" * 200_000, encoding="utf-8")
    with pytest.raises(Refused, match=r"l\.csv:2: line: cannot be read"):
        suppressions_import.main(["import", str(tmp_path / "l.csv"), "--by", "A"], standalone_mode=False)
    with stage.sessions.reading() as db:
        assert len(db.exec(select(Suppression)).all()) == 2


def test_a_file_that_cannot_be_written_is_one_sentence(outreach, tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("客户号,姓名,手机号\nC1,王芳,13800138000\n", encoding="utf-8")
    outreach("customers", "import", str(path))
    ran = outreach("customers", "export", "C1", "--by", "A", "--out", str(tmp_path / "no" / "x.json"))
    assert (ran.returncode, "x.json: No such file or directory" in ran.stderr, "Traceback" in ran.stderr) == (
        2,
        True,
        False,
    )


@pytest.mark.parametrize("instant", ["0001-01-01T00:00:00+08:00", "9999-12-31T23:59:59-08:00"])
def test_the_clock_is_not_set_to_the_ends_of_time(instant):
    with pytest.raises(Stop, match="is not a time from 2000 to 2099"):
        clock._instant(instant)


def test_the_clock_cannot_be_moved_with_a_real_carrier(outreach):
    ran = outreach("clock", "set", "2026-11-24T09:30:00+08:00", carrier="https://api.twilio.com")
    assert ran.returncode == 2
    assert "on this machine" in ran.stderr


def test_a_process_that_dies_is_started_again(tmp_path):
    marks = tmp_path / "marks"
    script = f"open({str(marks)!r}, 'a').write('x'); import sys; sys.exit(1)"
    keeper = subprocess.Popen(
        [sys.executable, "-m", "outreach.cli.keep", sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.DEVNULL
    )
    try:
        for _ in range(100):
            if marks.exists() and len(marks.read_text()) >= 2:
                break
            time.sleep(0.1)
        assert len(marks.read_text()) >= 2
    finally:
        keeper.terminate()
        assert keeper.wait(timeout=10) == 0


def test_a_campaign_is_checked_proposed_by_one_and_approved_by_another(outreach, sessions, tmp_path):
    with sessions.begin() as db:
        publication.publish_shipped(db, machine_now())
    today = local(machine_now()).date()
    text = (
        "name: trial\nscript: dormant_reactivation\nsegment: dormant_customers\nchannels: [voice, sms]\n"
        f"start: {today}\nend: {today + timedelta(days=9)}\noffer: {{gift: 一份小礼品}}\nretry: {{no_answer: {{after: 4h}}}}\n"
    )
    file = tmp_path / "trial.yml"
    file.write_text(text, encoding="utf-8")
    assert "would be contacted" in outreach("campaign", "check", str(file)).stdout
    assert outreach("campaign", "propose", str(file), "--by", "小王").returncode == 0
    refused = outreach("campaign", "approve", "trial", "--by", "小王")
    assert (refused.returncode, "somebody else" in refused.stderr) == (2, True)
    assert outreach("campaign", "approve", "trial", "--by", "小李").returncode == 0
    assert json.loads(outreach("campaign", "upcoming", "trial", "--json").stdout) == {"counts": [], "next": []}
    assert "trial is paused" in outreach("campaign", "pause", "trial", "--by", "小王").stdout
    file.write_text(text.replace("no_answer", "refused"), encoding="utf-8")
    bad = outreach("campaign", "check", str(file))
    assert bad.returncode == 2
    assert "trial.yml:8: retry.refused: nobody is tried again after refused" in bad.stderr.replace("\n", "")


def test_staff_are_let_in_by_a_link_and_put_out_and_the_audit_tells(outreach):
    added = outreach("staff", "add", "Wang.Fang", "--role", "reviewer", "--by", "A")
    assert "http://127.0.0.1:8001/welcome/" in added.stdout
    again = outreach("staff", "add", "wang.fang", "--role", "agent", "--by", "A")
    assert (again.returncode, "wang.fang is taken" in again.stderr) == (2, True)
    assert outreach("staff", "disable", "wang.fang", "--by", "A", "--why", "left").returncode == 0
    (listed,) = json.loads(outreach("staff", "list", "--json").stdout)
    assert (listed["login"], listed["role"], listed["disabled_at"] is None) == ("wang.fang", "reviewer", False)
    verdict = json.loads(outreach("audit", "verify", "--json").stdout)
    assert (verdict["entries"], verdict["broken_at"]) == (2, None)
    assert outreach("audit", "verify", "--expect", "0" * 64).returncode == 1
