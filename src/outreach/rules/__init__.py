"""The rules that may refuse anything: values in, a verdict with a reason out."""

from outreach.rules.channel import EVERY_CHANNEL, Channel
from outreach.rules.contact import Consent, Contact, Reach, Standing
from outreach.rules.delivery import AttemptState, MessageState, advance, may_become, outward
from outreach.rules.permission import may_contact
from outreach.rules.policy import Policy, PolicyError, read_policy
from outreach.rules.verdict import Allowed, Reason, Refused, Verdict

__all__ = [
    "EVERY_CHANNEL",
    "Allowed",
    "AttemptState",
    "Channel",
    "Consent",
    "Contact",
    "MessageState",
    "Policy",
    "PolicyError",
    "Reach",
    "Reason",
    "Refused",
    "Standing",
    "Verdict",
    "advance",
    "may_become",
    "may_contact",
    "outward",
    "read_policy",
]
