"""R08, R12, R20: what follows a massage, and how often there may be one."""

from alerts.core.texts.shape import Text, by_key

_PAIN_WAS = (
    "Your pain was {value} out of 10 at {hours} hours after the massage, and {reference} before."
)
_PAIN_WAS_PLAIN = "You felt worse more than 24 hours after the massage."
_COUNT_WAS = (
    "You had {count} massages in {days} days, and your limit is {limit}, "
    "so have none before {next_allowed_on}."
)

TEXTS = by_key(
    Text(
        key="wait.no_answer",
        version=1,
        level=1,
        title="Wait with the next massage",
        advice=(
            "Wait with the next massage. Enter your pain in the app first. "
            "Call your doctor if you feel worse than before the massage."
        ),
        why="No pain entry came from the second day after your massage.",
    ),
    Text(
        key="hold.pain_over_24h",
        version=1,
        level=2,
        title="Stop massage for now",
        advice=(
            "Stop massage for now. Enter your pain each day. "
            "Call your doctor if your pain has not gone down by tomorrow."
        ),
        why=_PAIN_WAS,
        why_plain=_PAIN_WAS_PLAIN,
    ),
    Text(
        key="doctor.pain_over_24h",
        version=1,
        level=3,
        title="Call your doctor today",
        advice=(
            "Call your doctor today. Say that you got worse after a massage. "
            "Have no massage until the doctor says so."
        ),
        why=_PAIN_WAS,
        why_plain=_PAIN_WAS_PLAIN,
    ),
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
        version=1,
        level=2,
        title="Stop massage for now",
        advice=(
            "Stop massage for now. You have had far more than your limit allows. "
            "Call your doctor if you feel worse than before."
        ),
        why=_COUNT_WAS,
        why_plain="You had far more massages than your limit allows.",
    ),
    Text(
        key="remind.followup",
        version=1,
        level=0,
        title="Tell us how you feel",
        advice=(
            "Tell us how you feel now. Open the app and enter your pain. "
            "Call your doctor if you feel worse than before the massage."
        ),
        why="No pain entry has come since the first day after your massage.",
    ),
    Text(
        key="remind.followup_after_rise",
        version=1,
        level=0,
        title="Tell us how your pain is",
        advice=(
            "Tell us how your pain is now. Have no massage before you have answered. "
            "Call your doctor if you feel worse than before the massage."
        ),
        why="Your pain went from {reference} to {value} on the first day after your massage.",
        why_plain="Your pain went up on the first day after your massage.",
    ),
)
