"""R08, R09, R20: what follows a massage."""

from alerts.core.texts.en.messages import NO_DOCTOR_TODAY
from alerts.core.texts.shape import Text

_PAIN_WAS = (
    "Your pain was {value} out of 10 at {hours} hours after the massage, and {reference} before."
)
_PAIN_WAS_PLAIN = "You felt worse more than 24 hours after the massage."

TEXTS = (
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
        version=2,
        level=2,
        title="Stop massage for now",
        advice=(
            "Stop massage for now. "
            "Wait until your pain is back to what it was before the massage. "
            "Enter your pain each day. "
            "Call your doctor if it has not gone down by tomorrow."
        ),
        why=_PAIN_WAS,
        why_plain=_PAIN_WAS_PLAIN,
    ),
    Text(
        key="doctor.pain_over_24h",
        version=2,
        level=3,
        title="Call your doctor today",
        advice=(
            "Call your doctor today. Say that you got worse after a massage. " + NO_DOCTOR_TODAY
        ),
        why=_PAIN_WAS,
        why_plain=_PAIN_WAS_PLAIN,
    ),
    Text(
        key="info.soreness",
        version=1,
        level=0,
        title="Tell us tomorrow how sore you are",
        advice=(
            "Tell us again tomorrow how sore you are. "
            "Sore muscles are common for a day or two after a massage. "
            "Call your doctor if your pain goes up or you feel numb or weak."
        ),
        why="Your muscles were sore at {value} out of 10, {hours} hours after the massage.",
        why_plain="You told us that your muscles are sore after the massage.",
    ),
    Text(
        key="hold.soreness",
        version=1,
        level=2,
        title="Stop massage for now",
        advice=(
            "Stop massage for now. Wait until your muscles are no longer sore. "
            "Enter each day how sore you are. "
            "Call your doctor if it gets worse or lasts more than a week."
        ),
        why="Your muscles were still sore at {value} out of 10, {hours} hours after the massage.",
        why_plain="You told us that your muscles are still sore after the massage.",
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
