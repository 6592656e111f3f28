"""The phrases that refuse further contact beyond doubt: 别再打了, 不要再发短信, 把我号码删了, take me off your list.

A clause has to consist of the phrase and of words that change nothing. So 不要再发错了, 没退订, 今天先别打 and
退订理财产品 are left to the model: they say something else, or something more.
"""

import re
from dataclasses import dataclass

from outreach.rules.channel import Channel

LONGEST_CLAUSE = 60  # characters; more than this is a story, and a story is the model's to read


@dataclass(frozen=True)
class Refusal:
    """A refusal found in a customer's words."""

    channel: Channel | None  # the one channel that was named; None: all
    matched: str


def refused_channel(words: str) -> Refusal | None:
    """Find what a customer refuses; `words` are comparable words."""
    refusals = [refusal for clause in _clauses(words) if (refusal := _refusal(clause, words))]
    if not refusals:  # 退 订 短 信 and TD 谢谢 are one clause after all
        return _refusal(re.sub(r"[\W_]+", "", words)[: LONGEST_CLAUSE + 1], words)
    channels = {refusal.channel for refusal in refusals}
    return Refusal(channels.pop() if len(channels) == 1 else None, " ".join(refusal.matched for refusal in refusals))


def _clauses(words: str) -> list[str]:
    """Split at punctuation, at 也 before a second refusal, and at blanks that do not stand between Latin words."""
    parts = re.split(r"[^\w\s]+|也(?=别|不要|勿)|(?<![A-Z0-9])\s+|\s+(?![A-Z0-9])", words)
    return [clause for part in parts if (clause := part.strip(" _"))]


def _refusal(clause: str, words: str) -> Refusal | None:
    if len(clause) > LONGEST_CLAUSE:
        return None
    if _ENGLISH.fullmatch(clause) or _LIST.fullmatch(clause):
        return Refusal(_only(_named(clause)), clause)
    if not (found := _CHINESE.fullmatch(clause)) or (_FOR_NOW.search(words) and not _FOR_GOOD.search(clause)):
        return None
    if _SLIP.search(words):
        return None
    core = found["core"]
    # 别发 may answer 要发给您吗; 别再发 and 别发了 do not. 别再打了吗 asks; 能别再打了吗 demands.
    if (_BARE.fullmatch(core) and clause.endswith(core)) or (found["question"] and not found["ask"]):
        return None
    named = _named(core)
    # 别打了，发短信 names the calls by asking for the other channel; 别打了 alone refuses everything.
    if not named and re.search("[打拨]", core) and _wants(words, _TEXT_INSTEAD):
        named = {Channel.VOICE}
    if not named and re.search("[发传]", core) and _wants(words, _CALL_INSTEAD):
        named = {Channel.SMS}
    return Refusal(_only(named), clause)


def _named(core: str) -> set[Channel]:
    return {channel for channel, names in _NAMES.items() if names.search(core)}


def _only(named: set[Channel]) -> Channel | None:
    """Give the one channel named; both together, like none, mean all."""
    return next(iter(named)) if len(named) == 1 else None


def _wants(words: str, instead: re.Pattern[str]) -> bool:
    """Decide whether the other channel is asked for, rather than refused or complained about as well."""
    return any(
        not _UNWANTED_BEFORE.search(words[: found.start()]) and not _UNWANTED_AFTER.match(words[found.end() :])
        for found in instead.finditer(words)
    )


_NAMES = {
    Channel.VOICE: re.compile(r"电话|来电|致电|拨打|呼叫|手机(?!号)|这个号|\bCALL|\bPHON"),
    Channel.SMS: re.compile(r"短信|简讯|信息|消息|讯息|\bTEXT|\bSMS|\bMESSAG"),
}
_UNWANTED_BEFORE = re.compile("(?:别|不|勿|再|老|总|还|又|天天|每天|一直)(?:再|给我|要|是)*$")
_UNWANTED_AFTER = re.compile("(?:我|你们)?(?:也|都|更)?(?:别|不|勿|没)")
_SUITS = "(?:联系|沟通|通知|告诉我|就行|就好|即可|可以|吧)"
_TEXT_INSTEAD = re.compile(f"[发传](?:个|条|我|给我)*(?:短信|简讯|信息|消息)|(?:短信|简讯|信息|消息){_SUITS}")
_CALL_INSTEAD = re.compile(f"打(?:个|我|给我)*电话|电话{_SUITS}")

# 我在开会，别打电话 asks for another time; 以后别打电话 does not.
_FOR_NOW = re.compile(
    "开会|开车|在忙|上课|上班|考试|睡觉|休息|吃饭|现在|这会|暂时|今天|今晚|明天|晚点|晚上|中午|半夜|白天|等会|一会|回头"
)
_FOR_GOOD = re.compile("(?<![点会儿阵头天])再|以后|今后|永远|永久|骚扰|退订|拒收|取消|删")

# 孩子乱按，退订了，帮我弄回来 tells of a stop that was not meant.
_SLIP = re.compile("乱按|乱点|手滑|误[操点按发回退]|[按点回]错|弄回来|恢复")

# -- Chinese, read as: words before, the core, words after -------------------------------------------------------------
_ASK = "能不能|可不可以|是否可以|能否|可否|可以|能"
_BEFORE = (
    "请|麻烦|拜托|求求你们了|求求你了|求你们了|求你了|求求|求|多少遍了|多少次了|你们|你|贵行|银行|以后|今后|从今以后|永远|真的|千万|都|就|希望|要求|强烈|叫|让|告诉|警告|我|说了|说过|快|赶紧|"
    "立刻|立即|马上|够了|听着|喂|好了|行了|哎呀|哎|唉|烦死了|烦死|烦|大哥|大姐|亲|他们|务必|全部|直接|现在|帮|给|替|想|要|申请|需要|"
    "你好|那|那就|还是|最后一次|再说一遍|不需要|没兴趣|不感兴趣|知道了|"
)
_NEVER = "别|(?<!要)不要|不许|不准|请勿|勿|甭|莫|停止|禁止|不得|拒绝|谢绝"
_STILL = "再|继续|一直|总是|总|老是|老|随便|乱|又|经常|频繁"
_THINGS = "(?:这个|这种|这些|这类|此类|这样的|任何|什么|一切|所有|你们的|你们|贵行的|银行的|垃圾|广告|营销|推销|推广|骚扰|商业|促销|的)*+"
_MESSAGES = f"{_THINGS}(?:短信|简讯|信息|消息|讯息|广告|推送|邮件|东西)?"
_ME = "(?:给|跟|和|向|对|往)?(?:我|俺|本人|咱|这个号码?|我这个?(?:号码?|手机|电话))"
_BOTHER = "(?:(?:来)?(?:骚扰|打扰|烦|推销|营销)(?:我|人)?)?"
_ACT = (
    f"(?:{_ME})?(?:"
    f"(?:拨打|打|拨)(?:来|过来)?{_THINGS}(?:电话|号码?|手机)?(?:过来|来|给我|给本人)?(?:{_ME})?(?:的)?(?:电话|手机)?{_BOTHER}"
    f"|来{_THINGS}电话?|致电(?:{_ME})?|呼叫(?:{_ME})?"
    f"|[发传](?:送|来|给我|我)?{_MESSAGES}(?:过来|来|给我|给本人)?(?:{_ME})?{_BOTHER}"
    f"|(?:联系|联络|骚扰|打扰|烦|找|推送|推销|营销|群发|轰炸)(?:{_ME})?{_MESSAGES}(?:电话)?"
    ")"
)
_SPARE = f"(?:{_NEVER})(?:{_STILL})*+{_ACT}(?:(?:和|或者?|以及|及|跟){_ACT})?"
_OFFERS = "(?=.*(?:推销|营销|推广|广告|骚扰|短信|信息|消息|电话))"
_TOPIC = f"(?:电话|短信|简讯|信息|消息)(?:也|都|就)?(?:{_NEVER})(?:{_STILL})*+(?:{_ME})?[打拨发传](?:来|过来|给我)?"
_REFUSE = (
    f"(?:拒绝|谢绝|停止|不想|不愿意)(?:{_STILL})*+(?:接收|接受|收到|收|接到|接听?){_MESSAGES}(?:电话|来电)?"
    f"|不(?:再)?接受{_OFFERS}{_MESSAGES}(?:电话|来电)?"
)
_REPLY = r"(?:回复?|发送?|输入)?(?:R|TD|T|N)?(?:退订|拒收|退阅)(?:了)?"
_CANCEL = f"(?:{_REPLY}|取消(?:我的?|所有|全部|短信|信息)*+(?:订阅|接收|推送|推广)|屏蔽(?=你们|短信|所有))(?:{_MESSAGES}|服务)"
_REPLY_LETTER = "(?:拒收)?(?:请)?(?:回复?|发送?|输入)(?:R|TD|T|N)|(?:R|TD|T|N)(?=谢谢)"
_MINE = "(?:我|本人)(?:的)?(?:这个)?(?:手机|电话|联系)?(?:号码|号|方式|电话|手机|信息|资料|名字|个人信息)?"
_FROM = "(?:从|在)?(?:你们)?(?:的|银行)?(?:系统|名单|列表|数据库|通讯录|库)?(?:里面?|上|中)?(?:给|都|全部?|彻底)?"
_GONE = "(?:删除|删掉|删了|删|移除|移出|去掉|拉黑|抹掉|注销掉)(?:名单|列表|掉|了)*+"
_DELETE = f"(?:把|将){_MINE}{_FROM}{_GONE}|(?:删除|删掉|删了|移除|去掉){_MINE}(?!短信)"
_AFTER = "了|啦|吧|啊|呀|哈|哦|噢|喽|嘛|呢|谢谢|感谢|拜托|好吗|好吧|行吗|好不好|行不行|可以吗|行么|好么|真的|OK|烦死了|烦人|很烦|一直|都"
_MORE = "(?:直接|就|改|请|用|有事|给我|可以|你们?|只|我|再|否则|不然|要不|发|传|打|短信|微信|电话|信息).{0,24}"

_BARE = re.compile(f"(?:{_NEVER})[打拨发传]")
_CHINESE = re.compile(
    f"(?:{_BEFORE}(?P<ask>{_ASK}))*+(?P<core>{_SPARE}|{_TOPIC}|{_REFUSE}|{_CANCEL}|{_REPLY_LETTER}|{_DELETE})"
    f"(?:(?:{_AFTER})*+(?P<question>吗|么)?|(?:了|啦|吧|啊)++(?:{_AFTER})*+{_MORE}(?<![吗么]))"
)

# -- English -----------------------------------------------------------------------------------------------------------
_PLEASE = r"(?:(?:PLEASE|PLS|PLZ|JUST|SO|AND|OK|HEY|HI|I SAID|CAN YOU|COULD YOU|WILL YOU|YOU MUST|I WANT YOU TO) )*+"
_ENGLISH = re.compile(
    rf"{_PLEASE}(?:"
    r"(?:STOP|QUIT)(?: (?:ALL|THE|THESE|THIS|YOUR|ANY|MORE|SENDING|GETTING|WITH))*(?: ME)?"
    r"(?: (?:THESE|THIS|YOUR|ALL|THE|ANY|MORE))*(?: (?:TEXTING|MESSAGING|CALLING|PHONING|CONTACTING|BOTHERING|HARASSING|SPAMMING"
    r"|TEXTS?|SMS|MESSAGES?|CALLS?|SPAM))(?: ME)?"
    r"|STOP|UNSUBSCRIBE(?: ME)?|OPT(?: ME)? OUT|STOP IT"
    r"|(?:DO NOT|DONT|NEVER)(?: EVER)? (?:TEXT|CALL|CONTACT|MESSAGE|PHONE|BOTHER)(?: ME)?"
    r"|I (?:DONT|DO NOT) WANT(?: (?:ANY|MORE|THESE|YOUR|TO GET|TO RECEIVE))+ (?:TEXTS?|CALLS?|MESSAGES?|SMS|SPAM)"
    r"|NO MORE (?:TEXTS?|CALLS?|MESSAGES?|SMS|SPAM)"
    r"|I (?:WANT TO|WISH TO|WOULD LIKE TO|HEREBY) (?:OPT OUT|UNSUBSCRIBE)|I (?:HEREBY )?(?:REVOKE|WITHDRAW) MY CONSENT"
    r"|LEAVE ME ALONE"
    r")(?: (?:PLEASE|NOW|AGAIN|ANY ?MORE|EVER|THANKS|THANK YOU|IMMEDIATELY|ALREADY|OK|AT ALL))*"
)
_LIST = re.compile(
    rf"{_PLEASE}(?:REMOVE (?:ME|MY (?:PHONE )?NUMBER)|DELETE MY (?:PHONE )?NUMBER|TAKE ME OFF)"
    r"(?: (?:FROM|OFF))?(?: (?:OF|YOUR|THE|THIS|CALL|CALLING|CONTACT|MAILING|LISTS?|SYSTEM|DATABASE))*(?: (?:PLEASE|NOW|THANKS))*"
)
