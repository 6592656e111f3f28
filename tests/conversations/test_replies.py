"""The pending question decides what a reply means: every row of replies.txt, asked of the real bot with its model."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import uuid4

import pytest

from outreach.cli.stage import PATIENCE_SECONDS
from outreach.dialogue.port import Asked
from outreach.dialogue.rasa import RasaDialogue
from outreach.scripts import catalog
from tests.conftest import TUESDAY
from tests.conversations.replies import OFFERED, Row, rows, written

ROWS = rows()
WITH_DIALOGUE = ("card_activation", "dormant_reactivation", "dual_card_binding")
"""The scripts with a dialogue of their own; the follow-ups ask nothing but what these ask."""
ZONE = "Asia/Shanghai"


@pytest.fixture(scope="module")
def dialogue(running) -> Iterator[RasaDialogue]:
    secret = (running.folder / "secret").read_text().strip()
    built = RasaDialogue(running.environment["OUTREACH_BOT_URL"], secret, timeout=PATIENCE_SECONDS)
    yield built
    built.close()


@pytest.mark.processes
@pytest.mark.parametrize("row", ROWS, ids=str)
def test_a_reply_means_what_the_pending_question_makes_of_it(row: Row, dialogue: RasaDialogue):
    assert outcome(row, dialogue) == row.expected


@pytest.mark.parametrize("name", WITH_DIALOGUE)
def test_every_question_of_a_script_has_its_short_answers_in_the_table(name: str):
    # Shared steps are the same for every script and stand in the table once.
    own = catalog.document(catalog.files(name), f"{name}/script.yml").root["steps"]
    asked = {step.name for step in catalog.load(name).flow.steps.values() if step.waits and step.name in own}
    assert asked <= {row.state["step"] for row in ROWS if row.script == name}


def test_every_shared_question_has_its_short_answers_in_the_table():
    shared = catalog.document(catalog.files(catalog.names()[0]), "_shared/replies.yml").root["steps"]
    steps = catalog.load(catalog.names()[0]).flow.steps
    assert {name for name in shared if steps[name].waits} <= {row.state["step"] for row in ROWS}


def outcome(row: Row, dialogue: RasaDialogue) -> str:
    flow = catalog.load(row.script).flow
    digit = row.words.isdecimal()
    proposed = dialogue.propose(
        Asked(
            conversation=uuid4(),
            turn=1,
            channel=row.channel,
            now=TUESDAY,
            zone=ZONE,
            state=row.state,
            facts={"offered": {"day": "今天", "date": OFFERED}},
            flow=flow.excerpt(row.state["step"], row.state["pending"]).to_json(),
            text=None if digit else row.words,
            event={"name": "digit", "digit": row.words} if digit else None,
        ),
    )
    return written(proposed.reading or "", proposed.state, list(proposed.events))
