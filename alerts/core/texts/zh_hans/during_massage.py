"""R07, R11, R14, R15: how and when a massage was done, and what was felt in it."""

from alerts.core.texts.zh_hans.messages import NO_DOCTOR_TODAY
from alerts.core.texts.zh_hans.told import told

_HURT = {
    "pain": "按摩时疼痛加重",
    "stopped_early": "按摩提前停了下来",
}
_FELT = {
    "numbness": "麻木",
    "tingling": "刺麻感",
    "radiating_pain": "疼痛窜到手臂或腿",
}
_STRONG_SIGNS = {
    "weakness": "没力气",
    "numbness": "麻木",
    "limb_pain": "手臂或腿疼得厉害",
}
_DONE = {
    "shaking": "抖动",
    "vibration": "振动",
    "bouncing": "弹震",
    "over_disc": "按压患病的椎间盘处",
    "over_disc_deep": "用力按压患病的椎间盘处",
    "not_neutral": "腰背或脖子没有放平放直",
    "roller_low_back": "在腰部用滚轴或球",
    "deep": "用力深按",
    "acute_pressure": "力度不够轻",
    "acute_site": "按摩腰背或脖子",
    "manipulation": "猛力扳动脊柱",
    "spinal_twist": "扭转脊柱",
    "spinal_stretch": "拉伸脊柱",
}
_HAD = "这次按摩中有：{findings}。"
_TIMES = {
    "lifting": "搬重物之后不久",
    "sitting": "久坐之后不久",
    "exercise": "当天做了运动",
}

TEXTS = (
    told(
        key="adjust.pain_during",
        version=1,
        level=1,
        title="下次按摩轻一些",
        advice=(
            "立即停止让疼痛加重的按摩，并告诉按摩师。下次请按摩师手法轻一些。如果疼痛降不下来，给医生打电话。"
        ),
        why="您告诉我们：{what}。",
        why_plain="您告诉我们，按摩时疼。",
        why_for={"pain": "按摩时，您的疼痛从{reference}分升到{value}分。"},
        phrases={"what": _HURT},
    ),
    told(
        key="hold.pain_during",
        version=1,
        level=2,
        title="暂停按摩",
        advice=(
            "暂停按摩。先问过医生再继续。"
            "每天回答应用里的问题。"
            "如果有新的麻木，或更没力气，今天就给医生打电话。"
        ),
        why="您又一次告诉我们：{what}。",
        why_plain="您告诉我们，不止一次按摩时疼。",
        why_for={"pain": "又有一次按摩时，您的疼痛从{reference}分升到{value}分。"},
        phrases={"what": _HURT},
    ),
    told(
        key="hold.neuro_during",
        version=1,
        level=2,
        title="暂停按摩",
        advice=(
            "暂停按摩。先问过医生再继续。"
            "明天在应用里记下是否还有这种感觉。"
            "如果感觉还在，或更没力气，今天就给医生打电话。"
        ),
        why="按摩时您感到：{signs}。",
        why_plain="按摩时您有新的感觉。",
        phrases={"signs": _FELT},
    ),
    told(
        key="doctor.neuro_after",
        version=1,
        level=3,
        title="今天就给医生打电话",
        advice=f"今天就给医生打电话。说明按摩以后您有什么感觉。{NO_DOCTOR_TODAY}",
        why="按摩后{hours}小时，您告诉我们有新的麻木、刺麻或没力气。",
        why_plain="按摩以后，您告诉我们有新的麻木、刺麻或没力气。",
    ),
    told(
        key="hold.acute_phase",
        version=1,
        level=2,
        title="暂停按摩",
        advice=(
            "暂停按摩。等医生说可以，再开始。每次按摩都请继续记录。如果感觉比以前差，给医生打电话。"
        ),
        why="您的档案显示：病刚开始不久，或没有写明处于哪个阶段。",
    ),
    told(
        key="hold.acute_nerve_signs",
        version=1,
        level=2,
        title="暂停按摩",
        advice=(
            "暂停按摩。先问过医生再继续。"
            "每次按摩都请继续记录。"
            "如果更没力气或更麻，今天就给医生打电话。"
        ),
        why="这次按摩前几天，您告诉我们：{signs}。",
        why_plain="这次按摩前几天，您告诉我们有明显的不舒服。",
        phrases={"signs": _STRONG_SIGNS},
    ),
    told(
        key="adjust.technique",
        version=1,
        level=1,
        title="换一种按摩做法",
        advice=(
            "换一种做法再按摩，不要做原因里写的那一项。"
            "开始前告诉按摩师。"
            "如果感觉比以前差，给医生打电话。"
        ),
        why=_HAD,
        why_plain="这次按摩的做法可能伤到您。",
        phrases={"findings": _DONE},
    ),
    told(
        key="hold.technique",
        version=1,
        level=2,
        title="暂停按摩",
        advice=(
            "暂停按摩。先问过医生再继续。"
            "把原因里写的做法告诉医生，以后不要再做。"
            "如果感觉比以前差，今天就给医生打电话。"
        ),
        why=_HAD,
        why_plain="这次按摩的做法可能伤到您。",
        phrases={"findings": _DONE},
    ),
    told(
        key="info.no_exercise_today",
        version=1,
        level=0,
        title="按摩当天不做运动",
        advice="不要在按摩当天做运动。把运动改到别的日子。如果感觉比以前差，给医生打电话。",
        why="这次按摩的时间：{what}。",
        why_plain="您在按摩当天做了运动。",
        phrases={"what": _TIMES},
    ),
    told(
        key="adjust.timing",
        version=1,
        level=1,
        title="下次按摩选轻松的日子",
        advice=(
            "把下次按摩安排在轻松的日子。"
            "前后不要搬重物、久坐或做运动。"
            "如果感觉比以前差，给医生打电话。"
        ),
        why="这次按摩的时间：{what}。",
        why_plain="这次按摩的时间可能对您不合适。",
        phrases={"what": _TIMES},
    ),
)
