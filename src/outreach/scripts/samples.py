"""Sample facts: a typical customer, and one with the longest names that are met."""

from __future__ import annotations

from outreach.scripts.rendering import Facts
from outreach.scripts.script import Script

BANK_KEYS = ("name", "hotline", "signature")

TYPICAL: Facts = {
    "customer": {"name": "王芳", "surname": "王", "honorific": "女士"},
    "card": {"tail": "6612", "product": "信用卡"},
    "branch": {"name": "城南支行", "address": "城南路8号", "hours": "周一至周五9:00-17:00"},
    "manager": {"name": "张经理", "phone": "0311-88880001"},
    "visit": {"when": "明天（11月25日周三）下午", "branch": "城南支行", "address": "城南路8号"},
    "chosen": {"branch": "城南支行", "among": "城南支行还是城北支行"},
    "callback": {"when": "明天（11月25日周三）下午3点"},
    "offered": {"day": "今天"},
    "opens": {"when": "11月30日周一上午"},
    "call": {},
}
LONGEST: Facts = {
    "customer": {"name": "欧阳思雨晴", "surname": "欧阳", "honorific": "女士/先生"},
    "card": {"tail": "6612", "product": "联名信用卡金卡"},
    "branch": {
        "name": "高新技术开发区支行",
        "address": "高新技术开发区科技大道1288号创新大厦一层",
        "hours": "周一至周五9:00-12:00、13:30-17:00，周六9:00-16:00",
    },
    "manager": {"name": "欧阳客户经理", "phone": "0311-88880001"},
    "visit": {
        "when": "后天（12月30日周三）下午2点45分",
        "branch": "高新技术开发区支行",
        "address": "科技大道1288号",
        "people": "12",
    },
    "chosen": {"branch": "高新技术开发区支行", "among": "高新技术开发区支行、科技大道支行还是创新大厦支行"},
    "callback": {"when": "后天（12月30日周三）下午2点45分"},
    "offered": {"day": "12月30日"},
    "opens": {"when": "后天（12月30日周三）上午"},
    "call": {"recorded": "是"},
}


def facts(script: Script, bank: dict[str, str], base: Facts = TYPICAL) -> Facts:
    """Sample facts for a script, with its sample offer."""
    return {**base, "bank": bank, "offer": dict(script.offer)}
