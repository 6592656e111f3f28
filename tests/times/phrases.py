"""Read the table of phrases."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from outreach.times import Past, Slot, Unclear

ZONE = "Asia/Shanghai"
FILE = Path(__file__).with_name("phrases.txt")


@dataclass(frozen=True)
class Phrase:
    line: int
    now: datetime
    words: str
    reading: str

    def __str__(self) -> str:
        return f"{self.line}-{self.words}"


def phrases() -> list[Phrase]:
    found, now = [], None
    for number, line in enumerate(FILE.read_text(encoding="utf-8").splitlines(), 1):
        if line.startswith("at "):
            now = datetime.fromisoformat(line[3:19]).replace(tzinfo=ZoneInfo(ZONE))
        elif line and not line.startswith("#"):
            words, reading = line.split(" = ")
            found.append(Phrase(number, now, words, reading))
    return found


def written(reading: Slot | Past | Unclear) -> str:
    """A reading as the table writes it."""
    if isinstance(reading, Unclear):
        return f"unclear {reading.why}"
    if isinstance(reading, Past):
        return f"past {written(reading.slot)}"
    day = reading.date.isoformat() if reading.date else "-"
    if reading.hour:
        return f"{day} {reading.hour:%H:%M}"
    return f"{day} {reading.part}" if reading.part else day
