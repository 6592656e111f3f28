"""Every transcript, played again with the real bot: a talk is a text file that compliance can read.

`outreach scripts test --record` rewrites them; review reads the difference.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from outreach.cli import transcripts
from outreach.cli.stage import PHONE, Stage
from outreach.dialogue.rasa import RasaDialogue
from outreach.scripts import catalog
from outreach.scripts.reach import reachable

FILES = transcripts.files()


@pytest.mark.processes
@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_talk_comes_out_as_it_was_kept(path: Path, running, sessions, our_house, sealer):
    secret = (running.folder / "secret").read_text().strip()
    dialogue = RasaDialogue(running.environment["OUTREACH_BOT_URL"], secret)
    talk = transcripts.read(path)
    stage = Stage(sessions, talk.now, our_house, sealer, dialogue)
    try:
        assert transcripts.play(talk, stage, PHONE) == path.read_text(encoding="utf-8")
    finally:
        dialogue.close()
        stage.sender.close()


ONLY_BY_TEXT_OR_LATER = {"referred", "joined", "surveyed"}


@pytest.mark.parametrize("channel", ["sms", "voice"])
@pytest.mark.parametrize("name", catalog.names())
def test_every_ending_that_a_channel_can_reach_has_a_transcript(name: str, channel: str):
    flow = catalog.load(name).flow
    possible = {flow.steps[step].outcome for step in reachable(flow, channel)} - {None}
    kept = set()
    for path in transcripts.files(name):
        text = path.read_text(encoding="utf-8")
        if transcripts.read(path).channel == channel:
            kept |= {line.split()[2] for line in text.splitlines() if line.startswith("ends")}
    assert possible <= kept | ONLY_BY_TEXT_OR_LATER
    if channel == "voice":
        assert kept >= {"machine", "line_busy", "no_answer", "unreachable", "invalid_number", "broke_off"}
