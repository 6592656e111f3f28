"""Workers killed while a carrier fails in every way it can: nothing goes twice, nothing stays undecided."""

from __future__ import annotations

import threading
import time
from datetime import datetime

from sqlalchemy import text
from sqlmodel import select

from benchmarks.filled import fill
from faults.place import Place, bring_forward, forked, kill, moments, states, to_the_end, worker
from faults.sizes import KILLS, STOPS, TEXTS, THROTTLED_SECONDS
from outreach.clock import machine_now
from outreach.model import Attempt, Message, Scope, Stop, suppressions
from outreach.model.suppression import Source

LONGEST_SECONDS = max(240, TEXTS // 10)
EVERY_SO_MANY = 10
AHEAD = 8
"""How many of the next to be texted say stop at a time."""
FAULTS = (
    ("accept_then_500", 0.02, {}),
    ("refuse_500", 0.02, {}),
    ("reset", 0.01, {"accepted": True}),
    ("reset", 0.01, {"accepted": False}),
    ("delay", 1.0, {"seconds": 0.02}),
)


def kills(here: Place) -> list[str]:
    """F1, F3, F4, F5, P2, P5: two workers, one of them killed again and again, until every text has come to its end."""
    sessions = here.sessions()
    fill(sessions, here.sealer(), TEXTS)
    here.carrier.faults(
        *({"match": {"op": "create", "share": share}, "do": what, **more} for what, share, more in FAULTS)
    )
    began, killed, pause = time.monotonic(), 0, moments(0.1, 1.0)
    pids = [forked(worker(here)) for _ in range(2)]
    while killed < KILLS and time.monotonic() - began < LONGEST_SECONDS and _begun(states(sessions)):
        time.sleep(next(pause))
        kill(pids.pop(0))
        killed += 1
        pids.append(forked(worker(here)))
        if killed % EVERY_SO_MANY == 0:  # what the dead held is let go, as it is after a minute
            for pid in pids:
                kill(pid)
            bring_forward(sessions)
            pids = [forked(worker(here)) for _ in range(2)]
    for pid in pids:
        kill(pid)
    left = to_the_end(here, sessions, LONGEST_SECONDS)
    counted = here.carrier.counters()
    with sessions.reading() as db:
        unfinished = db.exec(select(Attempt.id).where(Attempt.state == "contacting")).all()
        repeated = db.exec(select(Message.id).where(Message.repeats > 1)).all()
    sessions.engine.dispose()
    return [
        f"P2  {counted['accepted_twice']} texts sent twice of {TEXTS:,} (promised 0 of 10,000), after {killed} kills of workers and "
        f"{sum(share for _, share, _ in FAULTS[:-1]):.0%} failed requests; {len(repeated)} went out more than once more",
        f"P5  {left} texts and {len(unfinished)} attempts undecided (promised 0), after {time.monotonic() - began:.0f} s, waits "
        "brought forward",
    ]


def _begun(now: dict[str, int]) -> bool:
    """Whether there is something left to be sent."""
    return any(now.get(state) for state in ("queued", "claimed", "sending", "unknown"))


def no_line(here: Place) -> list[str]:
    """F7, F6: a carrier that refuses everything for a while is left alone, and everything is sent once afterwards."""
    sessions = here.sessions()
    fill(sessions, here.sealer(), 200)
    here.carrier.faults({"match": {"op": "create"}, "do": "throttle_429", "seconds": THROTTLED_SECONDS})
    began = time.monotonic()
    pid = forked(worker(here))
    posts_while_away, first = 0, None
    while time.monotonic() - began < THROTTLED_SECONDS + 90:
        time.sleep(0.2)
        taken = sum(states(sessions).get(state, 0) for state in ("accepted", "sent", "delivered"))
        if first is None and taken:
            first = time.monotonic() - began - THROTTLED_SECONDS
            posts_while_away = here.carrier.counters()["posts"] - taken
        if taken == 200:
            break
    kill(pid)
    counted = here.carrier.counters()
    sessions.engine.dispose()
    return [
        f"F7  429 for {THROTTLED_SECONDS} s: {posts_while_away} requests meanwhile, the first text taken {first or 0:.1f} s after (promised 30), all "
        f"{taken} taken, {counted['accepted_twice']} twice"
    ]


def stop(here: Place) -> list[str]:
    """F24, F22: the last request after a stop was committed; and a worker told to end leaves nothing undecided."""
    sessions = here.sessions()
    fill(sessions, here.sealer(), 1500)
    here.carrier.faults({"match": {"op": "create"}, "do": "delay", "seconds": 0.02})
    pid = forked(worker(here))
    while not states(sessions).get("accepted", 0) + states(sessions).get("delivered", 0):
        time.sleep(0.05)
    time.sleep(1)
    with sessions.begin() as db:
        db.add(Stop(scope=Scope.ALL, by="faults", at=here.clock().now()))
    committed = machine_now()
    time.sleep(4)
    with sessions.reading() as db:
        last = db.execute(text("SELECT max(sent_at) FROM message")).scalar_one()
        waiting = states(sessions).get("queued", 0) + states(sessions).get("claimed", 0)
    kill(pid)
    after = max(0.0, (last - committed).total_seconds())
    sessions.engine.dispose()
    return [f"F24 the last text was committed {after:.2f} s after the stop (promised 1), {waiting:,} still waiting"]


def opt_outs(here: Place) -> list[str]:
    """P3: customers who say stop while two workers send as fast as they can."""
    sessions = here.sessions()
    fill(sessions, here.sealer(), 3 * STOPS)
    here.carrier.faults({"match": {"op": "create"}, "do": "delay", "seconds": 0.02})
    committed: dict[bytes, datetime] = {}

    def refuse(half: int) -> None:
        """Stop whoever is about to be texted: they are claimed, or next to be."""
        while len(committed) < STOPS:
            with sessions.reading() as db:
                near = (Message.state.in_(("claimed", "queued")), Message.position % 2 == half)
                coming = db.exec(select(Message.phone_hash).where(*near).order_by(Message.position).limit(AHEAD)).all()
            if not coming:
                return
            for phone_hash in coming:
                with sessions.begin() as db:
                    suppressions.add(db, phone_hash, None, Source.SAID, "退订", here.clock().now())
                committed[phone_hash] = machine_now()

    pids = [forked(worker(here)) for _ in range(2)]
    threads = [threading.Thread(target=refuse, args=(half,)) for half in (0, 1)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    time.sleep(3)
    for pid in pids:
        kill(pid)
    with sessions.reading() as db:
        rows = db.exec(select(Message.phone_hash, Message.sent_at, Message.state)).all()
    sessions.engine.dispose()
    raced = [(at, committed[one], state) for one, at, state in rows if one in committed]
    late = [at for at, stopped, _ in raced if at is not None and at > stopped]
    held_back = sum(state == "rejected" for _, _, state in raced)
    return [
        f"P3  {len(late)} texts committed after the stop of {len(raced):,} racing stops (promised 0 in 10,000); {held_back:,} were "
        f"held back, {len(raced) - held_back:,} had left just before"
    ]
