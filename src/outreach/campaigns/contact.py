"""Contact one customer now, through the same rules as a campaign."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from outreach.campaigns import publication, standing
from outreach.campaigns.branches import branch_named
from outreach.campaigns.closing import close_unpermitted
from outreach.campaigns.standing import Intended
from outreach.carrier import numbers
from outreach.carrier.numbers import NotANumber, Number
from outreach.conversations import opening, wording
from outreach.conversations.facts import Facts
from outreach.conversations.house import House
from outreach.conversations.opening import Chosen
from outreach.model import Account, Attempt, Card, Consent, Customer, Gender, ScriptVersion
from outreach.model.columns import new_id
from outreach.model.sealing import Sealer
from outreach.rules import content
from outreach.rules.channel import Channel
from outreach.rules.delivery import AttemptState
from outreach.rules.sms_length import too_long
from outreach.rules.verdict import Reason, Refused
from outreach.scripts.rendering import CannotRender
from outreach.scripts.script import Script

KEYS = ("name", "gender", "card_tail", "branch", "manager", "ref")


class BadContact(ValueError):
    """What was asked for cannot be done; says which value is wrong and what would be right."""


@dataclass(frozen=True)
class Contacted:
    """What became of it: a conversation, or the reason why there is none."""

    attempt: UUID
    conversation: UUID | None = None
    reason: str | None = None
    until: datetime | None = None


def contact(
    db: Session,
    house: House,
    sealer: Sealer,
    now: datetime,
    *,
    phone: str,
    script: str,
    channel: str,
    about: Mapping[str, Any],
    offer: Mapping[str, str],
) -> Contacted:
    """Reach one customer, creating the record if needed; raises BadContact before anything is written."""
    number = numbers.read(phone)
    if isinstance(number, NotANumber):
        raise BadContact(f"--phone: {number.problem}; {number.fix}")
    version, assembled = _script(db, script, channel)
    offered = _offer(assembled, offer)
    customer = _customer(db, sealer, number, about, now)
    _agree(db, customer, Channel(channel), now)
    attempt = Attempt(
        customer_id=customer.id,
        channel=Channel(channel),
        script_version_id=version.id,
        offer=offered,
        step=f"contact:{new_id()}",
        state=AttemptState.DUE,
        due_at=now,
        created_at=now,
    )
    db.add(attempt)
    db.flush()
    return _begin(db, house, attempt, customer, version, assembled, now)


def _begin(
    db: Session,
    house: House,
    attempt: Attempt,
    customer: Customer,
    version: ScriptVersion,
    script: Script,
    now: datetime,
) -> Contacted:
    known = opening.known_of(db, [customer], house, now)[customer.id]
    first = opening_of(Chosen(attempt.channel, attempt.variant, attempt.offer), script, known, house)
    intended = Intended(customer, attempt.channel, version, missing_facts=first.missing, content_problem=first.problem)
    verdict = standing.ask(db, house, [intended], now)[0]
    attempt.verdict = standing.stored(verdict, house)
    if isinstance(verdict, Refused):
        close_unpermitted(attempt, str(verdict.reason), now)
        db.add(attempt)
        return Contacted(attempt.id, None, str(verdict.reason), verdict.until)
    try:
        conversation = opening.begin(db, attempt, customer, script, known, house, now)
    except CannotRender:
        close_unpermitted(attempt, str(Reason.CONTENT), now)
        db.add(attempt)
        return Contacted(attempt.id, None, str(Reason.CONTENT))
    return Contacted(attempt.id, conversation.id)


@dataclass(frozen=True)
class Opening:
    """An opening as it would be said to one customer, or what stands in its way."""

    body: str = ""
    missing: tuple[str, ...] = ()
    """The facts that the script needs and the record lacks."""
    problem: str | None = None
    """What is wrong with its words."""


def opening_of(chosen: Chosen, script: Script, known: Facts, house: House) -> Opening:
    """The words a contact would begin with."""
    missing = tuple(fact for fact in script.facts if _absent(known, fact))
    if missing:
        return Opening(missing=missing)
    try:
        body = opening.worded(chosen, script, known, house)
    except CannotRender as error:
        return Opening(problem=str(error))
    return Opening(body, problem=words_problem(chosen.channel, body, house))


def words_problem(channel: Channel, words: str, house: House) -> str | None:
    """What is wrong with the words that a contact begins with: what must not be said, or a text longer than may be."""
    wrong = content.problem(words)
    if wrong is None and channel is Channel.SMS:
        wrong = too_long(words, house.policy.text.most_segments)
    return wrong


def _absent(known: Facts, fact: str) -> bool:
    group, _, key = fact.partition(".")
    return not known.get(group, {}).get(key)


def _script(db: Session, name: str, channel: str) -> tuple[ScriptVersion, Script]:
    version = publication.published(db, name)
    if version is None:
        known = "、".join(publication.published_names(db)) or "none"
        raise BadContact(f"--script: no published script {name!r}; published are {known}")
    script = wording.script_of(db, version.id)
    if script.product == "wealth":
        raise BadContact(
            f"--script: {name} is about a wealth product, whose risk is named by a campaign (product_risk)"
        )
    if channel not in script.channels:
        raise BadContact(f"--channel: {name} has no wording for {channel!r}; it has {', '.join(script.channels)}")
    return version, script


def _offer(script: Script, given: Mapping[str, str]) -> dict[str, str]:
    unknown = sorted(set(given) - set(script.offer))
    if unknown:
        raise BadContact(f"--offer: {unknown} are not fields of {script.name}; it has {sorted(script.offer)}")
    return {**script.offer, **given}


def _customer(db: Session, sealer: Sealer, number: Number, about: Mapping[str, Any], now: datetime) -> Customer:
    unknown = sorted(set(about) - set(KEYS))
    if unknown:
        raise BadContact(f"--customer: {unknown} are not known; give {', '.join(KEYS)}")
    customer = db.exec(select(Customer).where(Customer.phone_hash == sealer.find(number.e164))).first()
    if customer is None:
        if not about.get("name"):
            raise BadContact('--customer: no record has this number; give at least its name, as {"name": "王芳"}')
        customer = Customer(
            name=str(about["name"]),
            phone_sealed=sealer.seal(number.e164),
            phone_hash=sealer.find(number.e164),
            phone_country=number.country,
            phone_kind=str(number.kind),
            zones=list(number.zones),
            created_at=now,
        )
    _describe(db, customer, about)
    return customer


def _describe(db: Session, customer: Customer, about: Mapping[str, Any]) -> None:
    customer.name = str(about.get("name") or customer.name)
    customer.manager = about.get("manager") or customer.manager
    customer.ref = about.get("ref") or customer.ref
    if gender := about.get("gender"):
        if gender not in set(Gender):
            raise BadContact(f"--customer: gender {gender!r} is not known; give f or m")
        customer.gender = Gender(gender)
    if branch := about.get("branch"):
        customer.branch_id = branch_named(db, str(branch)).id
    db.add(customer)
    db.flush()
    if tail := about.get("card_tail"):
        if not (isinstance(tail, str) and len(tail) == 4 and tail.isascii() and tail.isdigit()):  # noqa: PLR2004
            raise BadContact(f'--customer: card_tail {tail!r} is not a card\'s last four digits, such as "6612"')
        known = select(Card.id).where(Card.customer_id == customer.id, Card.tail == tail)
        if db.exec(known).first() is None:
            db.add(Card(customer_id=customer.id, tail=tail))
    if db.get(Account, customer.id) is None:
        db.add(Account(customer_id=customer.id))
    db.flush()


def _agree(db: Session, customer: Customer, channel: Channel, now: datetime) -> None:
    """Record the consent that the operator vouches for. A suppression stands whatever they say."""
    standing_one = select(Consent.id).where(
        Consent.customer_id == customer.id, Consent.channel == channel, col(Consent.withdrawn_at).is_(None)
    )
    if db.exec(standing_one).first() is None:
        db.add(Consent(customer_id=customer.id, channel=channel, given_at=now, source="operator"))
    db.flush()
