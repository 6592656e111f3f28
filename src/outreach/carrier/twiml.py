"""What a callback is answered with, in Twilio's markup."""

from __future__ import annotations

from twilio.twiml.messaging_response import MessagingResponse

CONTENT_TYPE = "application/xml"


def empty() -> str:
    """Answer a text callback with nothing to say; replies leave later, on their own."""
    return str(MessagingResponse())
