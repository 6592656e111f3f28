"""Which provider may carry which purpose to which country."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import AfterValidator, StringConstraints

from outreach.rules.contact import Purpose

ANY = "any"  # the row for every country that has none of its own

type Provider = Annotated[str, StringConstraints(strict=True, pattern=r"^[a-z][a-z0-9_]*$")]
type Country = Annotated[str, StringConstraints(strict=True, pattern=r"^([A-Z]{2}|any)$")]


def _within_terms(
    table: Mapping[str, Mapping[str, frozenset[Purpose]]],
) -> Mapping[str, Mapping[str, frozenset[Purpose]]]:
    for (country, provider), why in NEVER_MARKETING.items():
        if "marketing" in table.get(country, {}).get(provider, ()):
            msg = f"{country}: {provider} may not carry marketing there ({why}); write [service] or []"
            raise ValueError(msg)
    open_to_all = set(table.get(ANY, {})) - MAY_GO_ANYWHERE
    if open_to_all:
        msg = f"{ANY}: {', '.join(sorted(open_to_all))} may not go to unlisted countries; list each country instead"
        raise ValueError(msg)
    return table


NEVER_MARKETING: Mapping[tuple[str, str], str] = {
    ("CN", "twilio"): "Twilio's terms for mainland China forbid marketing content from banks",
    ("HK", "twilio"): "Twilio's guidelines for Hong Kong bar money and loan content",
}
MAY_GO_ANYWHERE = frozenset({"local"})  # handsets simulated on this machine; nobody is reached

type Countries = Annotated[Mapping[Country, Mapping[Provider, frozenset[Purpose]]], AfterValidator(_within_terms)]


def may_carry(countries: Countries, provider: str, country: str, purpose: Purpose) -> bool:
    """Decide whether a provider may carry a purpose to a country; what is not listed is refused."""
    row = countries.get(country, {})
    return purpose in (row[provider] if provider in row else countries.get(ANY, {}).get(provider, ()))
