"""A call on a stage: picked up, talked on, ended; what Twilio would do with each document is done here in a few lines."""

from __future__ import annotations

from uuid import UUID
from xml.etree import ElementTree as ET

from sqlmodel import col, select

from outreach.campaigns import settle_calls
from outreach.carrier import twiml
from outreach.carrier.call_port import CallReport, CallStatus, HeardCall
from outreach.cli.stage import PATIENCE_SECONDS, Stage, address
from outreach.conversations.call import Calls
from outreach.model import Message, Side
from outreach.rules.channel import Channel


class CallOnStage:
    """The call of a conversation; `over` once it has ended."""

    def __init__(self, stage: Stage, conversation: UUID) -> None:
        self._stage = stage
        self._calls = Calls(
            stage.sessions, stage.dialogue, stage.clock, stage.house, stage.carrier.name, address,
            filler_seconds=PATIENCE_SECONDS, give_up_seconds=PATIENCE_SECONDS,
        )  # fmt: skip
        with stage.sessions.reading() as db:
            placed = select(Message).where(
                Message.conversation_id == conversation,
                Message.channel == Channel.VOICE,
                Message.side == Side.BANK,
                col(Message.starts_contact),
            )
            opening = db.exec(placed).one()
        self.id, self.ref = opening.id, opening.carrier_ref or ""
        self.over = False
        self.dial_result = "completed"
        self._number = 0

    def picks_up(self) -> list[str]:
        """The customer picks up; what they hear."""
        self._report(CallStatus.RINGING)
        self._report(CallStatus.ANSWERED)
        return self._perform(self._calls.answered(self.id, self.ref))

    def says(self, words: str = "", digits: str = "") -> list[str]:
        """The customer speaks, presses a key, or with neither is silent; what they hear."""
        heard = HeardCall(ref=self.ref, words=words, digits=digits, confidence=0.9 if words else None)
        return self._perform(self._calls.heard(self.id, self._number, heard))

    def detects(self, found: str) -> list[str]:
        """The machine detection comes to a result; what is said to a machine."""
        stage = self._stage
        said = settle_calls.detected(stage.sessions, stage.clock, stage.house, self.id, self.ref, found)
        if said is None:
            return []
        document = twiml.spoken(said, stage.house.bank.calling.voice)
        return self._perform(document)

    def ends(self, status: CallStatus = CallStatus.COMPLETED, sip_code: str | None = None) -> None:
        """The call is over, for whatever reason."""
        self.over = True
        self._report(status, sip_code)
        self._calls.close()
        self._stage.deliver()

    def _report(self, status: CallStatus, sip_code: str | None = None) -> None:
        stage = self._stage
        seconds = 30 if status is CallStatus.COMPLETED else None
        said = CallReport(ref=self.ref, status=status, sip_code=sip_code, duration_seconds=seconds)
        settle_calls.report(stage.sessions, stage.clock, stage.house, stage.carrier.name, self.id, said)

    def _perform(self, document: str) -> list[str]:
        """Say what a document says, and do what it asks for."""
        root = ET.fromstring(document.encode())  # noqa: S314 - our own document
        pieces = "".join("".join(say.itertext()) for say in root.iter("Say"))
        spoken = [pieces] if pieces else []
        gather, dial, redirect = root.find("Gather"), root.find("Dial"), root.find("Redirect")
        if gather is not None:
            self._number = int(gather.attrib["action"].rpartition("/")[2])
        elif dial is not None:
            spoken += self._perform(self._calls.dialled(self.id, self.ref, self.dial_result))
        elif redirect is not None:
            spoken += self._perform(self._calls.waited(self.id, self._number, self.ref))
        elif not self.over:
            self.ends()
        return spoken
