"""R01, R02, R03: warning signs and growing weakness."""

from alerts.core.texts.en.messages import NO_DOCTOR_TODAY
from alerts.core.texts.shape import Text

_GO_NOW = (
    "Go to the emergency department now. Do not drive yourself. "
    "Get someone to take you, or call {emergency_number}. "
    "Do not wait for this app or a doctor to answer. "
    "Have no massage. Show this message when you get there."
)
_FLAGS = {
    "bladder": "trouble with your bladder",
    "bowel": "trouble with your bowel",
    "saddle_numbness": "numbness between your legs",
    "both_legs_pain": "pain in both legs",
    "both_legs_weak_or_numb": "both legs weak or numb",
    "sexual_change": "a change in sexual feeling",
    "gait_unsteady": "unsteady walking",
    "hands_clumsy": "clumsy hands",
}
_WEAKER = {
    "function_lost": "you can no longer do a move that you could do before",
    "function_lost_both_sides": "you can no longer do a move on the left and on the right",
    "function_lost_with_red_flag": "you lost a move and have a new warning sign",
    "weakness_jump": "your weakness went up fast",
    "weakness_rising": "your weakness keeps going up",
    "weakness_high": "your weakness is now high",
    "muscle_wasting": "a muscle has become thin",
}

TEXTS = (
    Text(
        key="emergency.red_flag",
        version=1,
        level=4,
        title="Go to emergency care now",
        advice=_GO_NOW,
        why="You told us about a warning sign that needs help at once.",
    ),
    Text(
        key="emergency.cauda_equina",
        version=1,
        level=4,
        title="Go to emergency care now",
        advice=_GO_NOW,
        why="You told us about {flags}; nerves may be squeezed and every hour counts.",
        why_plain="You told us about a warning sign; nerves may be squeezed.",
        phrases={"flags": _FLAGS},
    ),
    Text(
        key="doctor.check_today",
        version=1,
        level=3,
        title="Call your doctor today",
        advice=f"Call your doctor today. Read out the reason below. {NO_DOCTOR_TODAY}",
        why="You told us about {flags}, and a doctor should hear of it.",
        why_plain="You told us about a sign that a doctor should hear of.",
        phrases={"flags": _FLAGS},
    ),
    Text(
        key="emergency.cord",
        version=1,
        level=4,
        title="Go to emergency care now",
        advice=_GO_NOW,
        why="You told us about {flags}; nerves may be squeezed and every hour counts.",
        why_plain="You told us about a change in how you walk or use your hands.",
        phrases={"flags": _FLAGS},
    ),
    Text(
        key="doctor.check_cord",
        version=1,
        level=3,
        title="Call your doctor today",
        advice=(
            "Call your doctor today. Tell them how you walk and use your hands. " + NO_DOCTOR_TODAY
        ),
        why="You told us about {flags}, and a doctor should hear of it.",
        why_plain="You told us about a change in how you walk or use your hands.",
        phrases={"flags": _FLAGS},
    ),
    Text(
        key="emergency.progressive_weakness",
        version=1,
        level=4,
        title="Go to emergency care now",
        advice=_GO_NOW,
        why="You told us that {what}.",
        why_plain="You told us that you lost strength and have one more warning sign.",
        phrases={"what": _WEAKER},
    ),
    Text(
        key="doctor.progressive_weakness",
        version=1,
        level=3,
        title="Call your doctor today",
        advice=f"Call your doctor today. Say that you are getting weaker. {NO_DOCTOR_TODAY}",
        why="You told us that {what}.",
        why_plain="You told us that you are getting weaker.",
        phrases={"what": _WEAKER},
    ),
    Text(
        key="prompt.function_check",
        version=1,
        level=0,
        title="Check your strength now",
        advice=(
            "Check your strength now. Hold on to something firm. "
            "Walk a few steps on your heels, then on your toes. Grip a cup with each hand. "
            "Enter in the app what you can do and what you cannot. "
            "Call your doctor today if you cannot do one of these."
        ),
        why="Your weakness was {value} out of 10, and it was {reference} before.",
        why_plain="You told us that you feel weaker than before.",
    ),
)
