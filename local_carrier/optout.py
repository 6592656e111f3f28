"""The carrier's own keywords: one English word, per sender number, before the bank's program decides anything."""

from .handset import Handset

STOP = frozenset({"STOP", "UNSUBSCRIBE", "END", "QUIT", "STOPALL", "REVOKE", "OPTOUT", "CANCEL"})
START = frozenset({"START", "YES", "UNSTOP"})
HELP = frozenset({"HELP", "INFO"})

STOPPED = (
    "You have successfully been unsubscribed. You will not receive any more messages from this number. "
    "Reply START to resubscribe."
)
STARTED = (
    "You have successfully been re-subscribed to messages from this number. "
    "Reply HELP for help. Reply STOP to unsubscribe. Msg&Data Rates May Apply."
)
HELPED = "Reply STOP to unsubscribe. Msg&Data Rates May Apply."


def obey(handset: Handset, sender: str, body: str) -> str | None:
    """Apply a keyword to a handset; answer what the carrier texts back, if anything. "STOP PLEASE" is no keyword."""
    word = body.strip().upper()
    if word in STOP and sender not in handset.opted_out:
        handset.opted_out.add(sender)
        return STOPPED
    if word in START and sender in handset.opted_out:
        handset.opted_out.discard(sender)
        return STARTED
    return HELPED if word in HELP and sender not in handset.opted_out else None
