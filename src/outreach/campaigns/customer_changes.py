"""What a batch of rows adds to the store or changes in it, written in as few statements as there are tables."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session

from outreach.campaigns.customer_columns import CUSTOMER_LIST
from outreach.campaigns.customer_known import Known, Stored
from outreach.campaigns.customer_row import CustomerRow
from outreach.campaigns.list_columns import Refusal
from outreach.campaigns.upsert import upsert
from outreach.clock import ZONE
from outreach.model import Account, Card, Consent, Customer, Purpose, suppressions
from outreach.model.columns import new_id
from outreach.model.sealing import Sealer
from outreach.rules.channel import Channel

PRODUCT = "信用卡"
KEPT = ("gender", "birth_year", "risk_level", "risk_expires_on", "manager")
"""Fields that go into a column of the same name, and stay as they are where a row says nothing."""
BANK = ZoneInfo(ZONE)


class Changes:
    """Collects the changes of a batch; nothing is written before `write`."""

    def __init__(self, known: Known, sealer: Sealer, now: datetime) -> None:
        self._known, self._sealer, self._now = known, sealer, now
        self._customers: list[dict[str, Any]] = []
        self._cards: list[dict[str, Any]] = []
        self._accounts: list[dict[str, Any]] = []
        self._consents: list[dict[str, Any]] = []
        self._moved: list[tuple[UUID, bytes, bytes]] = []

    def refusal(self, row: CustomerRow, found: bytes) -> Refusal | None:
        """Why the store cannot take a row that reads well by itself."""
        customer, holder = self._known.customer(row, found), self._known.holder(found)
        number = row.number.e164
        if holder is not None and (customer is None or holder.id != customer.id):
            whose = f"属于另一位客户{holder.ref or ''}"
            return CUSTOMER_LIST.refusal(row.line, "phone", number, whose, "核对号码归谁所有")
        if customer is not None and customer.erased_at is not None:
            return CUSTOMER_LIST.refusal(row.line, "id", customer.ref or "", "该客户已按要求删除", "从名单中去掉这一行")
        if self._known.was_erased(found):
            fix = "从名单中去掉这一行；号码换了机主的，先用outreach suppressions lift解除"
            return CUSTOMER_LIST.refusal(row.line, "phone", number, "该号码的客户已按要求删除", fix)
        card = self._card(row, customer)
        if card and card["issued_on"] and card["activated_on"] and card["activated_on"] < card["issued_on"]:
            said = "activated_on" if row.values.get("activated_on") else "issued_on"
            return CUSTOMER_LIST.refusal(
                row.line, said, str(card[said]), "激活日早于发卡日（与已存的日期相比）", "核对两个日期"
            )
        return None

    def add(self, row: CustomerRow, found: bytes) -> UUID:
        """Collect what a row changes; the customer it is about."""
        customer = self._known.customer(row, found)
        values = self._customer(row, found, customer)
        if customer is None or _differs(customer, values):
            self._customers.append(values)
        if customer is not None and customer.phone_hash and customer.phone_hash != found:
            self._moved.append((customer.id, customer.phone_hash, found))
        card = self._card(row, customer)
        if card is not None:
            card |= {"customer_id": values["id"]}
            if card != self._stored_card(customer, card["tail"]):
                self._cards.append(card)
        account = self._account(row, values["id"])
        if account is not None:
            self._accounts.append(account)
        return UUID(str(values["id"]))

    def agree(self, row: CustomerRow, customer: UUID) -> tuple[bool, bool]:
        """Collect what a row says about consent; whether one stands now, and whether one was claimed without proof."""
        stands = unproven = False
        given_on, source = row.values.get("consent_at"), row.values.get("consent_source")
        for channel in Channel:
            says = row.values.get(f"consent_{channel}")
            standing, withdrawn = self._known.consent(customer, channel)
            if says is False and standing is not None:
                self._consents.append(dict(standing._mapping) | {"withdrawn_at": self._now})  # noqa: SLF001 - public API
                continue
            if says is True and given_on and source:
                at = datetime.combine(given_on, time(), BANK).astimezone(UTC)
                # A day's consent counts from its midnight: one given on the day of a withdrawal revives nothing.
                if at > max(
                    withdrawn or at.min.replace(tzinfo=UTC),
                    standing.given_at if standing else at.min.replace(tzinfo=UTC),
                ):
                    self._renew(customer, channel, at, source, standing)
                    stands = True
            elif says is True and standing is None:
                unproven = True
            stands = stands or (
                standing is not None and (standing.expires_at is None or standing.expires_at > self._now)
            )
        return stands, unproven

    def __len__(self) -> int:
        """How many rows of the store change so far."""
        return len(self._customers) + len(self._cards) + len(self._accounts) + len(self._consents)

    def write(self, db: Session) -> None:
        """Write everything that was collected."""
        upsert(db, Customer, self._customers, "id")
        upsert(db, Card, self._cards, "id")
        upsert(db, Account, self._accounts, "customer_id")
        upsert(db, Consent, self._consents, "id")
        for customer, before, after in self._moved:
            suppressions.carry(db, customer, before, after)

    def _customer(self, row: CustomerRow, found: bytes, customer: Stored | None) -> dict[str, Any]:
        given, number = row.values, row.number
        same = customer is not None and customer.phone_hash == found
        return {
            "id": customer.id if customer else new_id(),
            "ref": given.get("id") or (customer.ref if customer else None),
            "name": given["name"],
            "phone_sealed": customer.phone_sealed if customer and same else self._sealer.seal(number.e164),
            "phone_hash": found,
            "phone_country": number.country,
            "phone_kind": str(number.kind),
            "zones": list(number.zones),
            "phone_bad_since": customer.phone_bad_since if customer and same else None,
            "branch_id": self._known.branch(given.get("branch")) or (customer.branch_id if customer else None),
            "last_contact_on": given.get("last_contact") or (customer.last_contact_on if customer else None),
            "created_at": customer.created_at if customer else self._now,
        } | {field: _given(row, field, customer) for field in KEPT}

    def _card(self, row: CustomerRow, customer: Stored | None) -> dict[str, Any] | None:
        tail = row.values.get("card_tail")
        if not tail:
            return None
        card = self._known.card(customer.id, tail) if customer else None
        return {
            "id": card.id if card else new_id(),
            "customer_id": customer.id if customer else None,
            "tail": tail,
            "product": card.product if card else PRODUCT,
            **{field: _given(row, field, card) for field in ("issued_on", "activated_on", "debit_bound")},
        }

    def _stored_card(self, customer: Stored | None, tail: str) -> Mapping[str, Any] | None:
        card = self._known.card(customer.id, tail) if customer else None
        return dict(card._mapping) if card else None  # noqa: SLF001 - public API

    def _account(self, row: CustomerRow, customer: UUID) -> dict[str, Any] | None:
        account = self._known.account(customer)
        values = {field: _given(row, field, account) for field in ("deposits", "net_flow_90d")}
        if account is not None and not _differs(account, values):
            return None
        return {"customer_id": customer, **values}

    def _renew(self, customer: UUID, channel: Channel, at: datetime, source: str, before: Stored | None) -> None:
        """Add a consent to the ledger; an older one that stands ends where the new one begins."""
        if before is not None:
            self._consents.append(dict(before._mapping) | {"withdrawn_at": at})  # noqa: SLF001 - public API
        self._consents.append(
            {
                "id": new_id(), "customer_id": customer, "channel": channel, "purpose": Purpose.MARKETING,
                "given_at": at, "expires_at": None, "withdrawn_at": None, "source": source,
            }
        )  # fmt: skip


def _given(row: CustomerRow, field: str, before: object | None) -> Any:
    """What the row says, or what was known where it says nothing."""
    value = row.values.get(field)
    return getattr(before, field, None) if value is None else value


def _differs(stored: Stored, values: Mapping[str, Any]) -> bool:
    return any(getattr(stored, field) != value for field, value in values.items())
