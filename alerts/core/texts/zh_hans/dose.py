"""R12, R13, R18, R19: how many massages there may be, how long, and what they do."""

from alerts.core.texts.zh_hans.told import told

_COUNT_WAS = "您在{days}天内做了{count}次按摩，上限是{limit}次，所以{next_allowed_on}之前不要再做。"

TEXTS = (
    told(
        key="info.frequency_limit",
        version=1,
        level=0,
        title="按摩次数已到上限",
        advice="推迟下一次按摩。您的按摩次数已到上限。安排更多之前，先问医生。",
        why=_COUNT_WAS,
        why_plain="您的按摩次数已到上限。",
    ),
    told(
        key="reduce.frequency",
        version=1,
        level=1,
        title="减少按摩次数",
        advice="减少按摩次数。回到上限以内，再做下一次。安排更多之前，先问医生。",
        why=_COUNT_WAS,
        why_plain="您的按摩次数超过了上限。",
    ),
    told(
        key="hold.frequency",
        version=2,
        level=2,
        title="暂停按摩",
        advice=(
            "暂停按摩。您的按摩次数远远超过了上限。"
            "等次数回到上限以内。"
            "如果感觉比以前差，给医生打电话。"
        ),
        why=_COUNT_WAS,
        why_plain="您的按摩次数远远超过了上限。",
    ),
    told(
        key="adjust.session_length",
        version=1,
        level=1,
        title="下次按摩时间短一些",
        advice=("缩短下一次按摩。开始前把时间上限告诉按摩师。如果感觉比以前差，给医生打电话。"),
        why="这次按摩的时间超过了{what}的上限。",
        why_plain="这次按摩的时间超过了您的上限。",
        why_for={
            "phase": "这次按摩做了{minutes}分钟，应当少于{limit}分钟。",
            "first": "这次按摩做了{minutes}分钟；刚开始或中断后，上限是{limit}分钟。",
            "plan": "这次按摩做了{minutes}分钟，您的计划允许{limit}分钟。",
        },
        phrases={
            "what": {
                "phase": "您所处阶段",
                "first": "刚开始或中断后",
                "plan": "您的计划",
            },
        },
    ),
    told(
        key="reduce.worse_after_massage",
        version=1,
        level=1,
        title="减少按摩次数",
        advice=(
            "减少按摩次数，并请按摩师手法轻一些。"
            "安排更多之前，先告诉医生。"
            "如果更没力气或更麻，今天就给医生打电话。"
        ),
        why="您最近{of}次按摩中，有{worse}次之后感觉更差。",
        why_plain="您最近不止一次在按摩后感觉更差。",
    ),
    told(
        key="hold.worse_after_massage",
        version=1,
        level=2,
        title="暂停按摩",
        advice=(
            "暂停按摩。先问过医生再继续。每天记下您的感觉。如果更没力气或更麻，今天就给医生打电话。"
        ),
        why="您最近{of}次按摩中，有{worse}次之后感觉更差。",
        why_plain="您最近每次按摩后都感觉更差。",
    ),
    told(
        key="positive.relief",
        version=1,
        level=0,
        title="您的记录显示疼痛减轻",
        advice=("保持现在的按摩次数上限。想增加次数，先问医生。如果疼痛又加重，给医生打电话。"),
        why="最近一次按摩后，您的疼痛约{value}分（满分10分），之前约{reference}分。",
        why_plain="最近几次按摩后，您的疼痛比之前低。",
    ),
)
