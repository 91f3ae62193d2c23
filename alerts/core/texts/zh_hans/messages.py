"""What is said around the findings: push, mail, headlines, the safety net."""

from alerts.core.texts.shape import Grammar, Mail

GRAMMAR = Grammar(
    between="、",
    before_last="、",
    date="{year}年{month}月{day}日",
    months=tuple(str(month) for month in range(1, 13)),
    between_sentences="",
)

SAFETY_NET = (
    "如果大便或小便控制不住，现在就去急诊。"
    "如果两腿之间发麻，现在就去。"
    "如果两条腿都变得没力气，现在就去。"
)
SAFETY_NET_NECK = "如果走路不稳，或双手变得不灵活，现在就去。"
IF_STILL_SO = "如果现在仍是这样："
NUMBER_UNKNOWN = "当地的急救电话"

# After "Call your doctor today" and what to say there.
NO_DOCTOR_TODAY = "医生同意之前不要按摩。如果今天联系不到医生，请去医院看急诊。"

HEADLINES = (
    "给您的一条消息",
    "请调整按摩方式",
    "暂停按摩",
    "今天就给医生打电话",
    "现在就去急诊",
)

_IMPORTANT = "重要的健康消息。请立即打开。"
_ORDINARY = "您有一条新消息。请打开应用。"
PUSH_LINES = (_ORDINARY, _ORDINARY, _IMPORTANT, _IMPORTANT, _IMPORTANT)

_NOT_READ = "请不要回复，这个邮箱无人查看。"
_OPEN_NOW = "请立即打开应用。里面有一条给您的重要消息。"
_ORDINARY_MAIL = Mail(
    "您有一条新消息",
    f"请在方便时打开应用。里面有一条给您的新消息。\n\n{_NOT_READ}\n",
)
MAILS = (
    _ORDINARY_MAIL,
    _ORDINARY_MAIL,
    Mail("重要消息：请打开应用", f"{_OPEN_NOW}\n\n{_NOT_READ}\n"),
    Mail(
        "重要消息：请立即打开应用",
        f"{_OPEN_NOW}\n\n如果打不开，请今天就给医生打电话。\n\n{_NOT_READ}\n",
    ),
    Mail(
        "重要消息：请立即打开应用",
        f"{_OPEN_NOW}\n\n如果打不开，请立即拨打{{emergency_number}}。\n\n{_NOT_READ}\n",
    ),
)
