"""Corrections as a file of training examples, which `make train` reads beside the others."""

from __future__ import annotations

import io
from collections.abc import Sequence

from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import LiteralScalarString

from outreach.conversations.corrections import Lesson

HEADING = "# Readings that staff put right: written by `outreach nlu corrections export`, which replaces the file.\n"


def worded(lessons: Sequence[Lesson]) -> str:
    """The file's text.

    nlu:
    - intent: deny
      examples:
      - text: |
          还是别了吧
        metadata: {by: 李主任, at: '2026-11-24T09:30:00+00:00', heard: affirm, message: 0193…}
    """
    by_intent: dict[str, list[Lesson]] = {}
    for lesson in lessons:
        by_intent.setdefault(lesson.intent, []).append(lesson)
    parts = [
        {"intent": intent, "examples": [_example(lesson) for lesson in taught]}
        for intent, taught in sorted(by_intent.items())
    ]
    written = io.StringIO()
    yaml = YAML()
    yaml.width = 1000
    yaml.dump({"version": "3.1", "nlu": parts}, written)
    return HEADING + written.getvalue().replace("version: '3.1'", 'version: "3.1"', 1)


def _example(lesson: Lesson) -> dict[str, object]:
    about = {"by": lesson.by, "at": lesson.at.isoformat(), "heard": lesson.heard, "message": str(lesson.message)}
    return {"text": LiteralScalarString(f"{lesson.text}\n"), "metadata": about}
