"""What is said on a call and what follows, in the bank's words; `twiml` puts it into the provider's."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Voice:
    """How a bank speaks and listens (config/bank.yml, voice)."""

    name: str = "Polly.Zhiyu-Neural"
    speaks: str = "cmn-CN"
    hears: str = "cmn-Hans-CN"
    model: str = "googlev2_telephony"
    """The recogniser: Twilio's default one does not take `speechTimeout` and warns (13335)."""
    pause_seconds: str = "auto"
    """How long a pause ends what the customer says."""
    silence_seconds: int = 5
    """How long a customer may think before the silence counts as an answer."""


@dataclass(frozen=True)
class Listen:
    """Then the customer speaks, or presses a key."""

    barge_in: bool = True
    hints: tuple[str, ...] = ()


@dataclass(frozen=True)
class HangUp:
    """Then the call is over."""


@dataclass(frozen=True)
class Transfer:
    """Then a person is dialled."""

    to: str = field(repr=False)


@dataclass(frozen=True)
class Wait:
    """Then the line is held: the next words are still being thought of."""


@dataclass(frozen=True)
class Speech:
    """One turn of a call."""

    pieces: tuple[str, ...] = field(default=(), repr=False)
    """What is said, one breath each."""
    then: Listen | HangUp | Transfer | Wait = HangUp()
    protected: tuple[str, ...] = field(default=(), repr=False)
    """What is said first and heard to its end, whatever the customer says meanwhile."""

    @property
    def characters(self) -> int:
        """How much is said."""
        return sum(len(piece) for piece in (*self.protected, *self.pieces))
