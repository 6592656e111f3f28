"""A backup brought back an hour later: the carrier is asked what was sent, called and heard since, and nothing goes twice."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text, update
from sqlmodel import col, select

from outreach.campaigns import open as opening
from outreach.campaigns.reconcile import reconcile
from outreach.carrier.port import NotAnswered
from outreach.cli.stage import OUR_NUMBER
from outreach.clock import machine_now
from outreach.conversations import lost_texts
from outreach.model import Attempt, Call, Conversation, Message, StaffTask, backup, migrate, schema
from outreach.model.backup import NotCopied
from outreach.model.schema import StoreAside
from outreach.rules.delivery import AttemptState, MessageState
from tests.campaigns.engine import FILE, FIRST, Engine
from tests.conftest import TUESDAY
from tests.faults.test_lost_texts import sends


@pytest.fixture
def stage(stage):
    """The list has been asked for before."""
    lost_texts.fetch(stage.sessions, stage.carrier, stage.clock, stage.house, stage.sealer, OUR_NUMBER)
    return stage


@pytest.fixture
def engine(stage, tmp_path):
    built = Engine(stage, tmp_path)
    built.load(12)
    return built


def bring_back(stage, database_url: str, path: Path) -> None:
    stage.sessions.engine.dispose()
    backup.load(database_url, path)


def ask(stage, since):
    return reconcile(stage.sessions, stage.carrier, stage.clock, stage.house, stage.sealer, OUR_NUMBER, since)


def test_openings_sent_after_the_backup_are_not_sent_again(stage, engine, database_url, tmp_path):
    engine.launch()
    with stage.sessions.begin() as db:  # a third is queued when the backup is made
        db.execute(update(Attempt).values(due_at=TUESDAY + timedelta(minutes=5)))
        some = db.exec(select(Attempt.id).limit(4)).all()
        db.execute(update(Attempt).where(col(Attempt.id).in_(some)).values(due_at=TUESDAY))
    opening.open_due(stage.sessions, stage.clock, stage.house)
    since = machine_now()
    backup.dump(database_url, tmp_path / "b.dump")
    stage.later(timedelta(minutes=10))
    engine.work()
    assert len(stage.carrier.requests) == 12
    bring_back(stage, database_url, tmp_path / "b.dump")
    done = ask(stage, since)
    assert (done.texts, done.foreign) == (12, 0)
    engine.work()
    assert len(stage.carrier.requests) == 12
    assert {one.state for one in engine.attempts()} == {AttemptState.OPEN}
    assert ask(stage, since).texts == 0


def test_what_was_said_after_the_backup_is_in_the_transcript_and_a_person_goes_on(stage, database_url, tmp_path):
    made = stage.contact()
    since = machine_now()
    backup.dump(database_url, tmp_path / "b.dump")
    ref = sends(stage, "方便，你说")
    stage.hears("方便，你说", ref=ref)
    sent = len(stage.carrier.requests)
    bring_back(stage, database_url, tmp_path / "b.dump")
    done = ask(stage, since)
    assert (done.texts, done.heard) == (1, 1)
    shown = stage.shows(made.conversation)
    assert [one["text"] for one in shown["messages"]][-1] == stage.sent()[-1]
    assert (shown["state"], shown["unanswered"]) == ("with_staff", 0)
    assert stage.answers(made.conversation) == 0
    stage.deliver()
    assert len(stage.carrier.requests) == sent
    with stage.sessions.reading() as db:
        assert [task.kind for task in db.exec(select(StaffTask))] == ["handover"]


def test_a_call_placed_after_the_backup_is_not_placed_again(stage, engine, database_url, tmp_path):
    engine.launch(text=FILE.replace("[sms]", "[voice]"))
    since = machine_now()
    backup.dump(database_url, tmp_path / "b.dump")
    with stage.sessions.begin() as db:
        db.execute(
            update(Attempt).where(col(Attempt.id) != db.exec(select(Attempt.id).limit(1)).one()).values(due_at=None)
        )
    engine.work()
    assert len(stage.carrier.calls) == 1
    bring_back(stage, database_url, tmp_path / "b.dump")
    assert ask(stage, since).calls == 1
    with stage.sessions.reading() as db:
        call = db.exec(select(Call)).one()
        assert db.get(Message, call.id).state is MessageState.ACCEPTED
        called = db.get(Conversation, call.conversation_id).customer_id
        again = db.exec(
            select(Attempt).where(Attempt.customer_id == called, Attempt.state == AttemptState.PLANNED)
        ).all()
    assert again == []


def test_a_stop_sent_after_the_backup_is_honoured(stage, database_url, tmp_path):
    stage.contact()
    since = machine_now()
    backup.dump(database_url, tmp_path / "b.dump")
    stage.hears("退订", ref=sends(stage, "退订"))
    bring_back(stage, database_url, tmp_path / "b.dump")
    ask(stage, since)
    assert stage.contact().reason == "opted_out"


def test_a_carrier_that_does_not_answer_leaves_everything_for_the_next_run(stage, engine, database_url, tmp_path):
    engine.launch()
    since = machine_now()
    backup.dump(database_url, tmp_path / "b.dump")
    engine.work()
    bring_back(stage, database_url, tmp_path / "b.dump")
    stage.carrier.answers = False
    with pytest.raises(NotAnswered):
        ask(stage, since)
    stage.carrier.answers = True
    assert ask(stage, since).texts == 12


def test_a_file_that_is_no_backup_leaves_the_store_as_it_was(stage, engine, database_url, tmp_path):
    (tmp_path / "b.dump").write_bytes(b"PGDMP, or so")
    with pytest.raises(NotCopied):
        backup.readable(tmp_path / "b.dump")
    with pytest.raises(NotCopied):
        bring_back(stage, database_url, tmp_path / "b.dump")
    assert stage.contact(phone=f"+86{FIRST}").conversation is not None


def test_a_backup_is_read_by_its_owner_only(database_url, tmp_path):
    backup.dump(database_url, tmp_path / "b.dump")
    backup.readable(tmp_path / "b.dump")
    assert (tmp_path / "b.dump").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("signal", ["KILL", "INT"])
def test_a_restore_that_is_broken_off_leaves_the_store_as_it_was(stage, engine, database_url, tmp_path, signal):
    backup.dump(database_url, tmp_path / "b.dump")
    stage.sessions.engine.dispose()
    # All that the copy holds has been read when whoever restores it ends.
    (tmp_path / "pg_restore").write_text(f'#!/bin/sh\n{backup._found("pg_restore")} "$@"\nkill -{signal} $PPID\n')
    (tmp_path / "pg_restore").chmod(0o700)
    ran = subprocess.run(
        [sys.executable, "-c", BROKEN_OFF, database_url, str(tmp_path)], capture_output=True, check=False
    )
    assert ran.returncode < 0
    assert stage.contact(phone=f"+86{FIRST}").conversation is not None
    bring_back(stage, database_url, tmp_path / "b.dump")
    assert stage.contact(phone=f"+86{FIRST}").conversation is not None


BROKEN_OFF = """
import sys
from pathlib import Path
from outreach.model import backup
found, folder = backup._found, Path(sys.argv[2])
backup._found = lambda program: folder / program if program == "pg_restore" else found(program)
backup.load(sys.argv[1], folder / "b.dump")
"""


def test_a_file_that_is_cut_off_leaves_the_store_as_it_was_and_is_named(stage, engine, database_url, tmp_path):
    backup.dump(database_url, tmp_path / "b.dump")
    whole = (tmp_path / "b.dump").read_bytes()
    (tmp_path / "b.dump").write_bytes(whole[: len(whole) * 3 // 4])
    backup.readable(tmp_path / "b.dump")
    with pytest.raises(NotCopied, match=r"b\.dump is damaged .* the store is as it was: restore an earlier backup"):
        bring_back(stage, database_url, tmp_path / "b.dump")
    assert stage.contact(phone=f"+86{FIRST}").conversation is not None


def test_a_store_that_an_earlier_restore_left_aside_is_put_back_and_not_migrated_over(sessions):
    with sessions.begin() as db:
        db.execute(text("ALTER SCHEMA public RENAME TO before_restore"))
        db.execute(text("CREATE SCHEMA public"))
    assert schema.advice(sessions.engine).endswith("put it back with: outreach restore")
    with pytest.raises(StoreAside):
        migrate.upgrade(sessions.engine)
    assert backup.put_back(sessions.engine)
    assert schema.serves(sessions.engine)
    assert not backup.put_back(sessions.engine)


def test_a_backup_that_cannot_be_written_is_refused_by_name(database_url, tmp_path):
    with pytest.raises(NotCopied, match=r"no/folder/b\.dump cannot be written \(No such file or directory\)"):
        backup.dump(database_url, tmp_path / "no" / "folder" / "b.dump")
