"""A recording as Twilio keeps it: its facts, its JSON, and a short real WAV in place of the voices."""

import io
import secrets
import wave
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from local_carrier.clock import machine_now
from local_carrier.message import API_VERSION, rfc2822

WAV_SECONDS = 1.0  # of silence; nobody's voice is made here
SAMPLES_PER_SECOND = 8000


@dataclass(slots=True, eq=False)
class Recording:
    """One recording of a call."""

    account_sid: str
    call_sid: str
    source: str
    channels: int = 1
    track: str = "both"
    sid: str = field(default_factory=lambda: "RE" + secrets.token_hex(16))
    status: str = "in-progress"
    created: datetime = field(default_factory=machine_now)
    updated: datetime = field(default_factory=machine_now)
    began: float = 0.0  # seconds of the call
    seconds: float = 0.0

    def finish(self, elapsed: float, status: str = "completed") -> None:
        """Close the recording at this second of the call."""
        self.seconds, self.status, self.updated = max(elapsed - self.began, 0.0), status, machine_now()


def uri(recording: Recording) -> str:
    """Tell the address of a recording without its ending: .json shows it, .wav plays it."""
    return f"/{API_VERSION}/Accounts/{recording.account_sid}/Recordings/{recording.sid}"


def as_json(recording: Recording, base: str, *, of_call: bool = False) -> dict[str, Any]:
    """Show a recording the way the REST API does; under its call the answer has other fields."""
    shown: dict[str, Any] = {
        "account_sid": recording.account_sid,
        "api_version": API_VERSION,
        "call_sid": recording.call_sid,
        "channels": recording.channels,
        "conference_sid": None,
        "date_created": rfc2822(recording.created),
        "date_updated": rfc2822(recording.updated),
        "duration": str(round(recording.seconds)) if recording.status == "completed" else None,
        "encryption_details": None,
        "error_code": None,
        "price": None,
        "price_unit": "USD",
        "sid": recording.sid,
        "source": recording.source,
        "start_time": rfc2822(recording.created),
        "status": recording.status,
    }
    if of_call:
        own = f"/{API_VERSION}/Accounts/{recording.account_sid}/Calls/{recording.call_sid}/Recordings/{recording.sid}"
        return shown | {"track": recording.track, "uri": own + ".json"}
    kinds = {"add_on_results": "AddOnResults", "transcriptions": "Transcriptions"}
    return shown | {
        "media_url": base + uri(recording),
        "subresource_uris": {name: f"{uri(recording)}/{path}.json" for name, path in kinds.items()},
        "uri": uri(recording) + ".json",
    }


def silence(channels: int) -> bytes:
    """Make a real WAV file of silence."""
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(channels)
        sound.setsampwidth(2)
        sound.setframerate(SAMPLES_PER_SECOND)
        sound.writeframes(b"\0\0" * channels * int(SAMPLES_PER_SECOND * WAV_SECONDS))
    return file.getvalue()
