"""R01, R02, R03: warning signs and growing weakness."""

from alerts.core.texts.zh_hans.messages import NO_DOCTOR_TODAY
from alerts.core.texts.zh_hans.told import told

_GO_NOW = (
    "现在就去急诊。不要自己开车。"
    "请别人送您去，或拨打{emergency_number}。"
    "不要等本应用或医生回复。"
    "不要按摩。到了医院，请出示这条消息。"
)
_FLAGS = {
    "bladder": "小便有问题",
    "bowel": "大便有问题",
    "saddle_numbness": "两腿之间发麻",
    "both_legs_pain": "两条腿都疼",
    "both_legs_weak_or_numb": "两条腿都没力气或发麻",
    "sexual_change": "性方面的感觉有变化",
    "gait_unsteady": "走路不稳",
    "hands_clumsy": "双手不灵活",
}
_WEAKER = {
    "function_lost": "以前能做的一个动作现在做不了",
    "function_lost_both_sides": "左右两边都有动作做不了",
    "function_lost_with_red_flag": "有一个动作做不了，还有新的危险信号",
    "weakness_jump": "无力很快加重",
    "weakness_rising": "无力一直在加重",
    "weakness_high": "现在无力很严重",
    "muscle_wasting": "有一块肌肉变细了",
}

TEXTS = (
    told(
        key="emergency.red_flag",
        version=1,
        level=4,
        title="现在就去急诊",
        advice=_GO_NOW,
        why="您告诉我们的情况是危险信号，需要马上处理。",
    ),
    told(
        key="emergency.cauda_equina",
        version=1,
        level=4,
        title="现在就去急诊",
        advice=_GO_NOW,
        why="您告诉我们：{flags}；神经可能被压住，早一小时都很重要。",
        why_plain="您告诉我们有危险信号；神经可能被压住。",
        phrases={"flags": _FLAGS},
    ),
    told(
        key="doctor.check_today",
        version=1,
        level=3,
        title="今天就给医生打电话",
        advice=f"今天就给医生打电话。把下面的原因读给医生听。{NO_DOCTOR_TODAY}",
        why="您告诉我们：{flags}；这应当让医生知道。",
        why_plain="您告诉我们的情况，应当让医生知道。",
        phrases={"flags": _FLAGS},
    ),
    told(
        key="emergency.cord",
        version=1,
        level=4,
        title="现在就去急诊",
        advice=_GO_NOW,
        why="您告诉我们：{flags}；神经可能被压住，早一小时都很重要。",
        why_plain="您告诉我们，走路或用手有了变化。",
        phrases={"flags": _FLAGS},
    ),
    told(
        key="doctor.check_cord",
        version=1,
        level=3,
        title="今天就给医生打电话",
        advice=f"今天就给医生打电话。说明您走路和用手的情况。{NO_DOCTOR_TODAY}",
        why="您告诉我们：{flags}；这应当让医生知道。",
        why_plain="您告诉我们，走路或用手有了变化。",
        phrases={"flags": _FLAGS},
    ),
    told(
        key="emergency.progressive_weakness",
        version=1,
        level=4,
        title="现在就去急诊",
        advice=_GO_NOW,
        why="您告诉我们：{what}。",
        why_plain="您告诉我们力气变小了，还有一个危险信号。",
        phrases={"what": _WEAKER},
    ),
    told(
        key="doctor.progressive_weakness",
        version=1,
        level=3,
        title="今天就给医生打电话",
        advice=f"今天就给医生打电话。告诉医生您越来越没力气。{NO_DOCTOR_TODAY}",
        why="您告诉我们：{what}。",
        why_plain="您告诉我们，您越来越没力气。",
        phrases={"what": _WEAKER},
    ),
    told(
        key="prompt.function_check",
        version=1,
        level=0,
        title="现在检查一下力气",
        advice=(
            "现在检查一下力气。手扶住稳固的东西。"
            "先用脚跟走几步，再用脚尖走几步。每只手各握一次杯子。"
            "在应用里记下哪些能做，哪些不能做。"
            "如果有一项做不了，今天就给医生打电话。"
        ),
        why="您的无力程度是{value}分（满分10分），之前是{reference}分。",
        why_plain="您告诉我们，您比以前更没力气。",
    ),
)
