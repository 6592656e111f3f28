"""The columns of a customer list: their headers, and how the cells below them are read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from outreach.campaigns.customer_cells import amount, day, gender, identity, name, risk, tail, text, year, yes_or_no

HEADERS: Mapping[str, str] = {
    "客户号": "id", "姓名": "name", "性别": "gender", "手机号": "phone", "网点": "branch", "客户经理": "manager",
    "卡尾号": "card_tail", "发卡日": "issued_on", "激活日": "activated_on", "已绑借记卡": "debit_bound", "存款": "deposits",
    "净流": "net_flow_90d", "最近联系": "last_contact", "短信同意": "consent_sms", "电话同意": "consent_voice",
    "同意日期": "consent_at", "同意来源": "consent_source", "出生年": "birth_year", "风险等级": "risk_level",
    "风险到期": "risk_expires_on", "网点地址": "branch_address",
}  # fmt: skip
"""Chinese header to field; the field's own name is a header as well."""

COLUMNS: Mapping[str, Callable[[str], Any]] = {
    "id": identity, "name": name, "gender": gender, "phone": str, "branch": text, "manager": text, "card_tail": tail,
    "issued_on": day, "activated_on": day, "debit_bound": yes_or_no, "deposits": amount, "net_flow_90d": amount,
    "last_contact": day, "consent_sms": yes_or_no, "consent_voice": yes_or_no, "consent_at": day,
    "consent_source": text, "birth_year": year, "risk_level": risk, "risk_expires_on": day, "branch_address": text,
}  # fmt: skip
"""Field to the reader of its cells; a number is read by `carrier.numbers`."""

REQUIRED = ("name", "phone")
CHINESE: Mapping[str, str] = {field: header for header, field in HEADERS.items()}
"""Field to its header as staff know it."""


def field_of(header: str, mapping: Mapping[str, str]) -> str | None:
    """The field that a header stands for; None for a column we do not read."""
    return mapping.get(header) or HEADERS.get(header) or (header.lower() if header.lower() in COLUMNS else None)
