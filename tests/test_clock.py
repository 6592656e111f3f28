"""Product time follows an anchor, which is read again now and then."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event

import pytest

from outreach import clock
from outreach.clock import Anchor, Clock, machine_now
from tests.conftest import TUESDAY

WAIT_SECONDS = 20


def test_whoever_asks_while_another_reads_the_anchor_goes_by_the_one_before(monkeypatch):
    """A thread that holds a connection must not wait for one that needs a connection to read."""
    monkeypatch.setattr(clock, "ANCHOR_SECONDS", 0.0)
    reading, let = Event(), Event()
    anchors = iter([Anchor(machine_now(), TUESDAY), Anchor(machine_now(), TUESDAY + timedelta(days=1))])

    def read() -> Anchor:
        anchor = next(anchors)
        if anchor.product_at > TUESDAY:
            reading.set()
            assert let.wait(WAIT_SECONDS)
        return anchor

    product = Clock(read)
    assert product.now() - TUESDAY < timedelta(minutes=1)
    with ThreadPoolExecutor(1) as pool:
        later = pool.submit(product.now)
        assert reading.wait(WAIT_SECONDS)
        assert product.now() - TUESDAY < timedelta(minutes=1)
        let.set()
        assert later.result() - TUESDAY > timedelta(hours=23)


def test_a_reading_that_fails_is_told_and_made_again(monkeypatch):
    answers = iter([ValueError("away"), Anchor(machine_now(), TUESDAY)])

    def read() -> Anchor:
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    product = Clock(read)
    with pytest.raises(ValueError, match="away"):
        product.now()
    assert product.now() - TUESDAY < timedelta(minutes=1)


def test_a_clock_that_is_stepped_is_read_anew_by_everybody_who_asks_after_a_step(monkeypatch):
    """Else what happens after a step would be stamped with the time before it."""
    monkeypatch.setattr(clock, "STEPPED_SECONDS", 0.0)
    stepped = [TUESDAY]
    product = Clock(lambda: Anchor(machine_now(), stepped[0], rate=0.001))
    assert product.now() - TUESDAY < timedelta(seconds=1)
    stepped[0] += timedelta(days=1)
    with ThreadPoolExecutor(8) as pool:
        asked = list(pool.map(lambda _: product.now() - TUESDAY, range(50)))
    assert all(timedelta(days=1) <= ahead < timedelta(days=1, seconds=1) for ahead in asked)


def test_a_clock_that_is_stepped_all_but_stands_still():
    anchor = Anchor(machine_now(), TUESDAY, rate=0.001)
    assert anchor.product(anchor.machine_at + timedelta(minutes=10)) - TUESDAY < timedelta(seconds=1)
