"""The demo's bank saw things that the feed takes."""

from __future__ import annotations

from types import SimpleNamespace

from outreach.campaigns import report
from outreach.cli import demo_facts


def test_the_demos_facts_are_taken(engine, tmp_path):
    engine.load(40, lambda n: {"存款": str(1000 * n)})
    campaign = engine.launch()
    engine.work()
    runtime = SimpleNamespace(sessions=engine.stage.sessions, clock=engine.stage.clock)
    assert demo_facts.tell(runtime, tmp_path).exists()
    with engine.stage.sessions.reading() as db:
        made = report.of(db, campaign, engine.now())
    assert made.figures.converted > 0
