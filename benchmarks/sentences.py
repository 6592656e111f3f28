"""What customers say in the benchmarks."""

from __future__ import annotations

SENTENCES = (
    "可以",
    "有什么优惠",
    "你们家额度太低不想用",
    "要带什么",
    "网点在哪里",
    "我考虑一下",
    "明天下午吧",
    "你是机器人吗",
)
"""One conversation with stock Rasa, and what the dialogue port is asked."""

QUESTIONS = ("有年费吗", "要带什么", "额度是多少", "网点在哪里", "怎么激活", "积分有什么用", "有什么优惠", "几点开门")
"""Questions keep a conversation of ours where it is, and so few stay below its answers an hour."""
