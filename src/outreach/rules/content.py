"""What must not stand in a text: the law's banned words, promises of yield or safety, bait, public short links, phishing.

undisguised   one width, simplified, no blanks        (rules/disguises.py)
ALLOWED       harmless words taken out, each with its reason
RULES         searched in what is left, with figures and without
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from outreach.rules.disguises import PLAIN, figures, letters, undisguised

RISK_SENTENCES = ("理财非存款", "产品有风险", "投资须谨慎")
"""Every text about a wealth product carries them (广告法 25; 银保监 2022-9)."""

_SAFETY = "(?:保本|保底|保收益|保证收益|保息|保障收益|收益|本金安全|本金|无风险|零风险|0风险|没有风险|刚性兑付|刚兑|预期收益)率?"
_SECRET = "(?:密码|验证码|校验码|动态码|安全码|动态口令|口令|cvv2?|cvn2?|卡背面的?后?[三3]位)"  # noqa: S105 - words, not a secret
_WHOSE = "(?:我们?|一下|您的?|你的?|收到的?|短信|手机|银行卡|信用卡|卡片|卡的?|取款|交易|支付|登录|查询|动态|[六6]位的?|[和或与及、])*"
_PRODUCT = "(?:产品|理财|存款|基金|收益|保险|银行|品牌|服务)"
_AMOUNT = r"(?:\d|[一二两三四五六七八九十百千几])"


@dataclass(frozen=True)
class Rule:
    """Words that are refused, and the source that refuses them."""

    pattern: re.Pattern[str]
    why: str


@dataclass(frozen=True)
class Harmless:
    """Words that contain a refused one and say nothing forbidden, and why."""

    pattern: re.Pattern[str]
    why: str


def _harmless(pattern: str, why: str) -> Harmless:
    return Harmless(re.compile(pattern), why)


def _rule(pattern: str, why: str) -> Rule:
    return Rule(re.compile(pattern), why)


# 指南 is 广告绝对化用语执法指南 (市场监管总局公告2023年第6号): what 广告法 9 is not meant for.
ALLOWED = (
    _harmless(
        rf"(?:不|未|没有|没|无法|非|并非|从未)(?:得|能|会|是|作出|做出|作|做|对|承诺|保证|提供|代表|意味着|存在|任何|有|构成|属于){{0,4}}"
        rf"{_SAFETY}(?:[和或及与、]?{_SAFETY})*",
        "a denial, in one breath with what it denies",
    ),
    _harmless(
        rf"(?:不会|不要|不可|不能|不得|不用|无需|无须|不需要?|从不|决不|绝不|请勿|切勿|勿|别)(?:(?!请|把|将|麻烦|但|[,，。;；!！?？]).){{0,12}}?"
        rf"{_SECRET}(?:[和或及与、]{_SECRET})*",
        "we do not ask for it, or warn against telling it",
    ),
    _harmless(
        rf"{_SECRET}(?:[和或及与、]{_SECRET})*(?:请|千万|一定|都)*(?:不要|不可|不能|不得|切勿|勿|别).{{0,4}}(?:告诉|透露|提供|发|说|报|给|泄露)+",
        "a warning against telling it",
    ),
    _harmless(rf"(?:系统|我行|我们)(?:会|将)?(?:向您|给您)?(?:的?手机)?(?:发送?|下发)(?:短信|动态)*{_SECRET}", "the bank sends it, nobody asks"),
    _harmless(r"高收益(?:往往|通常|一般|必然|总是)*(?:伴随|意味|对应)?着?高风险", "a warning"),
    _harmless(r"(?:贷款|分期|借款|费率|利率)[^,，。;；]{0,8}年化(?:利率|费率)", "loans must name their yearly rate: 人民银行公告〔2021〕第3号"),
    _harmless(r"(?:计收|收取|不计|免收|不收|计算)复利", "the conditions of a credit card"),
    _harmless(r"[确担社医环投参承]保[,，。、;；:：!！?？]*(?:本(?![金息收])|底|息差)", "确保本次, 担保。本行, 社保、本人: parts of two words"),
    _harmless(r"保本(?:人(?!人)|次|行|月|周|市|地|店|网点|年(?!化))", "本 belongs to the next word"),
    _harmless(r"有无风险|无风险(?:承受|偏好|测评|提示|等级)", "about risk, not without it"),
    _harmless(r"最近|最后(?!机会|名额|[\d一二三四五几]*个?名额)|最终(?!解释)|最初|最迟|最晚|最早|最新(?!科技|技术|科学|发明|工艺)", "order in time: 指南6条6项"),
    _harmless(rf"最(?:高|低|多|少|长|短)(?:可|能|只|要|需|限|减|立减|返|享|得|领|抵|免|优惠|带|存|达|为){{0,3}}{_AMOUNT}+(?:\.\d+)?(?!%|个?百?分?点)", "a limit with its figure, not a yield: 指南6条6项"),
    _harmless(r"最低还款|最低消费|最高人民法院|最高额抵押|最惠国", "names of things: 指南6条4项"),
    _harmless(r"最好(?=带|先|提前|能|在|还是|自己|亲自|当天|错开|避开)", "advice on how to do it: 指南6条2项"),
    _harmless(r"(?:^|(?<=[。;；!！?？:：]))第一(?=[,，、:：])", "the first point of a list"),
    _harmless(r"第一(?:次|时间|步|天|笔|年|期|季|个?月|周|轮|批|课|节|场|张|支行|医院|中学|小学|大街|大道|路|百货|人民|城|层|代)", "order, or the name of a place: 指南6条4项、6项"),
    _harmless(r"唯一(?:性|识别|编号|标识|编码|有效(?:证件|凭证))", "a technical term, not praise"),
    _harmless(r"国家级(?:经济|高新|新区|开发|森林|风景|贫困|文物)", "an official designation: 指南6条5项"),
    _harmless(r"拒绝对|谢绝对|积极品|南极品", "two words"),
)  # fmt: skip

_ABSOLUTE = "广告法9条：绝对化用语"
_PROMISE = "广告法25条：不得承诺保本、保收益或无风险"
_YIELD = "广告法25条：不得对收益作保证性、预测性承诺"
_BAIT = "诱导性表述：把普通产品说成稀有、专属，或催促（D21、D73）"
RULES = (
    _rule("最终解释权", "侵害消费者权益行为处罚办法12条：经营者不得单方享有最终解释权"),
    _rule(
        rf"国家级|世界级|宇宙级|最高级|最佳|顶级|顶尖|极品|独一无二|绝无仅有|史无前例|空前绝后|前无古人|绝对|百分之?百|首选|独家|领导品牌|领军品牌"
        rf"|销量冠军|全网(?:最|首|独|销量|低价|底价)|(?:全国|全球|全行业|同业|业内)(?:首家|第一|领先)|万能(?:的|{_PRODUCT})|100%(?=安全|保|有效|成功|中奖|放心|通过)"
        r"|(?<![a-z])(?:no|top)1(?![0-9a-z])|第[一1](?:品牌|名)",
        _ABSOLUTE,
    ),
    _rule("最", f"{_ABSOLUTE}（最；D71）"),
    _rule("唯一|第一", f"{_ABSOLUTE}（D71）"),
    _rule(
        "保本|保底|兜底|保收益|保证收益|收益有保|收益保证|保息|刚兑|刚性兑付|本金无忧|本金安全|包赚|稳赚|稳赢|躺赚|只赚不赔|旱涝保收"
        "|[零无0]风险|没有?风险|(?<!盈)不会?亏(?!欠|待)|[零无]亏损",
        _PROMISE,
    ),
    _rule(
        r"预期(?:年化|收益|回报)|预计(?:年化|收益|回报)|(?:月|日|年|按月|按日)?复利|高收益|收益翻"
        rf"|年化(?:收益率?|利率|回报率?|净值增长率)?(?:可|高|能|将|约|在|为|是|达|到|至)*(?:[\d*]|百分之|{_AMOUNT}个点)"
        r"|收益率?(?:可|高|能|将|约|在|为|是|达|到|至)*(?:[\d*]+%?|百分之)|日息[\d*]|月息[\d*]",
        _YIELD,
    ),
    _rule(
        rf"稀有|稀缺|专属{_PRODUCT}|专属(?:额度|利率|高息)|尊享理财|内部(?:名额|理财|产品|渠道|利率)|仅限今[天日]|最后机会|最后[一二三四五几]*个?名额"
        "|错过(?:不再|再等|就没|今天)|机不可失|仅此一次",
        _BAIT,
    ),
    _rule(
        rf"(?:告诉|告知|提供|回复|发来|发送|发给|发|报给?|说出|说|输入|填写|转发|念|出示|回){_WHOSE}{_SECRET}"
        rf"|{_SECRET}(?:是多少|多少|是什么|告诉|告知|提供|回复|发|报|说|念|转发|给我)",
        "不得索要密码或验证码（银发〔2019〕316号；反诈）",
    ),
)  # fmt: skip

_SHORT_LINK = re.compile(
    r"(?<![a-z0-9.-])(?:[a-z0-9-]+\.)?(?:t\.cn|bit\.ly|dwz\.(?:cn|mk|win)|url\.cn|sourl\.cn|urlc\.cn|suo\.(?:im|nz)|tinyurl\.com|goo\.gl|is\.gd|v\.gd"
    r"|t\.co|t\.ly|ow\.ly|buff\.ly|cutt\.ly|rb\.gy|rebrand\.ly|shorturl\.at|mrw\.so|985\.so|c7\.gg|u\.nu)/",
)  # fmt: skip


TEXTS_HELD = 4096
"""Texts whose verdict is kept: openings name a surname and an honorific, so a million of them are some thousand texts."""


@lru_cache(maxsize=TEXTS_HELD)
def problem(text: str, *, wealth: bool = False) -> str | None:
    """What is wrong with a text, naming the words and the rule; None when nothing is."""
    if link := _short_link(text):
        return f"「{link}」公共短链接（CTIA；运营商规范）"
    folded = undisguised(text)
    for harmless in ALLOWED:
        folded = harmless.pattern.sub(PLAIN, folded)
    bare = figures(folded)
    for rule in RULES:
        if found := rule.pattern.search(bare) or rule.pattern.search(letters(bare)):
            return f"「{found[0]}」{rule.why}"
    return missing_risk_sentence(text) if wealth else None


def missing_risk_sentence(text: str) -> str | None:
    """Which of the sentences about risk a wealth text lacks."""
    said = letters(undisguised(text))
    missing = [sentence for sentence in RISK_SENTENCES if sentence not in said]
    return f"缺少风险提示：{'、'.join(missing)}（广告法25条）" if missing else None


def _short_link(text: str) -> str | None:
    """A link whose owner nobody can see; blanks and full stops that hide it are undone."""
    shown = unicodedata.normalize("NFKC", text).casefold()
    shown = "".join(letter for letter in shown if unicodedata.category(letter) != "Cf")
    shown = re.sub(r"\s*([.。·/])\s*", r"\1", shown).replace("。", ".").replace("·", ".")
    found = _SHORT_LINK.search(shown)
    return found[0] if found else None
