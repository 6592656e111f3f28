"""P4: no instant outside the window is permitted, in any zone, over every change of the clocks."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from faults.place import Place
from faults.sizes import INSTANTS
from outreach.rules import quiet_hours
from outreach.rules.channel import Channel

ZONES = (
    "Asia/Shanghai", "Asia/Hong_Kong", "Asia/Urumqi", "Asia/Singapore", "Europe/London", "America/New_York",
    "America/Los_Angeles", "America/St_Johns", "Australia/Lord_Howe", "Pacific/Auckland", "Africa/Casablanca",
)  # fmt: skip


def edges(here: Place) -> list[str]:
    """Random instants of three years, in up to three zones at once, judged by the wall clock alone."""
    policy, calendar = here.house.policy, here.house.calendar
    permitted, wrong = [0], [0]

    @settings(max_examples=INSTANTS, deadline=None, database=None)
    @given(
        at=st.datetimes(datetime(2025, 1, 1), datetime(2027, 12, 31)),
        zones=st.lists(st.sampled_from(ZONES), min_size=1, max_size=3, unique=True),
        channel=st.sampled_from(Channel),
    )
    def judge(at: datetime, zones: list[str], channel: Channel) -> None:
        now = at.replace(tzinfo=UTC)
        if quiet_hours.closed_by(now, channel, tuple(zones), policy, calendar) is not None:
            return
        permitted[0] += 1
        for zone in zones:
            local = datetime.fromtimestamp(now.timestamp(), ZoneInfo(zone))
            clock = f"{local:%H:%M}"
            open_now = (
                "08:00" <= clock < "20:30"
                if channel is Channel.SMS
                else "09:00" <= clock < "12:00" or "14:00" <= clock < "20:00"
            )
            wrong[0] += not open_now or calendar.day(local.date()).kind == "holiday"

    judge()
    return [
        f"P4  {wrong[0]} contacts outside the window of {INSTANTS:,} instants in {len(ZONES)} zones (promised 0 of 50,000); "
        f"{permitted[0]:,} were permitted"
    ]
