"""Take the disguises off words: 保 本, 保*本, 蕞佳, zui佳 and 無風險 read as what they are."""

from __future__ import annotations

import re
import unicodedata

PLAIN = "X"
"""Stands where harmless words were taken out; capital, so that nothing in the folded text is mistaken for it."""

# The traditional characters of the words that the rules look for, each before its simplified one.
_PAIRS = """
無无 險险 風风 證证 壓压 級级 獨独 專专 屬属 穩稳 賺赚 財财 報报 預预 國国 絕绝 對对 極极 頂顶 萬万 領领 導导 內内 額额 機机 會会
錯错 過过 複复 復复 計计 達达 優优 選选 請请 將将 訴诉 發发 來来 說说 驗验 碼码 餘余 兌兑 剛刚 償偿 賠赔 給给 諾诺 傢家 費费 壹一
歲岁 終终 釋释 權权 沒没 虧亏 損损 號号 與与 轉转 訊讯 動动 態态 讓让 據据 員员 業业 銷销 網网 點点 時时 間间 從从 並并 購购 產产
個个 條条 務务 須须 資资 譯译 為为 約约 勞劳 煩烦 們们 數数 係系 擔担 環环 醫医 勢势 僅仅 補补 輸输 進进 實实 際际 師师 聯联 繫系
銀银 護护 錢钱 貸贷 戶户 關关 單单 億亿 類类 術术 讀读 嚴严 夠够 當当 謹谨 後后 帶带 貨货 統统 還还 編编 長长 隨随 飛飞
"""
_SIMPLIFIED = str.maketrans({pair[0]: pair[1] for pair in _PAIRS.split()})
_SAME_SOUND = (
    (re.compile("[蕞㝡冣]|[嘴醉罪](?=[佳好高低大优强新惠])"), "最"),
    (re.compile("[葆褓堡](?=[本底息收])"), "保"),
    (re.compile("[凤风疯][险脸]"), "风险"),
    (re.compile("受益(?=率|高|翻|保|[0-9*])|收溢"), "收益"),
    (re.compile("年华(?=收|利|[0-9*])"), "年化"),
    (re.compile("稳[撰攥转]"), "稳赚"),
    (re.compile("惟一"), "唯一"),
)
_PINYIN = (
    (re.compile("zui"), "最"),
    (re.compile("bao(?=[本底息收]|ben)"), "保"),
    (re.compile("(?<=保)ben"), "本"),
    (re.compile("wei(?=一|yi)"), "唯"),
    (re.compile("(?<=唯)yi"), "一"),
)
_HAN = "\u3400-\u9fff\U00020000-\U0003ffff"
_NOT_LETTERS = re.compile(f"[^{_HAN}{PLAIN}]")
_NOT_FIGURES = re.compile(f"[^{_HAN}{PLAIN}a-z0-9%*]")


def undisguised(text: str) -> str:
    """The text in one width, simplified and in small letters, without blanks; sentences keep their punctuation."""
    folded = unicodedata.normalize("NFKC", text).casefold().translate(_SIMPLIFIED)
    folded = "".join(letter for letter in folded if unicodedata.category(letter)[0] not in "MCZ")
    for pattern, meant in _SAME_SOUND:
        folded = pattern.sub(meant, folded)
    return folded


def figures(folded: str) -> str:
    """Characters, letters, digits and the signs that stand for figures (预期收益率*%); no punctuation."""
    bare = _NOT_FIGURES.sub("", folded)
    for pattern, meant in _PINYIN:
        bare = pattern.sub(meant, bare)
    return bare


def letters(bare: str) -> str:
    """Chinese characters alone, so that 保1本 and 最·佳 are words again."""
    return _NOT_LETTERS.sub("", bare)
