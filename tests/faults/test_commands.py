"""The commands for backups, keys and retention, as an operator types them."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from sqlmodel import select

from outreach.model import Customer
from outreach.model import Stop as Standing
from outreach.places import ROOT
from outreach.settings import new_secret
from tests.campaigns.engine import customers

OLD, NEW = new_secret(), new_secret()


@pytest.fixture
def outreach(database_url, tmp_path):
    """Type a command on this store; its exit code, and what it printed."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("OUTREACH_", "TWILIO_"))}
    told = {
        "DATABASE_URL": database_url, "OUTREACH_DATA_DIR": str(tmp_path), "OUTREACH_DATA_KEY": OLD,
        "TWILIO_API_BASE": "http://127.0.0.1:9", "TWILIO_AUTH_TOKEN": "token",
    }  # fmt: skip

    def run(*words: str, **more: str) -> tuple[int, str]:
        ran = subprocess.run(
            [sys.executable, "-m", "outreach", *words], cwd=ROOT, env={**kept, **told, **more}, capture_output=True,
            text=True, timeout=120, check=False,
        )  # fmt: skip
        assert "Traceback" not in ran.stderr
        return ran.returncode, ran.stdout + ran.stderr

    (tmp_path / "list").mkdir()
    assert run("customers", "import", str(customers(5, tmp_path / "list")))[0] == 0
    return run


def test_a_backup_is_restored_and_everything_stays_stopped_until_the_carrier_answers(outreach, sessions, tmp_path):
    file = str(tmp_path / "b.dump")
    assert outreach("backup", file)[0] == 0
    code, said = outreach("restore", file)
    assert (code, "--replace" in said) == (2, True)
    with sessions.reading() as db:
        db.exec(select(Customer)).first()
        code, said = outreach("restore", file, "--replace")
        assert (code, "stop web and workers first" in said) == (2, True)
    sessions.engine.dispose()
    code, said = outreach("restore", file, "--replace")
    assert (code, "the carrier did not answer" in said) == (3, True), said
    with sessions.reading() as db:
        assert len(db.exec(select(Customer)).all()) == 5
        assert db.exec(select(Standing)).one().lifted_at is None


def test_a_key_is_changed_by_command(outreach):
    code, said = outreach("keys", "rotate", OUTREACH_DATA_KEY=NEW, OUTREACH_DATA_KEY_PREVIOUS=OLD)
    assert (code, "5 values sealed anew" in said) == (0, True)
    export = ("customers", "export", "+8613800130000", "--by", "A")
    code, said = outreach(*export)
    assert (code, "OUTREACH_DATA_KEY" in said) == (2, True)
    code, said = outreach(*export, OUTREACH_DATA_KEY=NEW)
    assert (code, "王芳" in said) == (0, True)


def test_a_dry_run_counts_and_forgets_nothing(outreach):
    code, said = outreach("retention", "run", "--dry-run", "--json")
    assert code == 0
    assert {one["kind"]: one["rows"] for one in json.loads(said)}["conversations"] == 0
