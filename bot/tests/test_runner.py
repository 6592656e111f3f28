"""Our runner gives what Rasa's gives, and runs each component once."""

from __future__ import annotations

import pytest
from bot.turns.runner import StraightRunner
from rasa.engine.graph import ExecutionContext, GraphComponent, GraphSchema, SchemaNode
from rasa.engine.runner.dask import DaskGraphRunner

RAN: list[str] = []


class Part(GraphComponent):
    """Adds its word to what it was given."""

    def __init__(self, word: str) -> None:
        self._word = word

    @classmethod
    def create(cls, config, model_storage, resource, execution_context):
        return cls(config["word"])

    def begin(self, given: str) -> str:
        RAN.append(self._word)
        return f"{given} {self._word}"

    def join(self, left: str, right: str) -> str:
        RAN.append(self._word)
        return f"({left} {self._word} {right})"


def node(word: str, fn: str, **needs: str) -> SchemaNode:
    return SchemaNode(needs, Part, "create", fn, {"word": word}, eager=True)


SCHEMA = GraphSchema(
    {
        "joined": node("and", "join", left="left", right="right"),
        "left": node("left", "begin", given="both"),
        "right": node("right", "begin", given="both"),
        "both": node("both", "begin", given="__message__"),
        "unneeded": node("unneeded", "begin", given="__tracker__"),
    },
)


@pytest.fixture(params=[StraightRunner, DaskGraphRunner])
def runner(request):
    RAN.clear()
    return request.param.create(SCHEMA, None, ExecutionContext(SCHEMA))


def test_a_target_gets_what_it_needs(runner):
    for said in ("once", "twice"):
        ran = runner.run({"__message__": said, "__tracker__": None}, ["joined"])
        assert ran == {"joined": f"({said} both left and {said} both right)"}


def test_what_no_target_needs_is_not_run(runner):
    runner.run({"__message__": "x", "__tracker__": None}, ["left"])
    assert RAN == ["both", "left"]


def test_each_component_runs_once_after_those_it_needs(runner):
    runner.run({"__message__": "x", "__tracker__": None}, ["joined"])
    assert sorted(RAN[1:3]) == ["left", "right"]
    assert (RAN[0], RAN[3], len(RAN)) == ("both", "and", 4)
