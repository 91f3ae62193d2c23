"""R10: what in a record speaks against a massage. No blame, and every massage may be entered."""

from collections.abc import Mapping

from alerts.core.texts.shape import Text
from alerts.core.texts.zh_hans.messages import NO_DOCTOR_TODAY
from alerts.core.texts.zh_hans.told import told

_CODES = {
    "cord_compression": "脊柱里的神经受压",
    "fracture": "脊柱骨折",
    "tumour": "脊柱或附近有肿瘤",
    "infection": "感染",
    "spinal_instability": "脊柱不稳",
    "spondylolisthesis": "脊柱有一节骨头滑脱",
    "osteoporosis": "骨质疏松",
    "bleeding_disorder": "血液不易凝固",
    "anticoagulant": "在用防止血液凝固的药",
    "other_spinal": "脊柱的其他疾病",
    "recent_trauma": "不久前受过伤",
    "severe": "椎间盘的病情严重",
    "open_hold": "有暂停按摩的建议",
    "skin": "同一处皮肤有问题",
    "reaction": "用油或霜之后皮肤有问题",
    "no_approval": "还没有医生的同意",
}
_WHY = "关于这次按摩，您的档案显示：{codes}。"
_STOP = "暂停按摩。"
_KEEP = "每次按摩都请继续记录。"
_ASK = f"{_STOP}等医生说可以，再继续。{_KEEP}"
_WORSE = "如果感觉比以前差，今天就给医生打电话。"
_NERVES = "如果更没力气或更麻，今天就给医生打电话。"
_BRUISE = "如果出现大块瘀青或肿胀，今天就给医生打电话。"

_ADVICE: Mapping[str, str] = {
    "cord_compression": f"{_ASK}{_NERVES}",
    "fracture": f"{_ASK}{_WORSE}",
    "tumour": f"{_ASK}{_WORSE}",
    "infection": f"{_ASK}如果发烧或感觉生病了，今天就给医生打电话。",
    "spinal_instability": f"{_ASK}{_NERVES}",
    "spondylolisthesis": f"{_ASK}{_NERVES}",
    "osteoporosis": f"{_ASK}如果突然疼得厉害，今天就给医生打电话。",
    "bleeding_disorder": f"{_ASK}{_BRUISE}",
    "anticoagulant": f"{_ASK}不要自己停药。{_BRUISE}",
    "other_spinal": f"{_ASK}{_WORSE}",
    "recent_trauma": f"{_STOP}等医生看过伤处并说可以，再继续。{_KEEP}{_WORSE}",
    "severe": f"{_ASK}{_NERVES}",
    "open_hold": (
        f"{_STOP}先看应用里的另一条消息，并照着做。"
        f"等那条消息结束，或医生说可以，再继续。{_KEEP}{_WORSE}"
    ),
    "skin": (
        f"暂停按摩那个部位。等那里的皮肤长好。{_KEEP}如果皮肤发红、发热或流水，请让医生看看。"
    ),
    "reaction": (
        f"{_STOP}等皮肤长好，以后不要再用那种油或霜。{_KEEP}如果皮肤变得更差，给医生打电话。"
        "如果脸肿或喘不上气，立即拨打{emergency_number}。"
    ),
    "no_approval": f"{_STOP}问医生您能不能按摩，并在应用里记下回答。{_KEEP}{_WORSE}",
}


def _held(code: str) -> Text:
    """The text that names this code first; the reason names all that were found."""
    return told(
        key=f"hold.contraindicated.{code}",
        version=1,
        level=2,
        title="暂停按摩",
        advice=_ADVICE[code],
        why=_WHY,
        why_plain=_WHY.format(codes=_CODES[code]),
        phrases={"codes": _CODES},
    )


TEXTS = (
    *map(_held, _CODES),
    told(
        key="adjust.product_allergy",
        version=1,
        level=1,
        title="换一种油或霜",
        advice=(
            "换一种油或霜再按摩。"
            "按摩开始前，把过敏清单给按摩师看。"
            "如果皮肤发痒或肿起来，给医生打电话。"
        ),
        why="这次按摩用的油或霜，与您过敏清单上的东西相近。",
    ),
    told(
        key="doctor.infection_fever",
        version=1,
        level=3,
        title="今天就给医生打电话",
        advice=f"今天就给医生打电话。说明您有感染，而且感觉生病了。{NO_DOCTOR_TODAY}",
        why="您的档案显示有感染，而且您告诉我们发烧或感觉生病了。",
    ),
)
