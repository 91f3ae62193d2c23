"""R04, R05: weakness that stays, numbness that grows."""

from alerts.core.texts.en.messages import NO_DOCTOR_TODAY
from alerts.core.texts.shape import Text

_WHAT = {
    "numbness_jump": "your numbness went up fast",
    "numbness_high": "your numbness is now high",
    "new_region": "a new part of your body is numb",
    "both_arms": "both arms or hands are numb",
    "with_weakness": "you feel numb and also weaker than before",
}
_NUMBNESS = {
    "numbness_jump": "Your numbness was {value} out of 10, and it was {reference} before.",
    "numbness_high": "Your numbness was {value} out of 10.",
    "new_region": "You told us that you now feel numb in the {regions}.",
}
_REGIONS = {
    "left_arm": "left arm",
    "right_arm": "right arm",
    "left_hand": "left hand",
    "right_hand": "right hand",
    "left_leg": "left leg",
    "right_leg": "right leg",
    "left_foot": "left foot",
    "right_foot": "right foot",
}
_PHRASES = {"what": _WHAT, "regions": _REGIONS}

TEXTS = (
    Text(
        key="doctor.persistent_weakness",
        version=1,
        level=3,
        title="Call your doctor today",
        advice=f"Call your doctor today. Say how long you have been weak. {NO_DOCTOR_TODAY}",
        why="You told us on {days} days lately that you feel weak.",
        why_plain="You told us on many days lately that you feel weak.",
    ),
    Text(
        key="hold.numbness",
        version=1,
        level=2,
        title="Stop massage for now",
        advice=(
            "Stop massage for now. "
            "Wait until the numbness is back to what it was, or a doctor says you can go on. "
            "Enter each day where you feel numb. "
            "Call your doctor today if it spreads or you get weaker."
        ),
        why="You told us that {what}.",
        why_plain="You told us that you feel more numb than before.",
        why_for=_NUMBNESS,
        phrases=_PHRASES,
    ),
    Text(
        key="doctor.progressive_numbness",
        version=1,
        level=3,
        title="Call your doctor today",
        advice=(
            "Call your doctor today. Say where you feel numb, and since when. " + NO_DOCTOR_TODAY
        ),
        why="You told us that {what}.",
        why_plain="You told us that you feel more numb than before.",
        why_for=_NUMBNESS,
        phrases=_PHRASES,
    ),
)
