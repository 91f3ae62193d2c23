"""R06, R16, R17: pain that gets much worse, flares up or slowly grows."""

from alerts.core.texts.zh_hans.messages import NO_DOCTOR_TODAY
from alerts.core.texts.zh_hans.told import told

_MUCH_WORSE = {
    "jump": "疼痛很快加重",
    "lasting": "疼痛一直很重",
    "with_nerve_signs": "疼得厉害，而且更没力气或更麻",
}
_MUCH_WORSE_BY_NUMBERS = {
    "jump": "您的疼痛是{value}分（满分10分），平时多是{reference}分。",
    "lasting": "您的疼痛一直很重，现在是{value}分（满分10分）。",
    "with_nerve_signs": "您的疼痛是{value}分（满分10分），而且更没力气或更麻。",
}
_FLARE = {
    "pair": "疼痛加重，没有降下来",
    "reported": "疼痛突然加重",
    "massage": "疼痛加重期间做了按摩",
    "entries": "疼痛一直没有降下来",
    "week": "疼痛加重已有一周",
}
_FLARE_BY_NUMBERS = {
    "pair": "您的疼痛是{value}分（满分10分），平时多是{reference}分。",
    "reported": "您告诉我们疼痛突然加重，到了{value}分（满分10分）。",
    "massage": "您在疼痛加重期间做了按摩，当时疼痛是{value}分（满分10分）。",
    "entries": "您的疼痛一直没有降下来，现在{value}分（满分10分），之前{reference}分。",
    "week": "您的疼痛加重已有一周，现在是{value}分（满分10分）。",
}

TEXTS = (
    told(
        key="hold.acute_worsening",
        version=1,
        level=2,
        title="暂停按摩",
        advice=(
            "暂停按摩。等疼痛降下来并且不再升高，或医生说可以，再继续。"
            "告诉医生疼痛加重了很多。"
            "如果疼痛不减轻，今天就给医生打电话。"
        ),
        why="您告诉我们：{what}。",
        why_plain="您告诉我们，疼痛加重了很多。",
        why_for=_MUCH_WORSE_BY_NUMBERS,
        phrases={"what": _MUCH_WORSE},
    ),
    told(
        key="doctor.acute_worsening",
        version=1,
        level=3,
        title="今天就给医生打电话",
        advice=f"今天就给医生打电话。说明您疼得厉害，而且更没力气或更麻。{NO_DOCTOR_TODAY}",
        why="您告诉我们：{what}。",
        why_plain="您告诉我们疼得厉害，而且更没力气或更麻。",
        why_for=_MUCH_WORSE_BY_NUMBERS,
        phrases={"what": _MUCH_WORSE},
    ),
    told(
        key="flare.advice",
        version=1,
        level=1,
        title="推迟下一次按摩",
        advice=(
            "推迟下一次按摩，等疼痛回到原来的程度。"
            "每天记下疼痛的分数。"
            "如果疼痛再加重，或几天都不降，给医生打电话。"
        ),
        why="您告诉我们：{what}。",
        why_plain="您告诉我们，疼痛加重了。",
        why_for=_FLARE_BY_NUMBERS,
        phrases={"what": _FLARE},
    ),
    told(
        key="hold.flare",
        version=1,
        level=2,
        title="暂停按摩",
        advice=(
            "暂停按摩。等疼痛回到原来的程度，或医生说可以，再继续。"
            "每天记下疼痛的分数。"
            "如果疼痛再加重，或几天都不降，给医生打电话。"
        ),
        why="您告诉我们：{what}。",
        why_plain="您告诉我们，疼痛还没有降下来。",
        why_for=_FLARE_BY_NUMBERS,
        phrases={"what": _FLARE},
    ),
    told(
        key="doctor.flare",
        version=1,
        level=3,
        title="今天就给医生打电话",
        advice=f"今天就给医生打电话。说明疼痛加重有多久了。{NO_DOCTOR_TODAY}",
        why="您告诉我们：{what}。",
        why_plain="您告诉我们，疼痛加重已有一周。",
        why_for=_FLARE_BY_NUMBERS,
        phrases={"what": _FLARE},
    ),
    told(
        key="trend.worsening",
        version=1,
        level=1,
        title="减少按摩",
        advice=(
            "减少按摩，并请按摩师手法再轻一些。"
            "告诉医生，您的疼痛在慢慢加重。"
            "如果疼痛很快加重，或没力气、发麻，今天就给医生打电话。"
        ),
        why="在有记录的{days}天里，您的疼痛升高了约{rise}分（满分10分）。",
        why_plain="从您的记录看，疼痛在慢慢加重。",
    ),
    told(
        key="hold.trend_numbness",
        version=1,
        level=2,
        title="暂停按摩",
        advice=(
            "暂停按摩。先问过医生再继续。"
            "每天记下哪里发麻。"
            "如果发麻的地方变多，或更没力气，今天就给医生打电话。"
        ),
        why="在有记录的{days}天里，您的麻木升高了约{rise}分（满分10分）。",
        why_plain="从您的记录看，麻木在慢慢加重。",
    ),
    told(
        key="doctor.trend_weakness",
        version=1,
        level=3,
        title="今天就给医生打电话",
        advice=f"今天就给医生打电话。告诉医生您慢慢变得更没力气。{NO_DOCTOR_TODAY}",
        why="在有记录的{days}天里，您的无力升高了约{rise}分（满分10分）。",
        why_plain="从您的记录看，您慢慢变得更没力气。",
    ),
)
