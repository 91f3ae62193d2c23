"""What is said around the findings: push, mail, headlines, the safety net."""

from alerts.core.texts.shape import Grammar, Mail

GRAMMAR = Grammar(
    between=", ",
    before_last=" and ",
    date="{day} {month} {year}",
    months=(
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
    between_sentences=" ",
)

SAFETY_NET = (
    "Go to the emergency department now if you lose control of your bladder or bowel. "
    "Go now if you feel numb between your legs. "
    "Go now if both legs get weak."
)
SAFETY_NET_NECK = "Go now if you get unsteady on your feet or your hands get clumsy."
IF_STILL_SO = "If this is still so:"
NUMBER_UNKNOWN = "your local emergency number"

# After "Call your doctor today" and what to say there.
NO_DOCTOR_TODAY = (
    "Have no massage until the doctor says so. If you reach no doctor today, go to urgent care."
)

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
