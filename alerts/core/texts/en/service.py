"""R20-R22, for staff and for who does not answer; what the service itself has to say."""

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
        key="clearance.not_judged",
        version=1,
        level=2,
        title="Ask your doctor first",
        advice=(
            "Stop massage for now. Ask your doctor before you go on. "
            "Come back later and we will look once more."
        ),
        why="Something failed here, so we could not check this massage.",
    ),
    Text(
        key="clearance.not_known",
        version=1,
        level=1,
        title="Tell us more before the massage",
        advice=(
            "Tell us more in the app before the massage, and look here again. "
            "Until then have no more than a light touch. Ask your doctor if you do not know."
        ),
        why="We could not check everything, for we do not know {what}.",
        why_plain="We could not check everything, for we do not know enough.",
        phrases={
            "what": {
                "R07": "your pain before the massage",
                "R10": "which parts of your body it is for",
                "R11": "if you feel weak or numb",
                "R14": "how hard the touch will be",
                "R15": "when you got up after sitting for long",
            }
        },
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
    Text(
        key="account.device_test",
        version=1,
        level=0,
        title="This is a test message",
        advice=(
            "Open the app and look at your list of devices. You asked there for this test message."
        ),
        why="You asked us to test your device.",
    ),
    Text(
        key="account.new_log_in",
        version=1,
        level=0,
        title="Somebody logged in to your account",
        advice=(
            "Open the app and look at your list of devices if you did not log in just now. "
            "Log out each device that is not yours, and change your password."
        ),
        why="There was a new log-in to your account.",
    ),
    Text(
        key="account.push_off",
        version=1,
        level=0,
        title="Your phone no longer gets our messages",
        advice=(
            "Open the app and switch messages on. Your phone no longer gets our messages. "
            "Until you do, we write to this address."
        ),
        why="The message service of your phone no longer knows your app.",
    ),
)
