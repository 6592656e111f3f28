"""A simulated phone: its number, the persona that answers on it, and who has it in hand."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(slots=True, eq=False)
class Talk:
    """What a persona remembers of the conversation."""

    turn: int = 0  # texts of the bank it has read
    agenda: int = 0  # things of its own that it has brought up
    after: int = 0  # things it has brought up after an ending
    ended: bool = False
    used: set[str] = field(default_factory=set)  # sentences it has said, so as not to repeat itself
    part: str = ""  # the half of the day it has named
    told: set[str] = field(default_factory=set)  # cues it has answered


@dataclass(slots=True, eq=False)
class Handset:
    """One phone; it exists from the first text on."""

    number: str
    persona: str
    pinned: bool = False
    taken: bool = False  # a person types; the persona keeps silent
    talk: Talk = field(default_factory=Talk)
    calls: int = 0  # so far
    read_at: datetime | None = None  # product time of the bank's last text
    opted_out: set[str] = field(default_factory=set)  # the bank's numbers that the carrier blocks for this phone
