from __future__ import annotations

from collections.abc import Callable

import pytest
from office import Office

READINGS = {
    "方便": "affirm",
    "是的": "affirm",
    "你们家额度太低不想用。": "object_low_limit",
    "哦,行,我看看。": "affirm",
    "明天下午": "inform_time",
    "下午吧": "inform_time",
    "后天上午": "inform_time",
    "谢谢": "thank",
    "不用了": "deny",
    "真不用": "deny",
    "改到后天上午": "reschedule",
    "不去了": "cancel_visit",
    "我要投诉你们": "complaint",
    "转人工": "ask_human",
    "打错了": "wrong_person",
    "你们烦不烦别联系我": "opt_out",
    "在开会": "busy",
    "有年费吗": "ask_fee",
    "我支付宝,怎么还款时候找不到你们家呢?": "object_other_pay",
    "没有": "deny",
    "行,好的!": "affirm",
}


@pytest.fixture
def office(sessions, clock, our_house, sealer) -> Office:
    return Office(sessions, clock, our_house, sealer, READINGS)


@pytest.fixture
def open_talk(office) -> Callable[[], object]:
    def begin():
        made = office.contact()
        assert made.conversation is not None, made
        return made.conversation

    return begin
