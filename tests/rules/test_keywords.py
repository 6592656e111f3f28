import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.rules import Channel
from outreach.rules.keywords import Keyword, decide

STOPS_ALL = [
    "别再打了，短信也别发",
    "别再打了，也别发短信",
    "别再打了，天天发短信烦死了",
    "别再发了，再打电话我就投诉",
    "别再发了，电话也不要打",
    "别再打了，发短信也不行",
    "td 谢谢",
    "取消所有订阅",
    "求你们了别打了",
    "我说了多少遍了别再打了",
    "别再给我发信息和打电话了",
    "R",
    "r.",
    "Ｒ",
    "T ",
    "TD",
    "td!!",
    "N",
    "退订",
    "退订!!",
    "退 订",
    "退訂",
    "拒收",
    "STOP",
    "STOP PLEASE",
    "please stop",
    "StopAll",
    "opt out",
    "Opt-Out",
    "回复R",
    "回复TD",
    "回T退订",
    "TD退订",
    "我要退订",
    "请退订",
    "退订退订退订",
    "退订谢谢",
    "别再打了！！",
    "别骚扰我",
    "取消订阅",
    "把我号码删了",
    "不要再联系我",
    "别打了",
    "请不要再打扰我",
    "能别再打了吗",
    "别打电话也别发短信",
    "别打电话，别发短信",
    "停止发送",
    "不要再打來了",
    "别再发了",
    "拒绝营销",
    "不接受推销",
    "把我的号码从你们名单里删掉",
    "删除我的号码",
    "take me off your list",
    "remove me from your list please",
    "leave me alone",
    "I revoke my consent",
    "🙏退订🙏",
    "退订。。。",
    "“退订”",
    "别烦我",
    "别再骚扰了",
    "不要发广告了",
    "请勿打扰",
    "烦死了，退订",
    "别打来了",
    "R\n",
    "拒收请回复R",
    "别再打来了，我不需要",
    "unsubscribe me",
    "END",
    "Quit",
    "cancel",
    "REVOKE",
    "optout",
    "s.t.o.p",
    "别发了",
    "ｓｔｏｐ",
    "sto\u200bp",
    "退\u200d订",
    "不要再推销了",
    "别再联系了",
    "能不能别再发了",
    "别再打了好吗",
    "别发了！",
    "停止推送",
    "请把我从名单中删除",
    "把我移出名单",
]

STOPS_CALLS = [
    "电话别打了",
    "别再打了，短信联系",
    "别再打了，有事发短信",
    "别打电话了，发短信",
    "别打电话了",
    "别打了，发短信",
    "别再给我打电话了",
    "不要给我打电话",
    "能不能别再打电话了",
    "你们烦不烦啊，别再给我打电话了，再打我投诉",
    "don't call me again",
    "DON’T CALL ME",
    "以后别打电话了",
    "别打这个电话了",
    "不要再打我电话",
    "别老给我打电话",
    "请停止给我打电话",
    "不要打电话给我",
    "请不要再致电",
    "不要再打电话骚扰我了",
    "不要来电",
    "别打这个号码了",
    "我不想再接到推销电话",
    "别给我打电话",
    "不要打电话",
    "我在忙，以后别再打电话了",
]

STOPS_TEXTS = [
    "退 订 短 信",
    "I don't want any more texts",
    "别发了，打电话吧",
    "别再发了，给我打电话",
    "不要再发短信",
    "别发短信了打电话",
    "不要再發簡訊",
    "不想再收到你们的短信",
    "Stop texting me",
    "拒收短信",
    "no more texts",
    "麻烦不要再给我发这些短信了谢谢",
    "请停止发送短信",
    "不要再发信息给我了",
    "别给我发短信",
    "别再发短信骚扰我",
    "以后不要发我短信",
]

STARTS = [
    "START",
    "start!",
    "UNSTOP",
    "恢复接收",
    "上次误退订了",
    "我不小心退订了",
    "退订错了",
    "误退订",
    "刚才手滑点了退订",
    "恢復接收",
    "Start please",
    "我要恢复接收",
]

HELPS = [
    "HELP",
    "help?",
    "帮助",
    "幫助",
    "Help me",
]

# What only sounds like it, and is the model's to read.
SAYS_SOMETHING_ELSE = [
    "电话别打错了",
    "电话打不通",
    "T 恤",
    "R 和 N 有什么区别",
    "取消我的预约",
    "再打我就报警了",
    "别再打了吗",
    "不要发",
    "别发",
    "现在别打电话，晚上再打吧",
    "不要打折吗",
    "不要发票",
    "不要发货",
    "别接电话",
    "少发短信",
    "别联系张经理",
    "不要了",
    "不要来",
    "别来",
    "不要短信",
    "没事就别打了",
    "你们别再发错短信了",
    "别打包",
    "不想去",
    "不接受",
    "把短信删了",
    "退订吗",
    "停止营业了吗",
    "不要再发错了",
    "没退订",
    "不退订",
    "不用退订",
    "我要退订你们那个理财产品吗??",
    "No",
    "no",
    "好的",
    "别退订",
    "不要退订",
    "我没退订",
    "怎么退订",
    "别打错了",
    "他说别再打了",
    "我没说别再打了",
    "如果下雨就别打电话了",
    "今天先别打",
    "我在开会，别打电话",
    "别打了我在开会一会再打",
    "孩子拿手机乱按，退订了，帮我弄回来",
    "别再打错电话了",
    "不要停止发短信",
    "T_T",
    "TT",
    "T.T",
    "OK",
    "bus stop",
    "don't stop",
    "can't stop now",
    "R&B",
    "Nn",
    "1",
    "",
    "😀",
    "!!",
    "我想取消预约",
    "恢复",
    "yes",
    "now",
    "endless",
    "退订理财产品",
    "stop by tomorrow",
    "can you call me",
    "call me",
    "打电话给我",
    "发短信给我",
    "别忘了打电话",
    "不要忘记发短信给我",
    "别打我儿子电话，打我的",
    "我不要短信，发什么",
    "不要打电话吗",
    "你们为什么总打电话",
    "不是退订",
    "取消",
    "别发错",
    "要不要打电话",
    "再打给我",
    "不要紧",
    "please",
    "thanks",
    "我要",
    "谢谢",
]


@pytest.mark.parametrize(
    ("said", "channel"),
    [
        *((said, None) for said in STOPS_ALL),
        *((said, Channel.VOICE) for said in STOPS_CALLS),
        *((said, Channel.SMS) for said in STOPS_TEXTS),
    ],
)
def test_a_refusal_stops_what_it_names(said, channel):
    found = decide(said)
    assert found is not None
    assert (found.kind, found.channel) == ("opt_out", channel)


@pytest.mark.parametrize(
    ("said", "kind"), [*((said, "opt_in") for said in STARTS), *((said, "help") for said in HELPS)]
)
def test_start_and_help_are_words_of_their_own(said, kind):
    found = decide(said)
    assert found is not None
    assert (found.kind, found.channel) == (kind, None)


@pytest.mark.parametrize("said", SAYS_SOMETHING_ELSE)
def test_other_meanings_do_not_stop_anything(said):
    assert decide(said) is None


def test_the_words_that_decided_are_given():
    assert decide("Ｓｔｏｐ　please!") == Keyword("opt_out", None, "STOPPLEASE")
    assert decide("烦死了，别再打了！！") == Keyword("opt_out", None, "别再打了")
    assert decide("别打电话，别发短信") == Keyword("opt_out", None, "别打电话 别发短信")


def test_a_story_is_left_to_the_model():
    assert decide("我" * 100 + "别再打了") is None


KEYWORDS = [
    "R",
    "T",
    "TD",
    "N",
    "退订",
    "拒收",
    "STOP",
    "STOPALL",
    "UNSUBSCRIBE",
    "END",
    "QUIT",
    "CANCEL",
    "REVOKE",
    "OPTOUT",
    "退訂",
]
DECORATION = st.text(string.punctuation + " \t\n！。，、？…～“”🙏😡👎❤️\u200b\u200d\u202e\ufeff　", max_size=6)
WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}


@given(
    keyword=st.sampled_from(KEYWORDS),
    before=DECORATION,
    after=DECORATION,
    change=st.sampled_from([str, str.lower, str.title, lambda word: word.translate(WIDE), "\u200b".join]),
)
def test_no_decoration_hides_a_keyword(keyword, before, after, change):
    found = decide(before + change(keyword) + after)
    assert found is not None
    assert (found.kind, found.channel) == ("opt_out", None)


@given(before=DECORATION, after=DECORATION, said=st.sampled_from(STOPS_CALLS))
def test_no_decoration_hides_a_phrase(before, after, said):
    found = decide(before + said + after)
    assert found is not None
    assert found.channel is Channel.VOICE


@given(st.text("不别没用要退订再发打错了吗电话短信你我RTN ,，?？STOP", max_size=80))
def test_any_words_are_decided_without_failing(said):
    assert decide(said) in (None, decide(said))
