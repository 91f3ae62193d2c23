"""R07, R11, R14, R15: how and when a massage was done, and what was felt in it."""

from alerts.core.texts.en.messages import NO_DOCTOR_TODAY
from alerts.core.texts.shape import Text

_HURT = {
    "pain": "your pain went up during the massage",
    "stopped_early": "you stopped the massage early",
}
_HURT_BY_NUMBERS = {"pain": "During the massage your pain went from {reference} to {value}."}
_FELT = {
    "numbness": "numbness",
    "tingling": "tingling",
    "radiating_pain": "pain down an arm or leg",
}
_STRONG_SIGNS = {
    "weakness": "weakness",
    "numbness": "numbness",
    "limb_pain": "strong pain in an arm or leg",
}
_DONE = {
    "shaking": "shaking",
    "vibration": "a vibrating touch",
    "bouncing": "bouncing",
    "over_disc": "pressure over the disc",
    "over_disc_deep": "deep pressure over the disc",
    "not_neutral": "a back or neck that was not straight",
    "roller_low_back": "a roller or ball on the low back",
    "deep": "deep pressure",
    "acute_pressure": "more than light pressure",
    "acute_site": "work on the back or neck",
    "manipulation": "force on the spine",
    "spinal_twist": "a twist of the spine",
    "spinal_stretch": "a stretch of the spine",
}
_HAD = "This massage had {findings}."
_TIMES = {
    "lifting": "soon after heavy lifting",
    "sitting": "soon after you sat for long",
    "exercise": "on a day with sport",
}

TEXTS = (
    Text(
        key="adjust.pain_during",
        version=1,
        level=1,
        title="Make the next massage lighter",
        advice=(
            "Stop a massage at once when your pain goes up, and tell the therapist. "
            "Ask for a lighter touch next time. "
            "Call your doctor if the pain stays up."
        ),
        why="You told us that {what}.",
        why_plain="You told us that the massage hurt.",
        why_for=_HURT_BY_NUMBERS,
        phrases={"what": _HURT},
    ),
    Text(
        key="hold.pain_during",
        version=1,
        level=2,
        title="Stop massage for now",
        advice=(
            "Stop massage for now. Ask your doctor before you go on. "
            "Answer the questions in the app each day. "
            "Call today if you feel new numbness or get weaker."
        ),
        why="You told us once more that {what}.",
        why_plain="You told us of more than one massage that hurt.",
        why_for={"pain": "Once more, your pain went from {reference} to {value} during a massage."},
        phrases={"what": _HURT},
    ),
    Text(
        key="hold.neuro_during",
        version=1,
        level=2,
        title="Stop massage for now",
        advice=(
            "Stop massage for now. Ask your doctor before you go on. "
            "Enter in the app tomorrow if you still feel it. "
            "Call today if it stays or you get weaker."
        ),
        why="During the massage you felt {signs}.",
        why_plain="During the massage you felt something new.",
        phrases={"signs": _FELT},
    ),
    Text(
        key="doctor.neuro_after",
        version=1,
        level=3,
        title="Call your doctor today",
        advice=(
            "Call your doctor today. Say what you have felt since the massage. " + NO_DOCTOR_TODAY
        ),
        why="You told us of new numbness, tingling or weakness {hours} hours after the massage.",
        why_plain="You told us of new numbness, tingling or weakness after the massage.",
    ),
    Text(
        key="hold.acute_phase",
        version=1,
        level=2,
        title="Stop massage for now",
        advice=(
            "Stop massage for now. Wait until your doctor says that you can start. "
            "Keep entering each massage that you have. "
            "Call your doctor if you feel worse than before."
        ),
        why="Your record says that your disc trouble is new, or it names no phase yet.",
    ),
    Text(
        key="hold.acute_nerve_signs",
        version=1,
        level=2,
        title="Stop massage for now",
        advice=(
            "Stop massage for now. Ask your doctor before you go on. "
            "Keep entering each massage that you have. "
            "Call today if you get weaker or more numb."
        ),
        why="In the days before this massage you told us of {signs}.",
        why_plain="In the days before this massage you told us of strong signs.",
        phrases={"signs": _STRONG_SIGNS},
    ),
    Text(
        key="adjust.technique",
        version=1,
        level=1,
        title="Change how the massage is done",
        advice=(
            "Change how the next massage is done. Leave out what the reason names. "
            "Tell your therapist before it starts. "
            "Call your doctor if you feel worse than before."
        ),
        why=_HAD,
        why_plain="This massage was done in a way that may hurt you.",
        phrases={"findings": _DONE},
    ),
    Text(
        key="hold.technique",
        version=1,
        level=2,
        title="Stop massage for now",
        advice=(
            "Stop massage for now. Ask your doctor before you go on. "
            "Say what the reason names, and leave it out from then on. "
            "Call today if you feel worse than before."
        ),
        why=_HAD,
        why_plain="This massage was done in a way that may hurt you.",
        phrases={"findings": _DONE},
    ),
    Text(
        key="info.no_exercise_today",
        version=1,
        level=0,
        title="Rest from sport on massage days",
        advice=(
            "Rest from sport on days with a massage. Move your sport to another day. "
            "Call your doctor if you feel worse than before."
        ),
        why="You had this massage {what}.",
        why_plain="You had this massage on a day with sport.",
        phrases={"what": _TIMES},
    ),
    Text(
        key="adjust.timing",
        version=1,
        level=1,
        title="Plan the next massage for a calm day",
        advice=(
            "Plan the next massage for a calm day. "
            "Have no hard lifting, long sitting or sport around it. "
            "Call your doctor if you feel worse than before."
        ),
        why="You had this massage {what}.",
        why_plain="You had this massage at a time that may not be good for you.",
        phrases={"what": _TIMES},
    ),
)
