"""Mails to physicians and to whoever is on call: what to open, and no word about whom or what."""

from alerts.core.texts.shape import Mail

_NOT_READ = "请不要回复，这个邮箱无人查看。"
_LAST = "在您之后，不再通知其他人。"

MAILS = {
    "now": Mail(
        "有患者现在需要您",
        "请立即打开提醒列表：{link}\n\n"
        "给患者打电话，然后把提醒标为已看。\n\n"
        "如果{minutes}分钟内没有人标为已看，就会通知下一位。\n\n"
        f"{_NOT_READ}\n",
    ),
    "today": Mail(
        "有患者今天需要您",
        "请今天打开提醒列表：{link}\n\n"
        "给患者打电话，然后把提醒标为已看。\n\n"
        "如果{hours}小时内没有人标为已看，就会通知下一位。\n\n"
        f"{_NOT_READ}\n",
    ),
    "unanswered": Mail(
        "还没有人处理：有患者现在需要您",
        "请立即打开提醒列表：{link}\n\n"
        "一条紧急提醒已通知另一位医生，但还没有人处理。"
        "给患者打电话，然后把提醒标为已看。\n\n"
        f"{_LAST}\n\n{_NOT_READ}\n",
    ),
    "silent": Mail(
        "有患者今天需要您打电话",
        "请今天打开“To look at”列表：{link}\n\n"
        "给患者打电话，然后把这一条标为已看。\n\n"
        f"在有人标记之前，它一直留在列表里。{_LAST}\n\n{_NOT_READ}\n",
    ),
    "nobody": Mail(
        "有患者现在需要医生",
        "请立即打开提醒列表：{link}\n\n"
        "有一条紧急提醒，但已没有医生可以通知。"
        "请找一位医生给患者打电话，然后为这位患者指定医生。\n\n"
        f"{_LAST}\n\n{_NOT_READ}\n",
    ),
    "incident": Mail(
        "消息服务现在需要您",
        "请立即打开故障列表：{link}\n\n"
        "发生了什么：{failure}。\n\n"
        f"处理完后，把故障标为已解决；在那之前，同样的故障只计数。{_LAST}\n\n{_NOT_READ}\n",
    ),
}

FAILURES = {
    "rule_failed": "一条规则出错，有一份日记没有完整检查",
    "delivery_dead": "一条消息没有送到收件人，也不再重试",
    "nobody_to_tell": "有一位患者没有可以通知的人",
    "workers_silent": "任务已发出，但没有程序在处理",
    "channel_down": "一条消息通道已中断",
    "canary_failed": "对整个服务的测试没有通过",
    "clock_went_back": "数据库的时钟倒退了",
    "unknown": "出现了故障",
}
