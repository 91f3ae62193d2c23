"""What is said around the findings: push, mail, headlines, the safety net, the consent."""

from alerts.core.texts.shape import Consent, Mail

SAFETY_NET = (
    "Go to the emergency department now if you lose control of your bladder or bowel. "
    "Go now if you feel numb between your legs. "
    "Go now if both legs get weak."
)
SAFETY_NET_NECK = "Go now if you get unsteady on your feet or your hands get clumsy."
IF_STILL_SO = "If this is still so:"
NUMBER_UNKNOWN = "your local emergency number"

HEADLINES = (
    "A note for you",
    "Change how you use massage",
    "Stop massage for now",
    "Call your doctor today",
    "Go to emergency care now",
)

_IMPORTANT = "Important health message. Open now."
_ORDINARY = "You have a new message. Open the app."
PUSH_LINES = (_ORDINARY, _ORDINARY, _IMPORTANT, _IMPORTANT, _IMPORTANT)

_NOT_READ = "Nobody reads answers to this address."
_OPEN_NOW = "Open the app now. It has an important message for you."
_ORDINARY_MAIL = Mail(
    "You have a new message",
    f"Open the app when you can. It has a new message for you.\n\n{_NOT_READ}\n",
)
MAILS = (
    _ORDINARY_MAIL,
    _ORDINARY_MAIL,
    Mail("Important message: open the app", f"{_OPEN_NOW}\n\n{_NOT_READ}\n"),
    Mail(
        "Important message: open the app now",
        f"{_OPEN_NOW}\n\nIf you cannot open it, call your doctor today.\n\n{_NOT_READ}\n",
    ),
    Mail(
        "Important message: open the app now",
        f"{_OPEN_NOW}\n\nIf you cannot open it, call {{emergency_number}} now.\n\n{_NOT_READ}\n",
    ),
)

CONSENT = Consent(
    version="1",
    text="""\
What this is. This app is a diary for adults whose doctor has found a slipped disc. \
It checks what you enter against fixed rules. It can tell you to change or stop massage. \
It can tell you to see a doctor.

What this is not. It is not an emergency service. In an emergency, call {emergency_number}. \
It does not replace your doctor and makes no diagnosis. \
It is not a certified medical device. Nobody watches it day and night. \
A message can come late or not at all. No message does not mean that nothing is wrong. \
If you feel worse, get help and do not wait for the app.

What is stored. We store your email address, your profile and what you enter. \
That is what you feel, your massages and your notes, with every change. \
We store the messages we send you, and the keys of your phone that they need.

Who reads it. You do, and the doctors that are named for you. \
Each time a doctor opens your record, that is written down, and you can see it. \
The people who run the server can reach the data to keep it working. \
Push and mail pass through other firms, so they never say what you feel.

Your choice. You can withdraw this consent in the app at any time. \
Reminders and messages then stop. You can take your data with you. \
You can have it all erased.
""",
)
