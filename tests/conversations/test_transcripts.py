"""Every transcript, played again with the real bot: a talk is a text file that compliance can read.

`outreach scripts test --record` rewrites them; review reads the difference.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from outreach.cli import transcripts
from outreach.cli.stage import PATIENCE_SECONDS, PHONE, Stage
from outreach.dialogue.rasa import RasaDialogue
from outreach.scripts import catalog
from outreach.scripts.reach import reachable

FILES = transcripts.files()


@pytest.mark.processes
@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_talk_comes_out_as_it_was_kept(path: Path, running, sessions, our_house, sealer):
    secret = (running.folder / "secret").read_text().strip()
    dialogue = RasaDialogue(running.environment["OUTREACH_BOT_URL"], secret, timeout=PATIENCE_SECONDS)
    talk = transcripts.read(path)
    stage = Stage(sessions, talk.now, our_house, sealer, dialogue)
    try:
        assert transcripts.play(talk, stage, PHONE) == path.read_text(encoding="utf-8")
    finally:
        dialogue.close()
        stage.sender.close()


ONLY_BY_TEXT_OR_LATER = {"referred", "joined", "surveyed"}
UNANSWERED = {"machine", "line_busy", "no_answer", "unreachable", "invalid_number", "broke_off"}
SPOKEN = [(name, channel) for name in catalog.names() for channel in catalog.load(name).channels]


def kept(name: str | None, channel: str) -> set[str]:
    """How the transcripts of a script, or of all, end on a channel."""
    ends = set()
    for path in transcripts.files(name):
        if transcripts.read(path).channel == channel:
            text = path.read_text(encoding="utf-8")
            ends |= {line.split()[2] for line in text.splitlines() if line.startswith("ends")}
    return ends


def own_steps(name: str) -> set[str]:
    """The steps that a script has to itself, and the booking, which each leads to in its own way."""
    return {*catalog.document(catalog.files(name), f"{name}/script.yml").root["steps"], "confirm"}


@pytest.mark.parametrize(("name", "channel"), SPOKEN)
def test_every_ending_of_a_script_has_a_transcript(name: str, channel: str):
    flow = catalog.load(name).flow
    reached = set(reachable(flow, channel)) & own_steps(name)
    possible = {flow.steps[step].outcome for step in reached} - {None}
    assert possible <= kept(name, channel) | ONLY_BY_TEXT_OR_LATER


@pytest.mark.parametrize("channel", ["sms", "voice"])
@pytest.mark.parametrize("name", ["card_activation", "dormant_reactivation", "dual_card_binding"])
def test_every_ending_that_scripts_share_has_a_transcript(name: str, channel: str):
    flow = catalog.load(name).flow
    possible = {flow.steps[step].outcome for step in reachable(flow, channel)} - {None}
    assert possible <= kept(name, channel) | ONLY_BY_TEXT_OR_LATER
    if channel == "voice":
        assert kept(name, channel) >= UNANSWERED
