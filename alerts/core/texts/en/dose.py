"""R12, R13, R18, R19: how many massages there may be, how long, and what they do."""

from alerts.core.texts.shape import Text

_COUNT_WAS = (
    "You had {count} massages in {days} days, and your limit is {limit}, "
    "so have none before {next_allowed_on}."
)

TEXTS = (
    Text(
        key="info.frequency_limit",
        version=1,
        level=0,
        title="You have reached your massage limit",
        advice=(
            "Wait with the next massage. You have had as many as your limit allows. "
            "Ask your doctor before you plan more."
        ),
        why=_COUNT_WAS,
        why_plain="You had as many massages as your limit allows.",
    ),
    Text(
        key="reduce.frequency",
        version=1,
        level=1,
        title="Have massage less often",
        advice=(
            "Have massage less often. Wait with the next one until you are back at your limit. "
            "Ask your doctor before you plan more."
        ),
        why=_COUNT_WAS,
        why_plain="You had more massages than your limit allows.",
    ),
    Text(
        key="hold.frequency",
        version=2,
        level=2,
        title="Stop massage for now",
        advice=(
            "Stop massage for now. You have had far more than your limit allows. "
            "Wait until you are back within your limit. "
            "Call your doctor if you feel worse than before."
        ),
        why=_COUNT_WAS,
        why_plain="You had far more massages than your limit allows.",
    ),
    Text(
        key="adjust.session_length",
        version=1,
        level=1,
        title="Keep the next massage shorter",
        advice=(
            "Keep the next massage shorter. Tell your therapist the limit before it starts. "
            "Call your doctor if you feel worse than before."
        ),
        why="This massage took longer than {what} allows.",
        why_plain="This massage took longer than your limit allows.",
        why_for={
            "phase": "This massage took {minutes} minutes, and it should stay under {limit}.",
            "first": (
                "This massage took {minutes} minutes; "
                "at the start or after a break the limit is {limit}."
            ),
            "plan": "This massage took {minutes} minutes, and your plan allows {limit}.",
        },
        phrases={
            "what": {
                "phase": "your phase",
                "first": "the start or a new start",
                "plan": "your plan",
            },
        },
    ),
    Text(
        key="reduce.worse_after_massage",
        version=1,
        level=1,
        title="Have massage less often",
        advice=(
            "Have massage less often, and ask for a lighter touch. "
            "Tell your doctor before you plan more. "
            "Call today if you get weaker or more numb."
        ),
        why="You felt worse after {worse} of your last {of} massages.",
        why_plain="You felt worse after more than one of your last massages.",
    ),
    Text(
        key="hold.worse_after_massage",
        version=1,
        level=2,
        title="Stop massage for now",
        advice=(
            "Stop massage for now. Ask your doctor before you go on. "
            "Enter each day how you feel. "
            "Call today if you get weaker or more numb."
        ),
        why="You felt worse after {worse} of your last {of} massages.",
        why_plain="You felt worse after each of your last massages.",
    ),
    Text(
        key="positive.relief",
        version=1,
        level=0,
        title="Your entries show less pain",
        advice=(
            "Keep to the massage limit that you have now. "
            "Ask your doctor before you go more often. "
            "Call your doctor if your pain goes up again."
        ),
        why="Your pain was about {value} out of 10 after the last massage, and {reference} before.",
        why_plain="Your pain was lower after your last massages.",
    ),
)
