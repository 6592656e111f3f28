"""What one run of the local carrier is told: the account, the numbers it owns, its pace and its limits."""

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass, field

DELIVERY_SECONDS = 0.4  # machine time from accepted to delivered; a real carrier needs a few seconds
REQUESTS_PER_SECOND = 200  # above it the REST API answers 429; 0 switches the limit off
MESSAGES_KEPT = 100_000  # the oldest message is forgotten beyond this; about 150 MB
CALLS_PER_SECOND = 1.0  # product time; calls above it wait in the queue, as with an account of Twilio's; 0: no limit
CALLS_KEPT = 20_000  # the oldest call, with every line spoken on it, is forgotten beyond this
WEBHOOKS_AT_ONCE = 32  # connections to the bank that are open at the same time, for each kind of webhook
REGIONS = "CN,HK,MO,TW,SG,US,CA,GB"  # countries the account may text; others are refused with 21408


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that does not change while the carrier runs."""

    account_sid: str
    auth_token: str = field(repr=False)
    numbers: tuple[str, ...]
    api_key: str = ""
    api_secret: str = field(default="", repr=False)
    seed: int = 1
    inbound_url: str = ""
    regions: frozenset[str] = frozenset(REGIONS.split(","))
    keywords: bool = True
    delivery_seconds: float = DELIVERY_SECONDS
    requests_per_second: float = REQUESTS_PER_SECOND
    texts_per_second: float = 0
    messages_kept: int = MESSAGES_KEPT
    calls_per_second: float = CALLS_PER_SECOND
    calls_at_once: int = 0  # beyond it a call is refused with 10004; 0: no limit
    calls_kept: int = CALLS_KEPT
    dialled: str = "answer"  # what comes of a Dial: answer, busy, no_answer or invalid


class MissingSettingsError(Exception):
    """The carrier was not told which account it plays."""


def account(env: Mapping[str, str] = os.environ) -> Settings:
    """Read the account, its credentials and its numbers from the environment; every missing name is reported at once."""
    names = ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "OUTREACH_SENDER")
    if missing := [name for name in names if not env.get(name)]:
        raise MissingSettingsError("set " + ", ".join(missing))
    return Settings(
        account_sid=env["TWILIO_ACCOUNT_SID"],
        auth_token=env["TWILIO_AUTH_TOKEN"],
        numbers=tuple(number.strip() for number in env["OUTREACH_SENDER"].split(",")),
        api_key=env.get("TWILIO_API_KEY", ""),
        api_secret=env.get("TWILIO_API_SECRET", ""),
    )


def number_sid(account_sid: str, number: str) -> str:
    """Name an owned number: the same number has the same SID in every run."""
    return "PN" + hashlib.sha256(f"{account_sid} {number}".encode()).hexdigest()[:32]
