"""What must not stand in a text: the law's banned words, promises of yield or safety, baits and phishing.

Words are compared after normalisation, so that blanks, punctuation and full-width or traditional characters between
them do not hide them. Each rule names its source; what compliance.md allows is taken out before.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

TRADITIONAL = str.maketrans("無險風収證壓級獨專屬穩賺財報酬預", "无险风收证压级独专属稳赚财报酬预")
HOMOPHONES = str.maketrans("蕞嘴㝡", "最最最")
NOISE = re.compile(r"[\s\W_]+")

ALLOWED = (
    "不保本", "非保本", "不承诺保本", "不保证收益", "不承诺收益", "最近", "最后", "最新", "最终", "最少", "最低还款",
    "不会向您要密码或验证码", "不会向您要密码", "不会索要密码", "第一次", "第一时间", "有唯一性",
)  # fmt: skip
"""Denials and everyday words that contain a banned one; with them the text says nothing that is forbidden."""

RISK_SENTENCES = ("理财非存款", "产品有风险", "投资须谨慎")
"""Every text about a wealth product carries them (广告法 25; 银保监 2022-9)."""


@dataclass(frozen=True)
class Rule:
    """Words that are refused, and why."""

    pattern: re.Pattern[str]
    why: str


RULES = (
    Rule(re.compile(r"国家级|最高级|最佳|世界级|顶级|极品|独一无二|史无前例|全网|万能|百分之百|绝对"), "广告法9条：绝对化用语"),
    Rule(re.compile(r"最"), "广告法9条：绝对化用语（最）"),
    Rule(re.compile(r"唯一|第一(?!次|时间)|首选|独家|领导品牌"), "广告法9条：绝对化用语"),
    Rule(re.compile(r"保本|保底|兜底|保收益|保息|刚兑|刚性兑付|本金无忧|包赚|稳赚|稳赢|只赚不赔|零风险|无风险|没有风险|0风险"), "广告法25条：不得承诺保本保收益或无风险"),
    Rule(re.compile(r"预期收益率?|预计收益|预期年化|年化(?:收益率?)?\d|收益率(?:为|达|高达)?[\d*]|月复利|复利|日息\d|高收益|收益翻倍"), "广告法25条：不得对收益作保证或预测性承诺"),
    Rule(re.compile(r"稀有|专属理财|尊享理财|内部名额|仅限今天|最后机会|错过不再有"), "诱导性表述（D21、D73）"),
    Rule(re.compile(r"(?:请|把|将|告诉|提供|回复|发来|说一下).{0,6}(?:密码|验证码|CVV|安全码)"), "不得索要密码或验证码"),
)  # fmt: skip
SHORT_LINKS = re.compile(r"(?:t\.cn|bit\.ly|dwz\.cn|url\.cn|tinyurl\.com|goo\.gl|suo\.im|is\.gd|t\.co)/", re.IGNORECASE)


def problem(text: str, *, wealth: bool = False) -> str | None:
    """What is wrong with a text, naming the words and the rule; None when nothing is."""
    if found := SHORT_LINKS.search(text):
        return f"「{found[0]}」公共短链接（CTIA；运营商规范）"
    bare = _bare(text)
    for rule in RULES:
        if found := rule.pattern.search(bare):
            return f"「{found[0]}」{rule.why}"
    return missing_risk_sentence(text) if wealth else None


def missing_risk_sentence(text: str) -> str | None:
    """Which of the sentences about risk a wealth text lacks."""
    bare = NOISE.sub("", text)
    missing = [sentence for sentence in RISK_SENTENCES if sentence not in bare]
    return f"缺少风险提示：{'、'.join(missing)}（广告法25条）" if missing else None


def _bare(text: str) -> str:
    # Percent signs and stars stand for figures in a draft: 预期收益率*%.
    kept = unicodedata.normalize("NFKC", text).translate(TRADITIONAL).translate(HOMOPHONES).replace("*", "9")
    bare = NOISE.sub("", kept)
    for allowed in ALLOWED:
        bare = bare.replace(allowed, "□")
    return bare
