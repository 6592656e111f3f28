"""Outcomes, reasons and objections as staff read them; what has no word here is shown as it is."""

from __future__ import annotations

from collections.abc import Mapping

OUTCOMES: Mapping[str, str] = {
    "visit_booked": "约好到店", "agreed": "同意办理", "joined": "报名参加", "referred": "推荐朋友", "sms_requested": "要资料",
    "callback_requested": "约好再联系", "considering": "考虑中", "already_done": "已自行办理", "surveyed": "完成问卷",
    "refused": "拒绝", "no_such_card": "称无此产品", "closing_account": "要销卡销户", "opted_out": "退订", "complained": "投诉",
    "wrong_person": "非本人", "suspected_fraud": "疑为诈骗", "handed_over": "转人工", "no_reply": "未回复",
    "broke_off": "中途中断", "no_answer": "无人接听", "line_busy": "占线", "machine": "语音信箱", "unreachable": "无法接通",
    "invalid_number": "号码无效", "undelivered": "未送达", "blocked": "被运营商拦截", "not_permitted": "不可联系",
}  # fmt: skip
REASONS: Mapping[str, str] = {
    "stopped_all": "全部停发", "stopped_campaign": "活动停发", "stopped_carrier": "通道停发", "destination": "目的地不允许",
    "number_kind": "不是手机号", "opted_out": "已退订", "complaint_open": "投诉处理中", "no_consent": "没有同意",
    "consent_expired": "同意已过期", "consent_withdrawn": "同意已撤回", "quiet_hours": "不在联系时段", "holiday": "节假日",
    "calendar_unknown": "日历或时区未知", "too_often": "联系过于频繁", "unsuitable": "产品不适合", "risk_expired": "风险评估过期",
    "under_age": "未成年或年龄未知", "not_approved": "话术未审批", "campaign_closed": "活动未开放", "bad_number": "号码不可用",
    "in_conversation": "正在会话中", "missing_fact": "缺少资料", "content": "内容不合规", "already_contacted": "已联系过",
    "campaign_hours": "不在活动时段", "holdout": "对照组", "too_late": "已过时限", "cancelled": "已取消",
    "target_reached": "目标已达成", "budget_spent": "预算已用完",
}  # fmt: skip
OBJECTIONS: Mapping[str, str] = {
    "object_low_limit": "额度太低", "object_other_card": "已有别家卡", "object_other_pay": "用支付宝微信还款",
    "object_too_far": "网点太远", "object_no_time": "没时间", "object_no_money": "没钱", "object_no_use": "用不上",
    "object_cannot_use": "不会用",
}  # fmt: skip
FACTS: Mapping[str, str] = {
    "card_activated": "激活信用卡", "debit_bound": "绑定借记卡", "account_opened": "新开户", "login": "登录手机银行",
    "goal": "达成意向",
}  # fmt: skip


def in_words(counts: Mapping[str, int], words: Mapping[str, str]) -> dict[str, int]:
    """The same counts under the words that staff read."""
    return {words.get(name, name): count for name, count in counts.items()}
