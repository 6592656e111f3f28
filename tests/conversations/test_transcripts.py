"""Every transcript, played again with the real bot: a talk is a text file that compliance can read.

`outreach scripts test --record` rewrites them; review reads the difference.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest

from outreach.cli import transcripts
from outreach.cli.stage import PHONE, Stage
from outreach.dialogue.rasa import RasaDialogue

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


def test_every_script_has_a_transcript_for_every_ending_a_talk_can_have():
    reached = defaultdict(set)
    for path in FILES:
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith("ends     > "):
                reached[path.parent.name].add(line.removeprefix("ends     > ").split()[0])
    from outreach.scripts import catalog

    for name in catalog.names():
        script = catalog.load(name)
        possible = {step.outcome for step in script.flow.steps.values() if step.outcome}
        assert possible <= reached[name] | {"referred", "joined", "surveyed"}, (name, possible - reached[name])
