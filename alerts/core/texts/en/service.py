"""R20-R22, for staff and for who does not answer; and what happens to an account."""

from alerts.core.texts.shape import Text

TEXTS = (
    Text(
        key="staff.followup_missing",
        version=1,
        level=2,
        title="No answer after a massage",
        advice="Contact the patient and ask about pain, numbness and weakness.",
        why="No pain entry came 24 to 72 hours after a massage, and {what}.",
        why_plain="No pain entry came 24 to 72 hours after a massage.",
        phrases={
            "what": {
                "early_rise": "pain had gone up on day one",
                "open_alert": "an alert is open",
            }
        },
        for_staff=True,
    ),
    Text(
        key="remind.diary",
        version=1,
        level=0,
        title="Tell us how you are today",
        advice=(
            "Tell us how you are today. Open the app and make an entry. "
            "Call your doctor if you feel worse than before."
        ),
        why="No entry has come for {days} days.",
        why_plain="No entry has come for some days.",
    ),
    Text(
        key="staff.silent_patient",
        version=1,
        level=3,
        title="A patient with open signs has gone silent",
        advice="Call the patient and ask about pain, numbness and weakness.",
        why="No entry has come for {days} days, and the last ones gave cause for concern.",
        why_plain="No entry has come for some days, and the last ones gave cause for concern.",
        for_staff=True,
    ),
    Text(
        key="chase.patient",
        version=1,
        level=3,
        title="Open your alert now",
        advice=(
            "Open your alert now and do what it says. Do not wait for a call from us. "
            "Then mark the alert as read."
        ),
        why="You have not marked an important alert as read.",
    ),
    Text(
        key="chase.backup",
        version=1,
        level=3,
        title="An urgent alert has no answer",
        advice="Open the list of alerts now and call the patient. Then mark the alert as seen.",
        why="No physician has marked this alert as seen in time.",
        for_staff=True,
    ),
    Text(
        key="account.device_moved",
        version=2,
        level=0,
        title="A device of yours is used by another account",
        advice=(
            "Open the app and look at your list of devices. A device that you used gets the "
            "messages of another account now, and yours no more. "
            "If this was not you, change your password."
        ),
        why="Another account now uses your device.",
    ),
)
