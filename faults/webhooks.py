"""A web process killed after it said yes, and a database restarted under it: what was acknowledged is there, once."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from urllib.parse import urlencode

import httpx
from sqlmodel import func, select

from benchmarks.filled import FIRST, TOKEN, fill
from faults.place import Place, forked, kill, moments
from faults.sizes import WEB_KILLS, WEBHOOKS
from outreach import runtime
from outreach.carrier import signature
from outreach.cli.stage import OUR_NUMBER
from outreach.model import Message, Side
from outreach.settings import DEMO_ACCOUNT, Settings
from outreach.web import serving
from tests.running import free_ports

RESTARTS = 3
PATH = "/twilio/sms/inbound"
CLIENTS = 6
LONGEST_SECONDS = max(180, WEBHOOKS // 20)


def kills(here: Place) -> list[str]:
    """F2, F15, P1, P8: every webhook is tried until it is acknowledged, as a carrier's list and retries would bring it."""
    sessions = here.sessions()
    fill(sessions, here.sealer(), 200)
    sessions.engine.dispose()
    ports = free_ports(2)
    address = f"http://127.0.0.1:{ports[0]}"

    def web() -> None:
        settings = Settings(
            database_url=here.url, public_base_url=address, twilio_account_sid=DEMO_ACCOUNT, twilio_auth_token=TOKEN,
            data_dir=here.folder, twilio_api_base=here.carrier.base, port=ports[0], console_port=ports[1],
        )  # fmt: skip
        serving.serve(runtime.build(settings), "127.0.0.1")

    acknowledged: dict[str, float] = {}
    tried, ended = [0], threading.Event()
    began = time.monotonic()

    def post(start: int) -> None:
        with httpx.Client(timeout=10, trust_env=False) as client:
            for index in range(start, WEBHOOKS, CLIENTS):
                while not ended.is_set():
                    tried[0] += 1
                    if _posted(client, address, index):
                        acknowledged[f"SM{index:032x}"] = time.monotonic()
                        break
                    time.sleep(0.1)

    pid = forked(web)
    threads = [threading.Thread(target=post, args=(start,)) for start in range(CLIENTS)]
    for one in threads:
        one.start()
    killed, recovered, after = 0, [], moments(0.0, 1.0)
    next_kill = next(after)
    while any(one.is_alive() for one in threads) and time.monotonic() - began < LONGEST_SECONDS:
        time.sleep(0.01)
        if len(recovered) < RESTARTS and len(acknowledged) > WEBHOOKS * (len(recovered) + 1) / (RESTARTS + 2):
            _in_a_process_of_its_own("stop", here)
            _in_a_process_of_its_own("start", here)
            back = time.monotonic()
            while not any(at > back for at in list(acknowledged.values())) and time.monotonic() - back < 30:
                time.sleep(0.02)
            recovered.append(time.monotonic() - back)
        elif killed < WEB_KILLS and len(acknowledged) > WEBHOOKS * next_kill / WEB_KILLS:
            kill(pid)
            killed += 1
            next_kill = killed + next(after)  # spread over all of them, at moments that are nobody's choice
            pid = forked(web)
    ended.set()
    for one in threads:
        one.join()
    kill(pid)
    sessions = here.sessions()
    with sessions.reading() as db:
        stored = set(db.exec(select(Message.carrier_ref).where(Message.side == Side.CUSTOMER)).all())
        rows = db.exec(select(func.count()).select_from(Message).where(Message.side == Side.CUSTOMER)).one()
    sessions.engine.dispose()
    lost = set(acknowledged) - stored
    return [
        f"P1  {len(lost)} of {len(acknowledged):,} acknowledged webhooks lost (promised 0 of 20,000), {rows - len(stored)} stored twice, "
        f"after {killed} kills of web and {len(recovered)} restarts of the database; {tried[0] - len(acknowledged):,} tries were refused",
        f"P8  the first webhook is acknowledged {max(recovered, default=0):.2f} s after the database is back (promised 5)",
    ]


def _in_a_process_of_its_own(verb: str, here: Place) -> None:
    """Stop or start the database: the library keeps what it once knew of a server for as long as its process lives."""
    told = f"from pathlib import Path; from outreach.model import embedded; embedded.{verb}(Path({str(here.folder)!r}))"
    subprocess.run([sys.executable, "-W", "ignore", "-c", told], check=True)


def _posted(client: httpx.Client, address: str, index: int) -> bool:
    fields = [
        ("MessageSid", f"SM{index:032x}"), ("From", f"+86{FIRST + index % 200}"), ("To", OUR_NUMBER), ("Body", "有年费吗"),
        ("NumMedia", "0"), ("AccountSid", DEMO_ACCOUNT),
    ]  # fmt: skip
    headers = {
        "X-Twilio-Signature": signature.sign(TOKEN, address + PATH, fields),
        "Content-Type": "application/x-www-form-urlencoded",
    }
    try:
        return client.post(address + PATH, content=urlencode(fields).encode(), headers=headers).status_code == 200
    except httpx.HTTPError:
        return False
