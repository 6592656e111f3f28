"""How long each kind of record is kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import AfterValidator, ConfigDict, Field, PlainValidator

FOREVER: Literal["forever"] = "forever"


def read_days(written: object) -> int | Literal["forever"]:
    """Read how long: a number of days, or the word forever."""
    if written == FOREVER:
        return FOREVER
    if type(written) is int and written >= 0:  # by type, since true is an int to Python
        return written
    raise ValueError("write a number of days, 0 or more, or forever")


type Days = Annotated[int | Literal["forever"], PlainValidator(read_days)]


type Words = Annotated[str, Field(min_length=1)]


@dataclass(frozen=True, kw_only=True)
class Why:
    """A reason, in the languages of the console."""

    __pydantic_config__ = ConfigDict(extra="forbid")
    zh: Words
    en: Words


@dataclass(frozen=True, kw_only=True)
class Keep:
    """How long one kind of record is kept, and why."""

    __pydantic_config__ = ConfigDict(extra="forbid")
    days: Days
    why: Why


# Kind of record -> fewest and most days. Proof has a floor, customers' words have a ceiling.
BOUNDS: Mapping[str, tuple[float, float]] = {
    "suppressions": (float("inf"), float("inf")),
    "consents": (1095, float("inf")),
    "audit": (1095, float("inf")),
    "verdicts": (150, 3650),
    "attempts": (150, 3650),
    "conversations": (150, 1825),
    "call_recordings": (150, 1825),
    "carrier_copies": (0, 30),
    "carrier_events": (7, 90),
    "staff_tasks": (150, 3650),
    "import_files": (0, 30),
    "exports": (0, 30),
    "staff_sessions": (0, 90),
    "finished_jobs": (0, 30),
    "bot_tracker": (0, 0),
}


def _within_bounds(table: Mapping[str, Keep]) -> Mapping[str, Keep]:
    missing, unknown = sorted(BOUNDS.keys() - table.keys()), sorted(table.keys() - BOUNDS.keys())
    if missing or unknown:
        msg = f"needs one line for each of {', '.join(BOUNDS)}; missing {missing}, unknown {unknown}"
        raise ValueError(msg)
    for kind, keep in table.items():
        fewest, most = BOUNDS[kind]
        days = float("inf") if keep.days == FOREVER else keep.days
        if not fewest <= days <= most:
            msg = f"{kind}: days may be from {_written(fewest)} to {_written(most)}"
            raise ValueError(msg)
    return table


def _written(days: float) -> str:
    return FOREVER if days == float("inf") else str(int(days))


type Retention = Annotated[Mapping[str, Keep], AfterValidator(_within_bounds)]
