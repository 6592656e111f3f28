"""Invented customers and sample campaigns for the demo: the same seed makes the same people."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from random import Random

HEADERS = (
    "客户号", "姓名", "性别", "手机号", "网点", "客户经理", "卡尾号", "发卡日", "激活日", "已绑借记卡", "存款", "净流",
    "最近联系", "短信同意", "电话同意", "同意日期", "同意来源",
)  # fmt: skip
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗"
GIVEN = "芳伟娜敏静丽强磊军洋勇艳杰涛明超霞平刚桂英华玉兰萍建国晓梅志远思雨"
BRANCHES = ("城南支行", "城北支行", "高新区支行", "解放路支行", "滨江支行")
MANAGERS = ("张经理", "李经理", "周经理", "吴经理")
FIRST_NUMBER = 13_800_130_000
DIRTY = {
    7: {"手机号": "1380013"},
    29: {"手机号": "010-62345678"},
    58: {"发卡日": "去年三月"},
    91: {"卡尾号": "66A2"},
    133: {"手机号": str(FIRST_NUMBER + 1)},
    207: {"存款": "很多"},
    266: {"激活日": "2019-13-45"},
    318: {"姓名": ""},
    402: {"手机号": "4008001234"},
    455: {"短信同意": "也许"},
}
"""Rows that an import has to refuse, by their place in the list."""

DAYS = 14
CAMPAIGNS = {
    # Texts, and calls to whoever leaves them without a reply; two offers tried against each other and against nobody.
    "demo-card-activation": """\
script: card_activation
segment: card_not_activated
channels: [sms, voice]
fallback: {after: 48h, to: voice}
retry:
  no_answer: {after: 4h, times: 2, at: other_part}
  line_busy: {after: 1h, times: 2}
  broke_off: {after: 2d, times: 1}
holdout: 10%
variants:
  a: {weight: 50}
  b: {weight: 50, offer: {gift: 一个双肩包}}
follow_ups:
  thanks: {after: [visit_booked, agreed, considering], in: 1d, at: "10:00", within: 3d, channel: sms, script: follow_up_thanks}
  first_call: {after: [considering, sms_requested], in: 4d, at: "15:00", within: 7d, channel: voice, script: follow_up_call,
    cancelled_by: [visit_booked, refused]}
  invitation: {after: {first_call: [considering, no_answer]}, in: 4d, within: 10d, channel: sms, script: follow_up_invitation,
    offer: {event: 亲子理财小课堂}, cancelled_by: [visit_booked, refused]}
callbacks: automatic
stop: {opt_out_rate: 40%, failure_rate: 50%}
offer: {benefits: 9元洗车、9元看电影, gift: 一把雨伞}
""",
    "demo-dual-card": """\
script: dual_card_binding
segment: no_debit_bound
channels: [sms]
windows: {sms: {mon-fri: ["09:00-12:00", "14:00-20:00"], sat: ["10:00-12:00"]}}
retry:
  no_reply: {after: 2d, times: 1}
offer: {gift: 一份小礼品}
""",
    # Calls from the first hour on, beside the texts of the others.
    "demo-dormant-calls": """\
script: dormant_reactivation
segment: dormant_customers
channels: [voice, sms]
retry:
  no_answer: {after: 4h, times: 2, at: other_part}
  line_busy: {after: 1h, times: 2}
  machine: {after: 1d, times: 1, at: "18:30"}
  unreachable: {after: 1d, times: 1}
callbacks: automatic
offer: {gift: 一份感恩小礼品}
""",
}
PACE = 5


def write_customers(path: Path, count: int, today: date, seed: int = 20) -> Path:
    """Write a customer list with a few rows that are wrong, as lists are."""
    path.parent.mkdir(parents=True, exist_ok=True)
    random = Random(seed)  # noqa: S311 - invented people, not secrets
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, HEADERS)
        writer.writeheader()
        for index in range(count):
            writer.writerow(_customer(random, index, today) | DIRTY.get(index, {}))
    return path


def write_campaigns(folder: Path, today: date) -> Sequence[Path]:
    """Write the sample campaign files, for the two weeks that begin today."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, terms in CAMPAIGNS.items():
        path = folder / f"{name}.yml"
        dates = f"start: {today}\nend: {today + timedelta(days=DAYS - 1)}\n"
        path.write_text(f"name: {name}\n{terms}{dates}pace: {PACE}\n", encoding="utf-8")
        paths.append(path)
    return paths


def _customer(random: Random, index: int, today: date) -> dict[str, str]:
    kind = random.choices(("unactivated", "unbound", "dormant", "other"), (40, 28, 22, 10))[0]
    issued = today - timedelta(days=random.randint(35, 400))
    row = {
        "客户号": f"D{index + 1:05}",
        "姓名": random.choice(SURNAMES) + "".join(random.sample(GIVEN, random.randint(1, 2))),
        "性别": random.choice(("女", "男")),
        "手机号": str(FIRST_NUMBER + index),
        "网点": random.choice(BRANCHES),
        "客户经理": random.choice(MANAGERS),
        "卡尾号": f"{random.randint(0, 9999):04}",
        "发卡日": issued.isoformat(),
        "激活日": "",
        "已绑借记卡": "否",
        "存款": f"{random.randint(0, 300_000)}",
        "净流": f"{random.randint(-5_000, 20_000)}",
        "最近联系": (today - timedelta(days=random.randint(10, 170))).isoformat(),
        "短信同意": random.choices(("是", "否", ""), (90, 4, 6))[0],
        "电话同意": random.choice(("是", "否")),
        "同意日期": (today - timedelta(days=random.randint(30, 300))).isoformat(),
        "同意来源": "开户协议",
    }
    if kind != "unactivated":
        row["激活日"] = (issued + timedelta(days=random.randint(1, 30))).isoformat()
    if kind in {"dormant", "other"}:
        row["已绑借记卡"] = "是"
    if kind == "dormant":
        row["存款"] = str(random.randint(100, 90_000))
        row["净流"] = str(-random.randint(500, 40_000))
        row["最近联系"] = (today - timedelta(days=random.randint(200, 700))).isoformat()
    return row
