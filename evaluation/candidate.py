"""The candidate that `make train` made, beside the model in use; `make publish` puts it in use unless it is worse."""

from __future__ import annotations

import sys

from evaluation import gate, measures
from evaluation.models import CANDIDATE, PRODUCT
from evaluation.path import Reading
from evaluation.reading import products_readings, reported

NOTE = "outreach.inputs"


def main() -> None:
    """Print how the candidate compares; ends with 1 where it is worse. Nothing where there is none."""
    if CANDIDATE.exists() and PRODUCT.exists():
        _compare()


def publish() -> None:
    """Put the candidate in use, unless it is worse: then ends with 1 and changes nothing."""
    if not CANDIDATE.exists():
        sys.exit("there is no candidate; train one with: make train")
    if PRODUCT.exists():
        _compare()
    for name in (PRODUCT.name, NOTE):
        (CANDIDATE.parent / name).replace(PRODUCT.parent / name)
    print("published; restart the bot to have it read with it")


def _compare() -> None:
    new, old = reported(products_readings(CANDIDATE)), reported(products_readings(PRODUCT))
    for name, readings in (("in use", old), ("candidate", new)):
        print(f"{name:10} {_summary(readings)}")
    if found := gate.objections(new, old):
        sys.exit("\n".join(["the candidate is worse and is not published:", *found]))
    print("the candidate is no worse")


def _summary(readings: list[Reading]) -> str:
    stops = measures.stops(readings)
    return (
        f"accuracy {measures.accuracy(readings):.4f}  macro-F1 {measures.macro_f1(readings):.4f}  "
        f"opt_out recall {stops.recall:.4f}  false stops {stops.false:.4f}"
    )


if __name__ == "__main__":
    publish()
