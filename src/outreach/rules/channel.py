"""The ways in which the bank reaches a customer."""

from enum import StrEnum


class Channel(StrEnum):
    """One way of reaching a customer."""

    SMS = "sms"  #: a text message
    VOICE = "voice"  #: a telephone call


EVERY_CHANNEL = frozenset(Channel)
