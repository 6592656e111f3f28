"""The commands for backups, keys and retention, as an operator types them."""

from __future__ import annotations

import json

import pytest
from sqlmodel import select
from typer.testing import CliRunner

from outreach.cli.entry import app
from outreach.cli.output import Stop
from outreach.model import Customer
from outreach.model import Stop as Standing
from outreach.model.keyring import WrongKey
from outreach.settings import new_secret
from tests.campaigns.engine import customers

OLD, NEW = new_secret(), new_secret()


@pytest.fixture
def outreach(database_url, tmp_path, monkeypatch):
    """Type a command on this store; what it printed."""
    told = {
        "DATABASE_URL": database_url, "OUTREACH_DATA_DIR": str(tmp_path), "OUTREACH_DATA_KEY": OLD,
        "TWILIO_API_BASE": "http://127.0.0.1:9", "TWILIO_AUTH_TOKEN": "token", "OUTREACH_SECRET": "secret",
    }  # fmt: skip

    def run(*words: str, **more: str) -> str:
        with monkeypatch.context() as patch:
            for name, value in {**told, **more}.items():
                patch.setenv(name, value)
            return CliRunner().invoke(app, words, catch_exceptions=False).output

    return run


@pytest.fixture
def filled(outreach, sessions, tmp_path):
    (tmp_path / "list").mkdir()
    outreach("customers", "import", str(customers(5, tmp_path / "list")))
    return sessions


def test_a_backup_is_restored_and_everything_stays_stopped_until_the_carrier_answers(outreach, filled, tmp_path):
    file = str(tmp_path / "b.dump")
    assert "MB, as of" in outreach("backup", file)
    with pytest.raises(Stop, match="exists"):
        outreach("backup", file)
    filled.engine.dispose()
    with pytest.raises(Stop, match="--replace"):
        outreach("restore", file)
    with pytest.raises(Stop, match="the carrier did not answer"):
        outreach("restore", file, "--replace")
    with filled.reading() as db:
        assert len(db.exec(select(Customer)).all()) == 5
        assert db.exec(select(Standing)).one().lifted_at is None


def test_a_restore_needs_the_others_to_be_stopped(outreach, filled, tmp_path):
    outreach("backup", str(tmp_path / "b.dump"))
    with filled.reading() as db:
        db.exec(select(Customer)).first()
        with pytest.raises(Stop, match="stop web and workers first"):
            outreach("restore", str(tmp_path / "b.dump"), "--replace")


def test_a_file_that_is_not_there_is_named(outreach, filled, tmp_path):
    with pytest.raises(Stop, match="does not exist"):
        outreach("restore", str(tmp_path / "nothing.dump"))


def test_a_key_is_changed_by_command(outreach, filled):
    both = {"OUTREACH_DATA_KEY": NEW, "OUTREACH_DATA_KEY_PREVIOUS": OLD}
    assert "5 values sealed anew" in outreach("keys", "rotate", **both)
    shown = json.loads(outreach("keys", "show", "--json", **both))
    assert [(one["key"], one["customer.phone_sealed"], one["retired"] is not None) for one in shown] == [
        (1, 0, True),
        (2, 5, False),
    ]
    with pytest.raises(WrongKey):
        outreach("customers", "export", "+8613800130000", "--by", "A")
    assert "王芳" in outreach("customers", "export", "+8613800130000", "--by", "A", OUTREACH_DATA_KEY=NEW)


def test_hashes_are_laid_over_only_while_nobody_else_is_at_work(outreach, filled):
    both = {"OUTREACH_DATA_KEY": NEW, "OUTREACH_DATA_KEY_PREVIOUS": OLD}
    with filled.reading() as db:
        db.exec(select(Customer)).first()
        with pytest.raises(Stop, match="stop web and workers first"):
            outreach("keys", "rotate", "--hashes", **both)
    filled.engine.dispose()
    assert "5 hashes" in outreach("keys", "rotate", "--hashes", **both)
    assert "王芳" in outreach("customers", "export", "+8613800130000", "--by", "A", OUTREACH_DATA_KEY=NEW)


def test_a_dry_run_counts_and_forgets_nothing(outreach, filled):
    counted = json.loads(outreach("retention", "run", "--dry-run", "--json"))
    assert {one["kind"]: one["rows"] for one in counted}["conversations"] == 0
    assert "suppressions" in {one["kind"] for one in counted}
    assert "conversations" in outreach("retention", "run")
