"""R04, R05: weakness that stays, numbness that grows."""

from alerts.core.texts.zh_hans.messages import NO_DOCTOR_TODAY
from alerts.core.texts.zh_hans.told import told

_WHAT = {
    "numbness_jump": "麻木很快加重",
    "numbness_high": "现在麻木很严重",
    "new_region": "身体有新的地方发麻",
    "both_arms": "双臂或双手都发麻",
    "with_weakness": "发麻，而且比以前更没力气",
}
_NUMBNESS = {
    "numbness_jump": "您的麻木程度是{value}分（满分10分），之前是{reference}分。",
    "numbness_high": "您的麻木程度是{value}分（满分10分）。",
    "new_region": "您告诉我们，现在这些地方发麻：{regions}。",
}
_REGIONS = {
    "left_arm": "左臂",
    "right_arm": "右臂",
    "left_hand": "左手",
    "right_hand": "右手",
    "left_leg": "左腿",
    "right_leg": "右腿",
    "left_foot": "左脚",
    "right_foot": "右脚",
}
_PHRASES = {"what": _WHAT, "regions": _REGIONS}

TEXTS = (
    told(
        key="doctor.persistent_weakness",
        version=1,
        level=3,
        title="今天就给医生打电话",
        advice=f"今天就给医生打电话。说明您没力气有多久了。{NO_DOCTOR_TODAY}",
        why="最近有{days}天，您都告诉我们没力气。",
        why_plain="最近很多天，您都告诉我们没力气。",
    ),
    told(
        key="hold.numbness",
        version=1,
        level=2,
        title="暂停按摩",
        advice=(
            "暂停按摩。等麻木回到原来的程度，或医生说可以，再继续。"
            "每天记下哪里发麻。"
            "如果发麻的地方变多，或更没力气，今天就给医生打电话。"
        ),
        why="您告诉我们：{what}。",
        why_plain="您告诉我们，麻木比以前重。",
        why_for=_NUMBNESS,
        phrases=_PHRASES,
    ),
    told(
        key="doctor.progressive_numbness",
        version=1,
        level=3,
        title="今天就给医生打电话",
        advice=f"今天就给医生打电话。说明哪里发麻，从什么时候开始。{NO_DOCTOR_TODAY}",
        why="您告诉我们：{what}。",
        why_plain="您告诉我们，麻木比以前重。",
        why_for=_NUMBNESS,
        phrases=_PHRASES,
    ),
)
