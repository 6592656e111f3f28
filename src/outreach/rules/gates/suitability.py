"""Gate 6: whether the product suits the customer."""

from outreach.rules.gates.asked import Asked
from outreach.rules.verdict import Reason, Refused


def age(asked: Asked) -> Refused | None:
    """Minors are offered nothing; where the product carries a risk the age has to be known."""
    if asked.contact.purpose != "marketing":
        return None
    minimum, born = asked.policy.ages.minimum_years, asked.reach.birth_year
    # Before this year's birthday one is a year younger, and the birthday is not known here.
    if born is None:
        old_enough = asked.contact.product_risk is None
    else:
        old_enough = min(day.year for day in asked.dates()) - born - 1 >= minimum
    return None if old_enough else Refused(Reason.UNDER_AGE, figures={"minimum_years": minimum})


def suitability(asked: Asked) -> Refused | None:
    """适当性办法 (2026-02-01): no active offer above the customer's level; extra care from 65 on."""
    risk, reach, ages = asked.contact.product_risk, asked.reach, asked.policy.ages
    if risk is None or asked.contact.purpose != "marketing":
        return None
    if reach.risk_level is None:
        return Refused(Reason.UNSUITABLE, figures={"product_risk": risk, "risk_level": None})
    if reach.risk_expires_on is None or reach.risk_expires_on < max(asked.dates()):
        return Refused(
            Reason.RISK_EXPIRED, figures={"expires_on": reach.risk_expires_on and reach.risk_expires_on.isoformat()}
        )
    assert reach.birth_year is not None  # the age gate came before
    careful = max(day.year for day in asked.dates()) - reach.birth_year >= ages.care_from_years
    highest = min(reach.risk_level, ages.care_highest_product_risk) if careful else reach.risk_level
    return None if risk <= highest else Refused(Reason.UNSUITABLE, figures={"product_risk": risk, "highest": highest})
