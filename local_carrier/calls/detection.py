"""Telling people from machines: what the detection finds, and when."""

from local_carrier.carrier import Carrier

from . import reports
from .call import Call
from .pickup import Pickup

HUMAN_SECONDS = 1.6  # a short word, and then silence
MACHINE_SECONDS = 3.4  # more speech at a stretch than people begin with
SILENCE_SECONDS = 5.0  # nobody says anything: unknown
MACHINES = {"machine_start": "machine_end_beep"}  # what is found when the bank waits for the end of the greeting


async def detect(carrier: Carrier, call: Call, pickup: Pickup) -> None:
    """Find out who picked up; with a detection in the background, report it."""
    found = pickup.answered_by
    if found == "machine_start" and call.wishes.detection == "DetectMessageEnd":
        seconds, found = pickup.greeting_seconds, MACHINES[found]
    else:
        seconds = {"human": HUMAN_SECONDS, "unknown": SILENCE_SECONDS}.get(found, MACHINE_SECONDS)
    if seconds > call.wishes.detection_timeout:
        seconds, found = float(call.wishes.detection_timeout), "unknown"
    await carrier.schedule.pause(seconds)
    if not call.live:
        return
    call.answered_by, call.detection_ms = found, round(seconds * 1000)
    if call.wishes.async_detection:
        reports.send(carrier, call, call.wishes.async_detection, reports.detection_form(call))
