"""A stage for the turn: the real flow, with readings from a list instead of a model."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from uuid import UUID

import pytest

from outreach.cli.stage import Stage
from outreach.dialogue.rehearsal import Rehearsal
from tests.conftest import TUESDAY

READINGS = {
    "方便": "affirm",
    "是的": "affirm",
    "行": "affirm",
    "那还是办吧": "affirm",
    "你们家额度太低不想用。": "object_low_limit",
    "离我太远": "object_too_far",
    "没时间": "object_no_time",
    "哦,行,我看看。": "affirm",
    "明天下午": "inform_time",
    "下午吧": "inform_time",
    "后天上午": "inform_time",
    "周六上午": "inform_time",
    "有空再说时间": "inform_time",
    "谢谢": "thank",
    "不用了": "deny",
    "真不用": "deny",
    "我再想想": "consider",
    "改到后天上午": "reschedule",
    "不去了": "cancel_visit",
    "我要投诉你们": "complaint",
    "转人工": "ask_human",
    "我不是她": "wrong_person",
    "你们烦不烦": "opt_out",
    "这种消息少来点吧": "opt_out_unsure",
    "在开会": "busy",
    "下午三点再联系我": "callback_at",
    "有年费吗": "ask_fee",
    "骗子": "suspect_fraud",
    "去城北支行": "inform_branch",
    "我早就激活了": "already_done",
    "没办过这张卡": "no_such_card",
    "我要销卡": "cancel_card",
    "发我看看": "send_sms",
    "神经病": "abuse",
    "密码忘了": "other_service",
    "卡丢了": "card_lost",
    "[自动回复]开车中": "machine_answer",
    "我推荐个朋友": "refer_friend",
}


@pytest.fixture
def bot() -> Rehearsal:
    return Rehearsal(lambda words: READINGS.get(words, "nlu_fallback"))


@pytest.fixture
def stage(sessions, our_house, sealer, bot) -> Iterator[Stage]:
    built = Stage(sessions, TUESDAY, our_house, sealer, bot)
    yield built
    built.sender.close()


@pytest.fixture
def talk(stage) -> Callable[..., UUID]:
    """Contact a customer and have them say these things; gives the conversation."""

    def begin(*words: str, script: str = "card_activation") -> UUID:
        made = stage.contact(script)
        assert made.conversation is not None, made
        for said in words:
            stage.hears(said)
        return made.conversation

    return begin
