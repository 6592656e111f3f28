"""Gates 1 and 9: where the number is, what it is, and whether it still is that."""

from outreach.rules.destinations import may_carry
from outreach.rules.gates.asked import Asked
from outreach.rules.verdict import Reason, Refused


def destination(asked: Asked) -> Refused | None:
    """Providers' terms by country; +86 marketing on Twilio is the best known."""
    contact, country = asked.contact, asked.reach.number_country
    if may_carry(asked.policy.countries, contact.provider, country, contact.purpose):
        return None
    return Refused(
        Reason.DESTINATION,
        figures={"country": country, "provider": contact.provider, "purpose": contact.purpose},
    )


def number_kind(asked: Asked) -> Refused | None:
    """Only a mobile is one person's; premium, shared, toll-free, satellite and short numbers are also how tolls are stolen."""
    kind = asked.reach.number_kind
    return None if kind == "mobile" else Refused(Reason.NUMBER_KIND, figures={"number_kind": kind})


def number_freshness(asked: Asked) -> Refused | None:
    """A number that bounced or changed hands is not tried again."""
    return Refused(Reason.BAD_NUMBER) if asked.reach.number_bad else None
