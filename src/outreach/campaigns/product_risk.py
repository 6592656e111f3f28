"""How risky the investment product is that a campaign offers, so that it is offered to nobody it does not suit.

product_risk: R3     # R1 to R5; left out where no investment product is offered
"""

from __future__ import annotations

from collections.abc import Iterator

from outreach.documents import Document, Problem
from outreach.rules.verdict import Reason
from outreach.said import said
from outreach.scripts.form import Form
from outreach.scripts.script import Script

KEYS = ("product_risk",)
LEVELS = {f"R{level}": level for level in range(1, 6)}
"""适当性办法: R1 is the least risk, R5 the most."""
REFUSALS = (Reason.UNSUITABLE, Reason.RISK_EXPIRED, Reason.UNDER_AGE)
"""Why somebody is not offered a product of some risk."""


def read(form: Form) -> int | None:
    """The level of a campaign file as a number; none where it offers no investment product."""
    if "product_risk" not in form.document.root:
        return None
    level = form.document.root["product_risk"]
    if isinstance(level, str) and level in LEVELS:
        return LEVELS[level]
    form.refuse(["product_risk"], said("is %(value)s", value=repr(level)), said("R1 to R5, such as R3"))
    return None


def problems(document: Document, risk: int | None, script: Script) -> Iterator[Problem]:
    """A script about a wealth product whose risk nobody names would be said to customers it does not suit."""
    if script.product == "wealth" and risk is None:
        wrong = said("is missing, and %(script)s is about a wealth product", script=script.name)
        yield document.problem(["product_risk"], wrong, said("R1 to R5, such as R3"))
