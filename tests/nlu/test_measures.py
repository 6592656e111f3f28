"""The figures on readings made up for them, and what the gate lets pass."""

import pytest

from evaluation import gate, measures, path
from evaluation.held_out import Line
from evaluation.models import Ranked
from evaluation.path import Reading


def line(intent, words="好", channel="texts", style="plain"):
    return Line(channel, "texts/made_up.yml", intent, style, words)


def reading(meant, read, *, does=None, sure=0.9):
    return Reading(line(meant), read, does or read, sure)


def test_f1_counts_what_was_missed_and_what_was_taken_wrongly():
    readings = [reading("affirm", "affirm"), reading("affirm", "deny"), reading("deny", "deny")]
    assert measures.f1(readings) == {"affirm": pytest.approx(2 / 3), "deny": pytest.approx(2 / 3)}
    assert measures.accuracy(readings) == pytest.approx(2 / 3)


def test_a_stop_asked_about_is_not_missed_and_a_question_is_no_false_stop():
    readings = [
        reading("opt_out", "opt_out"),
        reading("opt_out", "deny", does="opt_out_unsure"),
        reading("opt_out", "deny"),
        reading("deny", "opt_out"),
        reading("deny", "opt_out", does="opt_out_unsure"),
    ]
    stops = measures.stops(readings)
    assert (stops.recall, stops.asked) == (pytest.approx(2 / 3), pytest.approx(1 / 3))
    assert (stops.precision, stops.false, stops.false_asked) == (0.5, 0.5, 0.5)


def test_who_is_as_sure_as_right_has_no_calibration_error():
    sure = [reading("affirm", "affirm", sure=0.75)] * 3 + [reading("affirm", "deny", sure=0.75)]
    assert measures.calibration_error(sure) == pytest.approx(0)
    assert measures.calibration_error([reading("affirm", "deny", sure=1.0)]) == 1


def test_a_line_outside_is_left_alone_when_read_as_such_or_asked_again():
    readings = [
        reading("out_of_scope", "out_of_scope"),
        reading("out_of_scope", "affirm", does="nlu_fallback"),
        reading("out_of_scope", "affirm"),
        reading("affirm", "affirm", does="nlu_fallback"),
    ]
    assert measures.outside(readings) == measures.Outside(pytest.approx(2 / 3), 1.0)


def test_the_most_frequent_confusion_comes_first():
    readings = [reading("affirm", "deny")] * 2 + [reading("deny", "affirm"), reading("deny", "deny")]
    assert [found[:3] for found in measures.confusions(readings)] == [("affirm", "deny", 2), ("deny", "affirm", 1)]


def test_a_keyword_and_a_machine_are_read_without_the_model():
    lines = [line("opt_out", "退订"), line("machine_answer", "您拨打的用户已关机", "spoken"), line("deny", "不用")]
    ranked = [Ranked("affirm", (("affirm", 0.9),))] * 3
    assert [one.does for one in path.products(lines, ranked)] == ["opt_out", "machine_answer", "affirm"]
    assert [one.does for one in path.models(lines, ranked)] == ["affirm"] * 3


def test_no_worse_passes():
    same = [reading("opt_out", "opt_out"), reading("deny", "deny")]
    assert not gate.objections(same, same)


def test_one_missed_stop_more_is_refused():
    before = [reading("opt_out", "opt_out")] * 50
    after = [*before[1:], reading("opt_out", "deny")]
    assert [said.split(":")[0] for said in gate.objections(after, before)] == ["opt_out"]


def test_more_false_stops_are_refused():
    before = [reading("deny", "deny")] * 100
    after = [*before[1:], reading("deny", "opt_out")]
    assert any("false stops" in said for said in gate.objections(after, before))


def test_an_intent_that_falls_by_more_than_the_margin_is_refused():
    before = [reading("affirm", "affirm")] * 20 + [reading("deny", "deny")] * 20
    after = [reading("affirm", "deny")] * 2 + before[2:]
    slightly = [reading("affirm", "deny"), *before[1:]]
    assert any(said.startswith("affirm: F1 falls") for said in gate.objections(after, before))
    assert not gate.objections(slightly, before)
