"""Mails to physicians and to whoever is on call: what to open, and no word about whom or what."""

from alerts.core.texts.shape import Mail

_NOT_READ = "Nobody reads answers to this address."
_LAST = "After you, nobody else is told."

MAILS = {
    "now": Mail(
        "A patient needs you now",
        "Open the list of alerts now: {link}\n\n"
        "Call the patient. Then mark the alert as seen.\n\n"
        "If nobody marks it as seen within {minutes} minutes, the next person is told.\n\n"
        f"{_NOT_READ}\n",
    ),
    "today": Mail(
        "A patient needs you today",
        "Open the list of alerts today: {link}\n\n"
        "Call the patient. Then mark the alert as seen.\n\n"
        "If nobody marks it as seen within {hours} hours, the next person is told.\n\n"
        f"{_NOT_READ}\n",
    ),
    "unanswered": Mail(
        "Nobody has answered yet: a patient needs you now",
        "Open the list of alerts now: {link}\n\n"
        "Another physician was told of an urgent alert, and nobody has answered yet. "
        "Call the patient. Then mark the alert as seen.\n\n"
        f"{_LAST}\n\n{_NOT_READ}\n",
    ),
    "silent": Mail(
        "A patient needs your call today",
        'Open the list "To look at" today: {link}\n\n'
        "Call the patient. Then mark the item as seen.\n\n"
        f"Until somebody does, it stays in the list. {_LAST}\n\n{_NOT_READ}\n",
    ),
    "nobody": Mail(
        "A patient needs a physician now",
        "Open the list of alerts now: {link}\n\n"
        "An alert is urgent, and no physician is left who can be told. "
        "Find one who calls the patient. Then name a physician for this patient.\n\n"
        f"{_LAST}\n\n{_NOT_READ}\n",
    ),
    "incident": Mail(
        "The message service needs you now",
        "Open the list of incidents now: {link}\n\n"
        "What happened: {failure}.\n\n"
        "Mark the incident as resolved when it is dealt with: until then, the same failure "
        f"is only counted. {_LAST}\n\n{_NOT_READ}\n",
    ),
}

FAILURES = {
    "rule_failed": "a rule failed, and a diary was not looked at in full",
    "delivery_dead": "a message did not reach the one it was for, and is not tried again",
    "nobody_to_tell": "a patient has nobody who can be told",
    "workers_silent": "work is handed out, and nobody does it",
    "channel_down": "one way of sending messages is down",
    "canary_failed": "the test of the whole service failed",
    "clock_went_back": "the clock of the database went back",
    "unknown": "something failed",
}
