"""The one table of the carrier's error codes."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from outreach.carrier.failures import FAILURES, NOT_PROCESSED, meaning
from outreach.carrier.port import FailureKind

ROOT = Path(__file__).resolve().parents[2]
CATALOGUES = (
    ROOT / "config" / "outcomes.yml",
    Path(os.environ.get("OUTREACH_SHARED", ROOT.parent / "shared")) / "design" / "outcomes.yml",
)


def test_every_code_ends_in_an_outcome_of_the_catalogue():
    found = next((path for path in CATALOGUES if path.exists()), None)
    if found is None:
        pytest.skip("no outcomes.yml in config/ or in OUTREACH_SHARED")
    outcomes = YAML(typ="safe").load(found)["outcomes"]
    assert {failure.outcome for failure in FAILURES.values()} <= set(outcomes)


def test_every_kind_of_failure_has_a_code():
    assert {failure.kind for failure in FAILURES.values()} == set(FailureKind)


def test_every_code_says_why_in_words_of_its_own():
    assert all(code.isdigit() and failure.reason for code, failure in FAILURES.items())


def test_only_too_much_at_once_counts_as_not_processed():
    assert {FAILURES[code].kind for code in NOT_PROCESSED} == {FailureKind.CAPACITY}


@pytest.mark.parametrize(
    ("code", "kind", "outcome"),
    [
        ("21610", FailureKind.OPTED_OUT, "opted_out"),
        ("30006", FailureKind.BAD_NUMBER, "invalid_number"),
        ("30003", FailureKind.TRANSIENT, "unreachable"),
        ("30008", FailureKind.TRANSIENT, "undelivered"),
        ("30007", FailureKind.CONTENT, "blocked"),
        ("30023", FailureKind.CAPACITY, "undelivered"),
        ("20003", FailureKind.CONFIGURATION, "undelivered"),
        ("30610", FailureKind.QUIET_HOURS, "undelivered"),
        ("30640", FailureKind.BAD_NUMBER, "not_permitted"),
    ],
)
def test_a_code_means(code, kind, outcome):
    assert (meaning(code).kind, meaning(code).outcome) == (kind, outcome)


def test_a_code_nobody_knows_may_pass():
    unknown = meaning("12345")
    assert (unknown.kind, unknown.outcome) == (FailureKind.TRANSIENT, "undelivered")
    assert "12345" in unknown.reason


def test_no_code_at_all_may_pass():
    assert meaning(None).kind is FailureKind.TRANSIENT
