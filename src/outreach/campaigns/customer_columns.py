"""The columns of a customer list."""

from __future__ import annotations

from outreach.campaigns.list_cells import amount, day, gender, identity, name, risk, tail, text, year, yes_or_no
from outreach.campaigns.list_columns import Columns

CUSTOMER_LIST = Columns(
    headers={
        "客户号": "id", "姓名": "name", "性别": "gender", "手机号": "phone", "网点": "branch", "客户经理": "manager",
        "卡尾号": "card_tail", "发卡日": "issued_on", "激活日": "activated_on", "已绑借记卡": "debit_bound",
        "存款": "deposits", "净流": "net_flow_90d", "最近联系": "last_contact", "短信同意": "consent_sms",
        "电话同意": "consent_voice", "同意日期": "consent_at", "同意来源": "consent_source", "出生年": "birth_year",
        "风险等级": "risk_level", "风险到期": "risk_expires_on", "网点地址": "branch_address",
    },
    # A number is read by `carrier.numbers`.
    readers={
        "id": identity, "name": name, "gender": gender, "phone": str, "branch": text, "manager": text,
        "card_tail": tail, "issued_on": day, "activated_on": day, "debit_bound": yes_or_no, "deposits": amount,
        "net_flow_90d": amount, "last_contact": day, "consent_sms": yes_or_no, "consent_voice": yes_or_no,
        "consent_at": day, "consent_source": text, "birth_year": year, "risk_level": risk, "risk_expires_on": day,
        "branch_address": text,
    },
    required=("name", "phone"),
    most_rows=500_000,  # who was named where is held in memory
)  # fmt: skip
