"""Gates 2 and 3: what the customer refused, and what the customer agreed to."""

from outreach.rules.gates.asked import Asked
from outreach.rules.verdict import Reason, Refused


def opt_out(asked: Asked) -> Refused | None:
    """广告法 43, 消保法 29, 通信短信息服务管理规定: nothing after a refusal, except the one line that confirms it."""
    if asked.contact.channel not in asked.reach.suppressed or asked.is_confirmation():
        return None
    return Refused(Reason.OPTED_OUT, figures={"channels": sorted(asked.reach.suppressed)})


def complaint(asked: Asked) -> Refused | None:
    """消保办法: a complaint stops everything until a person decides."""
    return Refused(Reason.COMPLAINT_OPEN) if asked.reach.complaint_open and not asked.is_confirmation() else None


def consent(asked: Asked) -> Refused | None:
    """广告法 43, PIPL 13-15: consent for this purpose and channel, which may run out and be taken back."""
    consent, contact = asked.reach.consent, asked.contact
    if contact.invited and contact.purpose == "service" and (consent is None or consent.withdrawn_at is None):
        return None  # what a customer asks for on a call needs no older consent; one that was taken back still holds
    if consent is None or consent.given_at > asked.now or contact.channel not in consent.channels:
        return Refused(Reason.NO_CONSENT)
    # Who agreed to marketing agreed to be told about the service; the reverse does not hold.
    if contact.purpose == "marketing" and consent.purpose != "marketing":
        return Refused(Reason.NO_CONSENT, figures={"consented_to": consent.purpose})
    if consent.withdrawn_at is not None:
        return Refused(Reason.CONSENT_WITHDRAWN, figures={"withdrawn_at": consent.withdrawn_at.isoformat()})
    if consent.expires_at is not None and consent.expires_at <= asked.now:
        return Refused(Reason.CONSENT_EXPIRED, figures={"expired_at": consent.expires_at.isoformat()})
    return None
