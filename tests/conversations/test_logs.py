"""Logs say what happened, by ids and verbs; never who, to which number, or in which words."""

from __future__ import annotations

from outreach.cli.stage import PHONE

NAME = "欧阳无痕"
SAYS = (
    "方便",
    "行",
    "后天上午",
    "我说的话不该进日志",
    "我的验证码是482913",
    "[自动回复]开车中",
    "我要投诉你们",
    "退订",
)


def test_a_whole_conversation_leaves_no_word_name_or_number_in_the_logs(stage, capsys):
    stage.contact("card_activation", about={"name": NAME, "gender": "f", "card_tail": "6612", "branch": "城南支行"})
    for words in SAYS:
        stage.hears(words)
    stage.hears("我是谁", phone="+8613912345678")
    said = capsys.readouterr()
    logged = said.out + said.err
    assert logged.count("turn_settled") >= len(SAYS) - 2
    assert "text_sent" in logged
    secrets = [NAME, NAME[:2], PHONE, PHONE[3:], "13912345678", "482913", "6612", *SAYS]
    assert [secret for secret in secrets if secret in logged] == []
    assert not any("\u4e00" <= letter <= "\u9fff" for letter in logged), "not a Chinese word at all"
