"""R06, R16, R17: pain that gets much worse, flares up or slowly grows."""

from alerts.core.texts.en.messages import NO_DOCTOR_TODAY
from alerts.core.texts.shape import Text

_MUCH_WORSE = {
    "jump": "your pain went up fast",
    "lasting": "your pain stays very high",
    "with_nerve_signs": "you have strong pain and also feel weaker or more numb",
}
_MUCH_WORSE_BY_NUMBERS = {
    "jump": "Your pain was {value} out of 10, and on most days it was {reference}.",
    "lasting": "Your pain stays very high, now at {value} out of 10.",
    "with_nerve_signs": "Your pain was {value} out of 10, and you also feel weaker or more numb.",
}
_FLARE = {
    "pair": "your pain went up and stayed up",
    "reported": "your pain flared up",
    "massage": "you had a massage while your pain was up",
    "entries": "your pain stays up",
    "week": "your pain has been up for a week",
}
_FLARE_BY_NUMBERS = {
    "pair": "Your pain was {value} out of 10, and on most days it was {reference}.",
    "reported": "You told us that your pain flared up, to {value} out of 10.",
    "massage": "You had a massage while your pain was up, and it was {value} out of 10.",
    "entries": "Your pain stays up, now at {value} out of 10, and was {reference} before.",
    "week": "Your pain has been up for a week, now at {value} out of 10.",
}

TEXTS = (
    Text(
        key="hold.acute_worsening",
        version=1,
        level=2,
        title="Stop massage for now",
        advice=(
            "Stop massage for now. "
            "Wait until the pain has gone down and stays down, or a doctor says you can go on. "
            "Tell your doctor that it got much worse. "
            "Call today if it does not ease."
        ),
        why="You told us that {what}.",
        why_plain="You told us that your pain got much worse.",
        why_for=_MUCH_WORSE_BY_NUMBERS,
        phrases={"what": _MUCH_WORSE},
    ),
    Text(
        key="doctor.acute_worsening",
        version=1,
        level=3,
        title="Call your doctor today",
        advice=(
            "Call your doctor today. Say that you have strong pain and feel weaker or more numb. "
            + NO_DOCTOR_TODAY
        ),
        why="You told us that {what}.",
        why_plain="You told us of strong pain, and that you feel weaker or more numb.",
        why_for=_MUCH_WORSE_BY_NUMBERS,
        phrases={"what": _MUCH_WORSE},
    ),
    Text(
        key="flare.advice",
        version=1,
        level=1,
        title="Wait with the next massage",
        advice=(
            "Wait with the next massage until your pain is back to what it was. "
            "Enter your pain each day. "
            "Call your doctor if it goes up more or does not go down in a few days."
        ),
        why="You told us that {what}.",
        why_plain="You told us that your pain is up.",
        why_for=_FLARE_BY_NUMBERS,
        phrases={"what": _FLARE},
    ),
    Text(
        key="hold.flare",
        version=1,
        level=2,
        title="Stop massage for now",
        advice=(
            "Stop massage for now. "
            "Wait until your pain is back to what it was, or a doctor says you can go on. "
            "Enter your pain each day. "
            "Call your doctor if it goes up more or does not go down in a few days."
        ),
        why="You told us that {what}.",
        why_plain="You told us that your pain is still up.",
        why_for=_FLARE_BY_NUMBERS,
        phrases={"what": _FLARE},
    ),
    Text(
        key="doctor.flare",
        version=1,
        level=3,
        title="Call your doctor today",
        advice=f"Call your doctor today. Say how long your pain has been up. {NO_DOCTOR_TODAY}",
        why="You told us that {what}.",
        why_plain="You told us that your pain has been up for a week.",
        why_for=_FLARE_BY_NUMBERS,
        phrases={"what": _FLARE},
    ),
    Text(
        key="trend.worsening",
        version=1,
        level=1,
        title="Have less massage",
        advice=(
            "Have less massage, and ask for a lighter touch. "
            "Tell your doctor that your pain has slowly gone up. "
            "Call today if it goes up fast or you feel weak or numb."
        ),
        why="In {days} days with entries, your pain went up by about {rise} out of 10.",
        why_plain="Your entries show that your pain has slowly gone up.",
    ),
    Text(
        key="hold.trend_numbness",
        version=1,
        level=2,
        title="Stop massage for now",
        advice=(
            "Stop massage for now. Ask your doctor before you go on. "
            "Enter each day where you feel numb. "
            "Call today if it spreads or you get weaker."
        ),
        why="In {days} days with entries, your numbness went up by about {rise} out of 10.",
        why_plain="Your entries show that you slowly feel more numb.",
    ),
    Text(
        key="doctor.trend_weakness",
        version=1,
        level=3,
        title="Call your doctor today",
        advice=f"Call your doctor today. Say that you are slowly getting weaker. {NO_DOCTOR_TODAY}",
        why="In {days} days with entries, your weakness went up by about {rise} out of 10.",
        why_plain="Your entries show that you are slowly getting weaker.",
    ),
)
