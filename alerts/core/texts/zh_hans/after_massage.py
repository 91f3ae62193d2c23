"""R08, R09, R20: what follows a massage."""

from alerts.core.texts.zh_hans.messages import NO_DOCTOR_TODAY
from alerts.core.texts.zh_hans.told import told

_PAIN_WAS = "按摩后{hours}小时，您的疼痛是{value}分（满分10分），之前是{reference}分。"
_PAIN_WAS_PLAIN = "按摩后超过24小时，您感觉更差。"

TEXTS = (
    told(
        key="wait.no_answer",
        version=1,
        level=1,
        title="推迟下一次按摩",
        advice=("推迟下一次按摩。先在应用里记下疼痛的分数。如果感觉比按摩前差，给医生打电话。"),
        why="按摩后第二天，还没有疼痛记录。",
    ),
    told(
        key="hold.pain_over_24h",
        version=2,
        level=2,
        title="暂停按摩",
        advice=(
            "暂停按摩。等疼痛回到按摩前的程度。"
            "每天记下疼痛的分数。"
            "如果到明天还没有降下来，给医生打电话。"
        ),
        why=_PAIN_WAS,
        why_plain=_PAIN_WAS_PLAIN,
    ),
    told(
        key="doctor.pain_over_24h",
        version=2,
        level=3,
        title="今天就给医生打电话",
        advice=f"今天就给医生打电话。告诉医生您在按摩后变差了。{NO_DOCTOR_TODAY}",
        why=_PAIN_WAS,
        why_plain=_PAIN_WAS_PLAIN,
    ),
    told(
        key="info.soreness",
        version=1,
        level=0,
        title="明天再告诉我们有多酸痛",
        advice=(
            "明天再告诉我们有多酸痛。"
            "按摩后一两天内肌肉酸痛是常见的。"
            "如果疼痛加重，或发麻、没力气，给医生打电话。"
        ),
        why="按摩后{hours}小时，您的肌肉酸痛是{value}分（满分10分）。",
        why_plain="您告诉我们，按摩后肌肉酸痛。",
    ),
    told(
        key="hold.soreness",
        version=1,
        level=2,
        title="暂停按摩",
        advice=(
            "暂停按摩。等肌肉不再酸痛。每天记下有多酸痛。如果酸痛加重，或超过一周，给医生打电话。"
        ),
        why="按摩后{hours}小时，您的肌肉酸痛还有{value}分（满分10分）。",
        why_plain="您告诉我们，按摩后肌肉还在酸痛。",
    ),
    told(
        key="remind.followup",
        version=1,
        level=0,
        title="告诉我们您现在的感觉",
        advice=(
            "告诉我们您现在的感觉。打开应用，记下疼痛的分数。如果感觉比按摩前差，给医生打电话。"
        ),
        why="按摩后第一天之后，还没有疼痛记录。",
    ),
    told(
        key="remind.followup_after_rise",
        version=1,
        level=0,
        title="告诉我们您现在的疼痛",
        advice=("告诉我们您现在有多疼。回答之前不要按摩。如果感觉比按摩前差，给医生打电话。"),
        why="按摩后第一天，您的疼痛从{reference}分升到{value}分。",
        why_plain="按摩后第一天，您的疼痛加重了。",
    ),
)
