"""Logs for machines: one JSON object a line, whoever said it, and nothing of what variables held."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from types import SimpleNamespace

import pytest

from outreach.cli import logs
from outreach.places import ROOT

PROGRAM = """
import logging, structlog
from outreach.cli import logs
logs.of_a_process()
structlog.get_logger().info("text_sent", message="m1")
logging.getLogger("uvicorn.error").warning("the lifespan is odd")
customer = "secret 13800138000"
try:
    raise RuntimeError("broken")
except RuntimeError:
    structlog.get_logger().warning("failed", exc_info=True)
    logging.getLogger("uvicorn.error").exception("in the application")
"""


def logged(kind: str | None) -> str:
    environment = {key: value for key, value in os.environ.items() if key != logs.VARIABLE}
    environment |= {logs.VARIABLE: kind} if kind else {}
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert ran.stdout == ""
    assert "13800138000" not in ran.stderr
    return ran.stderr


def test_away_from_a_terminal_every_line_is_json_with_its_level_and_time():
    said = [json.loads(line) for line in logged(None).splitlines()]
    assert [one["event"] for one in said] == ["text_sent", "the lifespan is odd", "failed", "in the application"]
    assert [one["level"] for one in said] == ["info", "warning", "warning", "error"]
    assert all(one["timestamp"].endswith("Z") for one in said)
    assert said[0]["message"] == "m1"
    assert said[1]["logger"] == "uvicorn.error"
    assert all("RuntimeError: broken" in one["exception"] for one in said[2:])


def test_it_can_be_text_all_the_same():
    assert "text_sent" in logged("text")
    assert not logged("text").startswith("{")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b'{"event": "text_sent", "message": "m1"}', {"event": "text_sent", "message": "m1"}),
        (b"Starting server", {"event": "said", "line": "Starting server"}),
        (b"12", {"event": "said", "line": "12"}),
        (b"\xff{", {"event": "said", "line": "\ufffd{"}),
    ],
)
def test_what_a_supervised_process_says_goes_on_with_its_name(line, said):
    output = io.StringIO()
    logs.JsonLines(output).write(SimpleNamespace(name="worker", data=line + b"\n"))
    printed = json.loads(output.getvalue())
    assert {key: printed[key] for key in said} == said
    assert printed["process"] == "worker"
    assert printed["timestamp"]


def test_a_terminal_is_for_people(monkeypatch):
    monkeypatch.delenv(logs.VARIABLE, raising=False)
    assert logs.kind(SimpleNamespace(isatty=lambda: True)) == logs.TEXT
    assert logs.kind(SimpleNamespace(isatty=lambda: False)) == logs.JSON
    monkeypatch.setenv(logs.VARIABLE, "json")
    assert logs.kind(SimpleNamespace(isatty=lambda: True)) == logs.JSON
